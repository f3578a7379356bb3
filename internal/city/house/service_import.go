package house

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"time"

	"gorod/internal/city/org"
	"gorod/internal/city/place"
	"gorod/internal/city/resident"
	"gorod/internal/platform/fault"
	"gorod/internal/platform/sqldb"
	"gorod/internal/platform/text"
)

// ListImport says how a list of outages is taken.
type ListImport struct {
	Layout Layout
	Source string // "" is the layout's name; with it outages are known again
	Org    org.ID // who stops the resource, "" not told
	// Complete: the list is all that the source has; what it told before and what
	// has not begun is called off where the list lacks it.
	Complete bool
	DryRun   bool // say what would be found; write nothing
}

func (l Layout) resource() Resource {
	return map[Layout]Resource{HotWaterList: HotWater, PowerList: Power, ColdWaterList: ColdWater}[l]
}

// ImportOutages takes a list of outages. A file that is not what it should be is
// not imported at all: Report.Fatal is above zero and nothing was written.
// Addresses that name no house are reported and left out. Each outage is written
// whole, and telling the same list again changes nothing.
func (s *Service) ImportOutages(ctx context.Context, city int64, how ListImport, in io.Reader) (Report, error) {
	var report Report
	var c place.City
	var reg *register
	var districts map[place.AreaID][]string
	err := s.DB.View(ctx, func(tx *sqldb.Tx) error {
		var err error
		if c, err = s.Places.CityIn(tx, city); err != nil {
			return err
		}
		if how.Org != "" {
			if _, err := s.Orgs.FindIn(tx, city, how.Org); err != nil {
				return err
			}
		}
		if districts, err = s.areaNames(tx, city); err != nil {
			return err
		}
		reg, err = s.registerIn(tx, city)
		return err
	})
	if err != nil {
		return report, err
	}
	how.Source = cmp.Or(how.Source, string(how.Layout))
	list := readOutages(how.Layout, in, c.Zone, &report)
	if report.Fatal > 0 {
		return report, nil
	}
	drafts := reg.drafts(list, how, districts, &report)
	if how.DryRun {
		return report, nil
	}
	return report, s.takeList(ctx, city, how, drafts, &report)
}

// drafts looks for the houses of each outage.
func (r *register) drafts(list []told, how ListImport, districts map[place.AreaID][]string, report *Report) []OutageDraft {
	var drafts []OutageDraft
	all := map[place.HouseID]bool{}
	for _, o := range list {
		d := OutageDraft{Resource: how.Layout.resource(), Kind: o.kind, From: o.from, To: o.to, Source: how.Source, Key: o.key, Org: how.Org,
			Reason: text.Excerpt(o.reason, MaxReason)}
		for i, stretch := range o.stretches {
			report.Addresses++
			found, missed := r.match(stretch, districts)
			for _, m := range missed {
				report.add(Trouble{Line: o.lines[i], Reason: m.Why, Args: []any{text.Excerpt(m.Text, 200)}})
			}
			if len(missed) == 0 {
				report.Matched++
			}
			d.Houses = append(d.Houses, found...)
		}
		for _, h := range d.Houses {
			all[h] = true
		}
		if len(d.Houses) > 0 {
			drafts = append(drafts, d)
		}
	}
	report.Houses = len(all)
	slices.SortStableFunc(report.Troubles, func(a, b Trouble) int { return cmp.Compare(a.Line, b.Line) })
	return drafts
}

// areaNames are the folded names of areas, without the word for their kind.
func (s *Service) areaNames(tx *sqldb.Tx, city int64) (map[place.AreaID][]string, error) {
	areas, err := s.Places.AreasIn(tx, city)
	if err != nil {
		return nil, err
	}
	names := make(map[place.AreaID][]string, len(areas))
	for _, a := range areas {
		names[a.ID] = append(names[a.ID], text.Fold(string(a.ID)))
		for _, lang := range slices.Sorted(maps.Keys(a.Name)) {
			names[a.ID] = append(names[a.ID], area(a.Name[lang]))
		}
	}
	return names, nil
}

