//go:build !unix

package main

import "time"

// cpuTime is not known here: nothing is measured.
func cpuTime() time.Duration { return 0 }
