//go:build !amd64

package suggest

// sumRows adds rows of a matrix, as wide as sums are long, to sums.
func sumRows(sums []int16, whole []int8, rows []uint32) {
	for _, r := range rows {
		row := whole[int(r)*len(sums):][:len(sums)]
		for i, v := range row {
			sums[i] += int16(v)
		}
	}
}

func (s *sieve) part(bins *[features][lanes]int16, leaves [][lanes]uint16) { s.plain(bins, leaves) }
