package suggest

import (
	"bytes"
	"context"
	"crypto/sha256"
)

// SaveOnlyParts writes a model as a training does that is killed before it
// moves the pointer.
func (s *Service) SaveOnlyParts(ctx context.Context, city, version int64, m *Model) error {
	_, err := s.saveParts(ctx, city, version, m.Encode())
	return err
}

// FewLessons is what makes a new training worth the while.
const FewLessons = fewLessons

// CorrectedWeight is how much a corrected lesson counts.
const CorrectedWeight = correctedWeight

// Sealed gives bytes the checksum that Decode asks for.
func Sealed(b []byte) []byte {
	body := b[:max(0, len(b)-sha256.Size)]
	sum := sha256.Sum256(body)
	return append(bytes.Clone(body), sum[:]...)
}

// WeightOf is how much a row of a pack counts.
func WeightOf(r Row) float64 { return r.example().Weight }
