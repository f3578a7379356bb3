package sqldb

import (
	"context"
	"fmt"
	"sync"
)

const (
	idSequence  = "row"
	idBlockSize = 1000
	idLowWater  = 300 // more ids than the commands of one group need
)

// idBlock is a run of numbers that belong to this process.
type idBlock struct {
	mu   sync.Mutex
	next int64
	end  int64 // exclusive
}

func (b *idBlock) take() (int64, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.next >= b.end {
		return 0, false
	}
	b.next++
	return b.next - 1, true
}

func (b *idBlock) left() int64 {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.end - b.next
}

// fill replaces what is left; the numbers skipped are a gap.
func (b *idBlock) fill(from, n int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.next, b.end = from, from+n
}

// reserve takes n numbers from a named sequence and returns the first.
func reserve(tx *Tx, sequence string, n int64) (int64, error) {
	end, err := One(tx, Int, `
		INSERT INTO sequence (name, next) VALUES ($1, 1 + $2)
		ON CONFLICT (name) DO UPDATE SET next = sequence.next + $2
		RETURNING next`, sequence, n)
	if err != nil {
		return 0, fmt.Errorf("reserve %d numbers of %s: %w", n, sequence, err)
	}
	return end - n, nil
}

// Reserve takes n numbers from a named sequence in a transaction of its own
// and returns the first. Numbers reserved and not used are a gap.
func (db *DB) Reserve(ctx context.Context, sequence string, n int64) (int64, error) {
	var from int64
	err := db.Do(ctx, func(tx *Tx) error {
		var err error
		from, err = reserve(tx, sequence, n)
		return err
	})
	return from, err
}
