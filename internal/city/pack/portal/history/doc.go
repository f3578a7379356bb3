// Package history reads the recorded histories of the portal «Наш
// Санкт-Петербург»: a JSON object a line, one problem with everything that
// happened to it, as the portal's public API told it.
//
// It knows the file, not what is done with it: a pack learns from it which
// organisations and topics people met (package portal), a replay turns it into
// commands.
package history
