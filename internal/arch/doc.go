// Package arch keeps the house in order: a test that reads the source tree and
// fails where a rule of the design is broken.
//
// What it keeps:
//   - layers: cmd → app → channel → city → platform → std, inward only; channels
//     do not import each other; platform packages import each other only by the
//     edges listed here; capabilities only upstream in the order listed here
//   - files: inside a capability only some files know the database, only store
//     files hold SQL, doc.go is there; no package named util and the like; no init
//   - schema: migration numbers are unique, variants come in pairs, every table
//     is led by its city or is listed with a reason
//   - text: relative links lead somewhere; no host of a package registry, no
//     path of a build machine, no note of work to do without an issue's number
//   - documentation: every package and every exported name has its comment
//   - size: no file over 600 lines, no function over 120
//
// Each rule is a function over a tree of files, so that a planted violation can
// prove that it is found. The tables of exceptions carry a reason each; adding
// a line there is a decision to be argued for in review.
package arch
