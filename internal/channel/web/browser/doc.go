// Package browser walks through the pages of a running city in a real Chromium,
// as the people who use them do: the journey of a disputed problem, sending
// without scripts, and what only a browser can tell, such as that no story of the
// storybook is refused by axe-core, that no page asks another host for anything,
// and that nothing moves sideways on a small telephone. Its tests are built with
// the tag «browser» and need a built front end:
//
//	go test -tags "browser nodynamic" ./internal/channel/web/browser/
//
// Rules: the city is opened by package app in the test's own process; every
// person has cookies of their own; a test waits for what a person would see, with
// a deadline, and never for time to pass. Where there is no Chromium the tests are
// skipped, except where CI=true. With BROWSER_PICTURES=FOLDER a test that fails leaves
// a picture of the page there.
package browser
