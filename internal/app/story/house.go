package story

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"gorod/internal/city/house"
	"gorod/internal/city/pack"
	"gorod/internal/city/place"
	"gorod/internal/city/resident"
)

// Houses plays what happens to houses: outages and what companies tell, each at
// its own moment, so that a house shows every state on the day of the demo.
type Houses struct {
	City   place.City
	Houses *house.Service
}

// deed is one act at its moment.
type deed struct {
	at time.Time
	do func(ctx context.Context, s *house.Service) error
}

// Play plays what lies before now. Playing it again changes nothing.
func (p *Houses) Play(ctx context.Context, scenes []pack.HouseScene, now time.Time) error {
	var deeds []deed
	for _, s := range scenes {
		more, err := p.deeds(ctx, s, now)
		if err != nil {
			return fmt.Errorf("scene %s: %w", s.Key, err)
		}
		deeds = append(deeds, more...)
	}
	slices.SortStableFunc(deeds, func(a, b deed) int { return cmp.Compare(a.at.UnixNano(), b.at.UnixNano()) })
	for _, d := range deeds {
		if !d.at.Before(now) {
			continue
		}
		if err := d.do(ctx, p.Houses.Under(p.Houses.DB.At(func() time.Time { return d.at }))); err != nil {
			return err
		}
	}
	return nil
}

const storySource = "story"

func (p *Houses) deeds(ctx context.Context, s pack.HouseScene, now time.Time) ([]deed, error) {
	clock, err := time.Parse("15:04", s.Time)
	if err != nil {
		return nil, err
	}
	day := now.In(p.City.Zone).AddDate(0, 0, s.Day)
	from := time.Date(day.Year(), day.Month(), day.Day(), clock.Hour(), clock.Minute(), 0, 0, p.City.Zone)
	var houses []place.HouseID
	if s.Addresses != "" {
		var missed []house.Miss
		if houses, missed, err = p.Houses.Match(ctx, p.City.ID, s.Addresses); err != nil {
			return nil, err
		}
		if len(missed) > 0 {
			return nil, fmt.Errorf("no such house: %s", missed[0].Text)
		}
	}
	if s.Do == "outage" {
		return p.outage(s, from, houses), nil
	}
	d := house.EntryDraft{Kind: house.EntryKind(s.Do), Retry: s.Key, Source: storySource, Org: s.Org, Title: s.Title, Text: s.Text,
		Houses: houses, All: s.Addresses == "", From: from}
	if s.Hours > 0 {
		d.Until = from.Add(time.Duration(s.Hours) * time.Hour)
	}
	return []deed{{from.Add(-time.Duration(s.Told) * time.Hour), func(ctx context.Context, h *house.Service) error {
		_, err := h.Write(ctx, resident.Machine(p.City.ID), d, resident.From{})
		return err
	}}}, nil
}

func (p *Houses) outage(s pack.HouseScene, from time.Time, houses []place.HouseID) []deed {
	machine := resident.Machine(p.City.ID)
	d := house.OutageDraft{Resource: s.Resource, Kind: s.Kind, From: from, Source: storySource, Key: s.Key, Org: s.Org,
		Reason: strings.TrimSpace(s.Text), Houses: houses}
	if s.Hours > 0 {
		d.To = from.Add(time.Duration(s.Hours) * time.Hour)
	}
	told := from.Add(-time.Duration(s.Told) * time.Hour)
	// id finds the outage again; the same draft changes nothing.
	id := func(ctx context.Context, h *house.Service) (int64, error) {
		o, err := h.Announce(ctx, machine, d, resident.From{})
		return o.ID, err
	}
	deeds := []deed{{told, func(ctx context.Context, h *house.Service) error { _, err := id(ctx, h); return err }}}
	if s.Off {
		return append(deeds, deed{told.Add(time.Hour), func(ctx context.Context, h *house.Service) error {
			key, err := id(ctx, h)
			if err == nil {
				_, err = h.Cancel(ctx, machine, key, resident.From{})
			}
			return err
		}})
	}
	if s.EndHours > 0 {
		end := from.Add(time.Duration(s.EndHours) * time.Hour)
		deeds = append(deeds, deed{end, func(ctx context.Context, h *house.Service) error {
			key, err := id(ctx, h)
			if err == nil {
				_, err = h.End(ctx, machine, key, end, resident.From{})
			}
			return err
		}})
	}
	return deeds
}
