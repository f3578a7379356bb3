package app

import (
	"compress/gzip"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"gorod/internal/city/pack"
	"gorod/internal/city/pack/portal/history"
)

// clockFile holds how far the clock of a data folder is behind the world's. Only
// the demo of a city with recorded histories has one: it lives on in the days
// after them, so that terms run, figures of the last days are there, and not
// everything is years overdue.
const clockFile = "clock"

// week is what the clock is set back by: days of the week stay what they are.
const week = 7 * 24 * time.Hour

// SetDemoClock sets the clock of a demo's data folder to the days after the last
// entry of the histories in its pack, once: later starts find it running on. A
// pack without histories leaves the clock alone.
func SetDemoClock(data string, files fs.FS, now time.Time) error {
	path := filepath.Join(data, clockFile)
	if _, err := os.Stat(path); err == nil {
		return nil
	}
	end, err := lastEntry(files)
	if err != nil || end.IsZero() {
		return err
	}
	behind := max(now.Sub(end).Truncate(week), 0)
	return os.WriteFile(path, []byte(behind.String()+"\n"), 0o600)
}

// keptClock is the clock of a data folder; nil when it is the world's.
func keptClock(data string) (func() time.Time, error) {
	body, err := os.ReadFile(filepath.Join(data, clockFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read clock of the demo: %w", err)
	}
	behind, err := time.ParseDuration(strings.TrimSpace(string(body)))
	if err != nil {
		return nil, fmt.Errorf("read clock of the demo: %w", err)
	}
	return func() time.Time { return time.Now().Add(-behind) }, nil
}

// lastEntry is when the recorded histories of a pack end; zero without any.
func lastEntry(files fs.FS) (time.Time, error) {
	var end time.Time
	file, err := files.Open(pack.HistoriesFile)
	if errors.Is(err, fs.ErrNotExist) {
		return end, nil
	}
	if err != nil {
		return end, fmt.Errorf("open histories of the pack: %w", err)
	}
	defer file.Close()
	unzipped, err := gzip.NewReader(file)
	if err != nil {
		return end, fmt.Errorf("read histories of the pack: %w", err)
	}
	lines := history.Lines(unzipped)
	for lines.Scan() {
		h, err := history.Decode(lines.Bytes())
		if err != nil {
			return end, err
		}
		for _, e := range h.Events {
			if at, err := history.Time(e.At); err == nil && at.After(end) {
				end = at
			}
		}
	}
	return end, lines.Err()
}