// takeList writes the outages of a list, each in a transaction of its own, and
// calls off what a complete list lacks.
func (s *Service) takeList(ctx context.Context, city int64, how ListImport, drafts []OutageDraft, report *Report) error {
	machine := resident.Machine(city)
	kept := map[string]bool{}
	for _, d := range drafts {
		kept[d.Key] = true
		err := s.DB.Do(ctx, func(tx *sqldb.Tx) error {
			o, changed, err := s.AnnounceIn(tx, machine, d)
			if err != nil {
				return err
			}
			tx.AfterCommit(func() {
				switch {
				case !changed:
					report.Unchanged++
				case o.Seq == 1:
					report.Added++
				default:
					report.Changed++
				}
			})
			return nil
		})
		if err != nil {
			return fmt.Errorf("take outage %s: %w", d.Key, err)
		}
	}
	if how.Complete {
		if err := s.cancelLacking(ctx, city, how.Source, kept, report); err != nil {
			return err
		}
	}
	if s.Residents == nil || report.Added+report.Changed+report.Cancelled == 0 {
		return nil
	}
	detail := fmt.Sprintf("source=%s;added=%d;changed=%d;cancelled=%d", how.Source, report.Added, report.Changed, report.Cancelled)
	return s.Residents.AuditNow(ctx, machine, resident.Act{Action: OutagesLoaded, Object: "outages", Detail: detail}, resident.From{})
}

// mostOpen bounds the outages of one source that are not over.
const mostOpen = 50_000

func (s *Service) cancelLacking(ctx context.Context, city int64, source string, kept map[string]bool, report *Report) error {
	var open []Outage
	err := s.DB.View(ctx, func(tx *sqldb.Tx) error {
		var err error
		open, err = readOpen(tx, city, source, tx.Micros(), mostOpen)
		return err
	})
	if err != nil {
		return fmt.Errorf("read outages of %s: %w", source, err)
	}
	for _, o := range open {
		if kept[o.Key] || o.Status(s.DB.Now()) != Announced {
			continue
		}
		_, err := s.Cancel(ctx, resident.Machine(city), o.ID, resident.From{})
		if f := fault.Of(err); f != nil && f.Kind == fault.Closed {
			continue // it ended meanwhile
		}
		if err != nil {
			return fmt.Errorf("call outage %d off: %w", o.ID, err)
		}
		report.Cancelled++
	}
	return nil
}

// PassportImport says how a file of passports is taken.
type PassportImport struct {
	Format string // csv or xml; "" is told from the first byte
	Source string // who says so, where the rows do not
	AsOf   string // the day of the data, where the rows do not say: YYYY-MM-DD
	DryRun bool
}

// PassportsLoaded is the action of the audit log.
const PassportsLoaded resident.Action = "passports_imported"

// ImportPassports takes a file of passports into the city's own register, which
// stands beside the pack's. A file that is not what it should be is not imported
// at all; houses and values that are not understood are reported and left out.
func (s *Service) ImportPassports(ctx context.Context, city int64, how PassportImport, in io.Reader) (Report, error) {
	var report Report
	var reg *register
	var districts map[place.AreaID][]string
	err := s.DB.View(ctx, func(tx *sqldb.Tx) error {
		var err error
		if districts, err = s.areaNames(tx, city); err != nil {
			return err
		}
		reg, err = s.registerIn(tx, city)
		return err
	})
	if err != nil {
		return report, err
	}
	if how.AsOf != "" {
		if _, err := time.Parse(time.DateOnly, how.AsOf); err != nil {
			return report, fault.Invalid.Field("as_of", "house.not_date", how.AsOf)
		}
	}
	list := readPassports(how, in, reg, districts, &report)
	slices.SortStableFunc(report.Troubles, func(a, b Trouble) int { return cmp.Compare(a.Line, b.Line) })
	if report.Fatal > 0 || how.DryRun {
		return report, nil
	}
	for part := range slices.Chunk(list, place.Slice) {
		if err := s.putImported(ctx, city, part, &report); err != nil {
			return report, fmt.Errorf("write passports: %w", err)
		}
	}
	if s.Residents == nil || report.Added+report.Changed == 0 {
		return report, nil
	}
	detail := fmt.Sprintf("added=%d;changed=%d", report.Added, report.Changed)
	return report, s.Residents.AuditNow(ctx, resident.Machine(city), resident.Act{Action: PassportsLoaded, Object: "passports", Detail: detail}, resident.From{})
}

func (s *Service) putImported(ctx context.Context, city int64, part []Passport, report *Report) error {
	var added, changed int
	err := s.DB.Do(ctx, func(tx *sqldb.Tx) error {
		added, changed = 0, 0
		var write []Passport
		for _, p := range part {
			had, err := readPassport(tx, city, imported, p.House)
			switch {
			case err != nil && !errors.Is(err, sqldb.ErrNoRow):
				return err
			case err != nil:
				added++
			case same(had, p):
				continue
			default:
				changed++
			}
			write = append(write, p)
		}
		if len(write) == 0 {
			return nil
		}
		return putPassports(tx, city, imported, write)
	})
	if err == nil {
		report.Added += added
		report.Changed += changed
		report.Unchanged += len(part) - added - changed
	}
	return err
}
