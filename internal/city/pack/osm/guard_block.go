package osm

import (
	"errors"
	"fmt"
	"slices"
)

// blockCheck looks at one block of elements.
type blockCheck struct {
	keep    want
	strings uint64
	out     []byte
	// what was met so far
	elements, tags, refs, members int
}

// any tells whether a block has an element that a pass needs.
func (k want) any(raw []byte) (needed bool, err error) {
	err = fields(raw, func(f field) error {
		if f.number != 2 || f.wire != wireBytes {
			return nil
		}
		return fields(f.body, func(e field) error {
			needed = needed || e.number <= 2 && k.nodes || e.number == 3 && k.ways || e.number == 4 && k.relations
			return nil
		})
	})
	return needed, err
}

// checkBlock gives a block with what a pass needs of it, checked; nil where that
// is nothing.
func checkBlock(raw []byte, keep want) ([]byte, error) {
	if needed, err := keep.any(raw); err != nil || !needed {
		return nil, err
	}
	c := &blockCheck{keep: keep}
	tables := 0
	err := fields(raw, func(f field) error {
		switch f.number {
		case 1:
			if tables++; tables > 1 || f.wire != wireBytes {
				return errors.New("more than one table of strings")
			}
			c.out = append(c.out, f.raw...)
			return fields(f.body, func(s field) error {
				if c.strings++; c.strings > maxStrings {
					return errors.New("more strings than any map has")
				}
				if s.number != 1 || s.wire != wireBytes {
					return errPacked
				}
				return nil
			})
		case 17, 19, 20: // granularity and offsets
			if f.wire != wireVarint {
				return errPacked
			}
			c.out = append(c.out, f.raw...)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	err = fields(raw, func(f field) error {
		if f.number != 2 {
			return nil
		}
		if f.wire != wireBytes {
			return errPacked
		}
		return c.group(f.body)
	})
	return c.out, err
}

func (c *blockCheck) group(body []byte) error {
	var group []byte
	err := fields(body, func(f field) error {
		var err error
		var clean []byte
		if f.number >= 1 && f.number <= 4 && f.wire != wireBytes {
			return errPacked
		}
		switch {
		case f.number == 1:
			return errors.New("nodes that stand singly, not dense; `osmium cat IN -o OUT.osm.pbf` packs them")
		case f.number == 2 && c.keep.nodes:
			clean, err = c.dense(f.body)
		case f.number == 3 && c.keep.ways:
			clean, err = c.way(f.body)
		case f.number == 4 && c.keep.relations:
			clean, err = c.relation(f.body)
		default:
			return nil
		}
		if err != nil {
			return err
		}
		group = appendBytes(group, f.number, clean)
		return nil
	})
	if err == nil && len(group) > 0 {
		c.out = appendBytes(c.out, 2, group)
	}
	return err
}

// parts are the fields of one element by their numbers.
type parts [11]field

// partsOf collects the fields of an element: the id, which is a number, and
// lists of numbers. Each may occur once.
func partsOf(body []byte, id bool, lists ...int) (*parts, error) {
	found := &parts{}
	err := fields(body, func(f field) error {
		wire := wireBytes
		if id && f.number == 1 {
			wire = wireVarint
		} else if !slices.Contains(lists, f.number) {
			return nil
		}
		if f.wire != wire {
			return errPacked
		}
		if found[f.number].raw != nil {
			return errTwice
		}
		found[f.number] = f
		return nil
	})
	return found, err
}

// count adds to what was met, within a limit.
func (c *blockCheck) count(met *int, n, limit int, what string) error {
	if *met += n; *met > limit {
		return fmt.Errorf("more than %d %s", limit, what)
	}
	return nil
}

func (c *blockCheck) known(index uint64) error {
	if index >= c.strings {
		return fmt.Errorf("string %d of %d", index, c.strings)
	}
	return nil
}

func (c *blockCheck) dense(body []byte) ([]byte, error) {
	found, err := partsOf(body, false, 1, 8, 9, 10)
	if err != nil {
		return nil, fmt.Errorf("nodes: %w", err)
	}
	var counts [3]int
	for i, n := range []int{1, 8, 9} {
		if counts[i], err = numbers(found[n].body, nil); err != nil {
			return nil, fmt.Errorf("nodes: %w", err)
		}
	}
	if counts[0] != counts[1] || counts[0] != counts[2] {
		return nil, fmt.Errorf("nodes: %d ids with %d latitudes and %d longitudes", counts[0], counts[1], counts[2])
	}
	if err := c.count(&c.elements, counts[0], maxInBlock, "elements"); err != nil {
		return nil, err
	}
	var out []byte
	for _, n := range []int{1, 8, 9} {
		out = appendBytes(out, n, found[n].body)
	}
	if len(found[10].body) == 0 {
		return out, nil
	}
	ends, odd := 0, false
	pairs, err := numbers(found[10].body, func(v uint64) error {
		if v == 0 && !odd {
			ends++
			return nil
		}
		odd = !odd
		return c.known(v)
	})
	if err == nil && (odd || ends != counts[0]) {
		err = fmt.Errorf("tags of %d for %d", ends, counts[0])
	}
	if err == nil {
		err = c.count(&c.tags, pairs/2, maxTags, "tags")
	}
	if err != nil {
		return nil, fmt.Errorf("nodes: %w", err)
	}
	return appendBytes(out, 10, found[10].body), nil
}

// tagged checks keys and values, which way and relation have in fields 2 and 3,
// and gives them with the id.
func (c *blockCheck) tagged(found *parts) ([]byte, error) {
	if err := c.count(&c.elements, 1, maxInBlock, "elements"); err != nil {
		return nil, err
	}
	if found[1].raw == nil {
		return nil, errors.New("no id")
	}
	out := append([]byte(nil), found[1].raw...)
	keys, err := numbers(found[2].body, c.known)
	if err != nil {
		return nil, err
	}
	values, err := numbers(found[3].body, c.known)
	if err != nil {
		return nil, err
	}
	if keys != values {
		return nil, fmt.Errorf("%d keys with %d values", keys, values)
	}
	if err := c.count(&c.tags, keys, maxTags, "tags"); err != nil || keys == 0 {
		return out, err
	}
	return appendBytes(appendBytes(out, 2, found[2].body), 3, found[3].body), nil
}

func (c *blockCheck) way(body []byte) ([]byte, error) {
	found, err := partsOf(body, true, 2, 3, 8)
	if err != nil {
		return nil, fmt.Errorf("way: %w", err)
	}
	out, err := c.tagged(found)
	if err != nil {
		return nil, fmt.Errorf("way %d: %w", int64(found[1].value), err)
	}
	refs, err := numbers(found[8].body, nil)
	if err == nil {
		err = c.count(&c.refs, refs, maxRefs, "nodes of ways")
	}
	if err != nil || refs == 0 {
		return out, err
	}
	return appendBytes(out, 8, found[8].body), nil
}

func (c *blockCheck) relation(body []byte) ([]byte, error) {
	found, err := partsOf(body, true, 2, 3, 8, 9, 10)
	if err != nil {
		return nil, fmt.Errorf("relation: %w", err)
	}
	fail := func(err error) ([]byte, error) {
		return nil, fmt.Errorf("relation %d: %w", int64(found[1].value), err)
	}
	out, err := c.tagged(found)
	if err != nil {
		return fail(err)
	}
	roles, err := numbers(found[8].body, c.known)
	if err != nil {
		return fail(err)
	}
	ids, err := numbers(found[9].body, nil)
	if err != nil {
		return fail(err)
	}
	kinds, err := numbers(found[10].body, func(v uint64) error {
		if v > 2 {
			return fmt.Errorf("a member of kind %d", v)
		}
		return nil
	})
	if err != nil {
		return fail(err)
	}
	if roles != ids || roles != kinds {
		return fail(fmt.Errorf("%d roles, %d ids and %d kinds of members", roles, ids, kinds))
	}
	if err := c.count(&c.members, roles, maxMembers, "members"); err != nil || roles == 0 {
		return out, err
	}
	for _, n := range []int{8, 9, 10} {
		out = appendBytes(out, n, found[n].body)
	}
	return out, nil
}
