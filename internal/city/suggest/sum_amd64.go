package suggest

import "slices"

// addRowsSSE adds n rows, each of width numbers of 8 bits, to sums of 16 bits; n
// is not 0, width a multiple of 16. SSE2 is part of every amd64 processor.
//
//go:noescape
func addRowsSSE(sums *int16, whole *int8, rows *uint32, n, width int)

// sumRows adds rows of a matrix, as wide as sums are long (a multiple of 16), to
// sums.
func sumRows(sums []int16, whole []int8, rows []uint32) {
	if len(rows) > 0 {
		_ = whole[(int(slices.Max(rows))+1)*len(sums)-1]
		addRowsSSE(&sums[0], &whole[0], &rows[0], len(rows), len(sums))
	}
}

// sieveSSE clears for each tree the leaves that a block of candidates cannot
// reach: see sieve. ends are those of the nodes of each tree; trees is how many
// there are.
//
//go:noescape
func sieveSSE(nodes *sieveNode, ends *uint32, trees int, bins *int16, leaves *uint16)

func (s *sieve) part(bins *[features][lanes]int16, leaves [][lanes]uint16) {
	if len(s.nodes) == 0 {
		s.plain(bins, leaves)
		return
	}
	sieveSSE(&s.nodes[0], &s.ends[0], len(s.ends), &bins[0][0], &leaves[0][0])
}
