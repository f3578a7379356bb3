package main

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"sync"
	"time"
)

// bar shows on a terminal how far something is; elsewhere it prints a line
// every ten seconds.
type bar struct {
	mu       sync.Mutex
	out      io.Writer
	what     string
	terminal bool
	last     time.Time
	started  time.Time
}

func newBar(out io.Writer, what string) *bar {
	return &bar{out: out, what: what, terminal: isTerminal(out), started: time.Now(), last: time.Now()}
}

// isTerminal tells whether a person looks at a writer, here or at the other
// end of a socket.
func isTerminal(out io.Writer) bool {
	switch out := out.(type) {
	case *os.File:
		info, err := out.Stat()
		return err == nil && info.Mode()&os.ModeCharDevice != 0
	case interface{ Terminal() bool }:
		return out.Terminal()
	}
	return false
}

// set says how much is done of a total; total 0 is unknown.
func (b *bar) set(done, total int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if time.Since(b.last) < b.pause() {
		return
	}
	b.last = time.Now()
	b.print(done, total)
}

// of is set for one of several things in a row.
func (b *bar) of(what string, done, total int) {
	b.mu.Lock()
	if b.what != what {
		b.what, b.started = what, time.Now()
	}
	b.mu.Unlock()
	b.set(done, total)
}

// share says which part of something is done, 0 to 1, where nothing is counted.
func (b *bar) share(done float64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if time.Since(b.last) < b.pause() {
		return
	}
	b.last = time.Now()
	b.write(fmt.Sprintf("%s [%s] %.0f %%, %.0f s", b.what, boxes(int(barWidth*done)), 100*done, time.Since(b.started).Seconds()))
}

// pause is how long it says nothing new.
func (b *bar) pause() time.Duration {
	if b.terminal {
		return 200 * time.Millisecond
	}
	return 10 * time.Second
}

const barWidth = 30

func boxes(full int) string {
	full = min(max(full, 0), barWidth)
	return strings.Repeat("█", full) + strings.Repeat("·", barWidth-full)
}

func (b *bar) print(done, total int) {
	rate := float64(done) / time.Since(b.started).Seconds()
	line := fmt.Sprintf("%s %d, %.0f/s", b.what, done, rate)
	if total > 0 {
		line = fmt.Sprintf("%s [%s] %d of %d, %.0f/s", b.what, boxes(barWidth*done/total), done, total, rate)
	}
	b.write(line)
}

func (b *bar) write(line string) {
	if b.terminal {
		fmt.Fprintf(b.out, "\r\x1b[K%s", line)
		return
	}
	fmt.Fprintln(b.out, line)
}

func (b *bar) end() {
	if b.terminal {
		fmt.Fprint(b.out, "\r\x1b[K")
	}
}

func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }
