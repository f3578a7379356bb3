// Package org knows the organisations that act for the city: authorities,
// institutions, managing companies, suppliers and inspectorates.
//
// # Rules
//
//   - An organisation is never deleted, only closed (Open): old problems still
//     name it, new ones do not go to it.
//   - Organisations come with a version of the pack. An administrator may edit
//     one between two packs: the version in force changes then, and the next
//     pack brings its own text again. So the edit belongs into the pack too.
//
// # Table
//
// organisation: a row an organisation and version; the organisation itself is
// JSON, because it is always read whole. All of a version are kept in memory
// under their edition (place.Editions).
//
// Names, phones and hours are public. Loading is for package pack, saving for
// administrators; the callers check that.
package org
