package place

import (
	"math"
	"strings"

	"gorod/internal/platform/geo"
)

// A corner house stands at two streets under a number of each, and the register
// has it at one: «Гаванская улица, 2/97» is also Большой проспект, 97/2. Which
// is the other street, registers do not say; the houses around it do.

const (
	// cornerReach is how far the nearest house of the other street may be, in metres.
	cornerReach = 300
	// cornerNumbers is how many numbers it may be away.
	cornerNumbers = 12
	// metresApart is what a number away counts as, beside metres.
	metresApart = 10
	// mostInCell bounds the work where a register puts many houses on one spot: in
	// real cities a cell holds some hundred.
	mostInCell = 500
	// cornerCell is the side of a cell of the grid, in degrees of latitude; of
	// longitude twice as much. It is not less than cornerReach up to 63° north.
	cornerCell = 0.0027
)

// cell is a cell of the grid in which houses are looked for.
type cell struct{ y, x int32 }

func cellOf(p geo.Point) cell {
	return cell{int32(math.Floor(p.Lat / cornerCell)), int32(math.Floor(p.Lon / (2 * cornerCell)))}
}

// cornered is a house with two numbers.
type cornered struct {
	house  int32
	street int32
	point  geo.Point
	second int // its number in the other street
}

// otherNumber is 97 of 2/97, 0 for a house that has one number.
func otherNumber(key string) int {
	own, _, _ := strings.Cut(key, "|")
	first, second, ok := strings.Cut(own, "/")
	if !ok || leading(first) == 0 {
		return 0
	}
	return leading(second)
}

// swapped is the number of a corner house as its other street has it.
func swapped(key string) string {
	own, rest, _ := strings.Cut(key, "|")
	parts := strings.SplitN(own, "/", 3)
	parts[0], parts[1] = parts[1], parts[0]
	return strings.Join(parts, "/") + "|" + rest
}

// addCorners writes each corner house at its other street too. points and
// streets are those of the houses of the index.
func (x *addresses) addCorners(points []geo.Point) {
	streets := make([]int32, len(x.ids))
	var corners []cornered
	wanted := map[cell]bool{}
	for s := range x.streets {
		for i := x.streets[s].from; i < x.streets[s].to; i++ {
			streets[i] = int32(s)
			second := otherNumber(x.key(i))
			if second == 0 {
				continue
			}
			corners = append(corners, cornered{i, int32(s), points[i], second})
			for _, c := range cellOf(points[i]).around() {
				wanted[c] = true
			}
		}
	}
	grid := map[cell][]int32{}
	for i, p := range points {
		if c := cellOf(p); wanted[c] && len(grid[c]) < mostInCell {
			grid[c] = append(grid[c], int32(i))
		}
	}
	for _, c := range corners {
		if at := x.otherStreet(c, streets, points, grid); at >= 0 {
			x.streets[at].corners = append(x.streets[at].corners, c.house)
		}
	}
}

// around lists a cell and its neighbours.
func (c cell) around() []cell {
	var list []cell
	for y := c.y - 1; y <= c.y+1; y++ {
		for x := c.x - 1; x <= c.x+1; x++ {
			list = append(list, cell{y, x})
		}
	}
	return list
}

// otherStreet finds the street at whose number a corner house stands too, -1
// where none is near enough.
func (x *addresses) otherStreet(c cornered, streets []int32, points []geo.Point, grid map[cell][]int32) int32 {
	best, at := math.Inf(1), int32(-1)
	for _, near := range cellOf(c.point).around() {
		for _, i := range grid[near] {
			if streets[i] == c.street {
				continue
			}
			n := leading(x.key(i))
			apart := max(n-c.second, c.second-n)
			if n == 0 || apart > cornerNumbers {
				continue
			}
			metres := c.point.Distance(points[i])
			if worth := metres + float64(apart*metresApart); metres <= cornerReach && worth < best {
				best, at = worth, streets[i]
			}
		}
	}
	return at
}
