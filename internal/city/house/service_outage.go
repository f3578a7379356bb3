package house

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"gorod/internal/city/org"
	"gorod/internal/city/place"
	"gorod/internal/city/resident"
	"gorod/internal/city/topic"
	"gorod/internal/platform/event"
	"gorod/internal/platform/fault"
	"gorod/internal/platform/sqldb"
	"gorod/internal/platform/text"
)

// Actions of the audit log.
const (
	OutageTold    resident.Action = "outage_told"
	OutageEnded   resident.Action = "outage_ended"
	OutageOff     resident.Action = "outage_cancelled"
	OutagesLoaded resident.Action = "outages_imported"
)

func (s *Service) publish(tx *sqldb.Tx, city int64, kind string, subject, seq int64) error {
	return s.Bus.Publish(tx, event.Event{City: city, Kind: kind, Subject: subject, Seq: seq})
}

// OutagesAt lists the outages of a house: active, announced, and over or
// cancelled within RecentDays, in the order of a Card.
func (s *Service) OutagesAt(ctx context.Context, city int64, house place.HouseID, now time.Time) ([]Outage, error) {
	var list []Outage
	err := s.DB.View(ctx, func(tx *sqldb.Tx) error {
		var err error
		list, err = s.outagesIn(tx, city, house, now)
		return err
	})
	return list, err
}

func (s *Service) outagesIn(tx *sqldb.Tx, city int64, house place.HouseID, now time.Time) ([]Outage, error) {
	list, err := readAtHouse(tx, city, house, now.AddDate(0, 0, -RecentDays).UnixMicro())
	if err != nil {
		return nil, fmt.Errorf("read outages of house %d: %w", house, err)
	}
	slices.SortStableFunc(list, func(a, b Outage) int { return byUrgency(a, b, now) })
	return list, nil
}

// byUrgency puts what is off now first, what broke before what was planned, then
// what will be, then what was.
func byUrgency(a, b Outage, now time.Time) int {
	rank := func(o Outage) int { return min(slices.Index([]Status{Active, Announced, Over}, o.Status(now))&3, 2) }
	if c := cmp.Compare(rank(a), rank(b)); c != 0 {
		return c
	}
	if rank(a) == 2 {
		x, _ := a.End()
		y, _ := b.End()
		return y.Compare(x)
	}
	if c := cmp.Compare(broke(b), broke(a)); c != 0 && rank(a) == 0 {
		return c
	}
	return cmp.Or(a.Start().Compare(b.Start()), cmp.Compare(a.ID, b.ID))
}

// broke is 1 for an outage that nobody planned.
func broke(o Outage) int {
	if o.Kind == Emergency {
		return 1
	}
	return 0
}

// Known lists the active outages of a house that explain a topic: who is about
// to report it is told before sending. Empty where the topic is about no resource.
func (s *Service) Known(ctx context.Context, city int64, house place.HouseID, about topic.ID, now time.Time) ([]Outage, error) {
	r, err := s.ResourceOf(ctx, city, about)
	if err != nil || r == "" {
		return nil, err
	}
	return s.KnownOf(ctx, city, house, r, now)
}

// KnownOf is Known for a resource.
func (s *Service) KnownOf(ctx context.Context, city int64, house place.HouseID, r Resource, now time.Time) ([]Outage, error) {
	var list []Outage
	err := s.DB.View(ctx, func(tx *sqldb.Tx) error {
		all, err := readAtHouse(tx, city, house, now.UnixMicro())
		list = slices.DeleteFunc(all, func(o Outage) bool { return o.Resource != r || o.Status(now) != Active })
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read outages of house %d: %w", house, err)
	}
	slices.SortFunc(list, func(a, b Outage) int { return byUrgency(a, b, now) })
	return list, nil
}

const (
	currentListed = 100
	currentMost   = 500
	currentRead   = 20_000 // rows that a narrow filter may look at
)

// Current lists the outages of a city that are announced or active, by the end
// of each.
func (s *Service) Current(ctx context.Context, city int64, now time.Time, f OutageFilter) ([]Outage, error) {
	limit := min(cmp.Or(max(f.Limit, 0), currentListed), currentMost)
	since, after := now.UnixMicro(), int64(noEnd)
	if f.Over {
		since = now.AddDate(0, 0, -RecentDays).UnixMicro()
	}
	var list []Outage
	err := s.DB.View(ctx, func(tx *sqldb.Tx) error {
		list = nil
		if f.After != 0 {
			last, err := readOutage(tx, city, f.After)
			if err != nil {
				return fmt.Errorf("read outage %d: %w", f.After, noOutage(err))
			}
			end, _ := last.End()
			if micros(end) >= since {
				since, after = micros(end), last.ID
			}
		}
		for read := 0; read < currentRead; {
			page, err := readCurrent(tx, city, since, after, currentMost)
			if err != nil {
				return err
			}
			for _, o := range page {
				end, _ := o.End()
				since, after = micros(end), o.ID
				if f.takes(o) && (f.Over || o.Status(now) != Cancelled) {
					list = append(list, o)
				}
				if len(list) == limit {
					return nil
				}
			}
			if read += len(page); len(page) < currentMost {
				return nil
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("list outages: %w", err)
	}
	return list, nil
}

func noOutage(err error) error {
	if errors.Is(err, sqldb.ErrNoRow) {
		return fault.Missing.New("house.no_outage")
	}
	return err
}

// Outage gives one outage; one that is not there is a Missing fault.
func (s *Service) Outage(ctx context.Context, city, id int64) (Outage, error) {
	var o Outage
	err := s.DB.View(ctx, func(tx *sqldb.Tx) error {
		var err error
		o, err = readOutage(tx, city, id)
		return noOutage(err)
	})
	return o, err
}

const (
	housesListed = 200
	housesMost   = 1000
)

// HousesOf lists houses of an outage in the order of their ids, at most limit
// (0: 200).
func (s *Service) HousesOf(ctx context.Context, city, outage int64, after place.HouseID, limit int) ([]place.House, error) {
	var list []place.House
	err := s.DB.View(ctx, func(tx *sqldb.Tx) error {
		ids, err := readOutageHouses(tx, city, outage, after, min(cmp.Or(max(limit, 0), housesListed), housesMost))
		if err != nil {
			return fmt.Errorf("read houses of outage %d: %w", outage, err)
		}
		list, err = s.Places.SomeHousesIn(tx, city, ids)
		return err
	})
	return list, err
}

// History is what happened to an outage, oldest first.
func (s *Service) History(ctx context.Context, city, outage int64) ([]Change, error) {
	var list []Change
	err := s.DB.View(ctx, func(tx *sqldb.Tx) error {
		var err error
		list, err = readChanges(tx, city, outage)
		return err
	})
	return list, err
}

// maySwitch tells whether somebody may speak of outages of an organisation.
func maySwitch(who resident.Who, o org.ID) bool {
	return who.System || who.Has(resident.Administrator) || who.Has(resident.Operator) || MayWrite(who, o)
}

// StaffSource is the source of what people type in.
const StaffSource = "staff"

func (d OutageDraft) clean() (OutageDraft, error) {
	var form fault.Form
	if !slices.Contains(Resources(), d.Resource) {
		form.Add("resource", "house.bad_resource")
	}
	if !slices.Contains(Kinds(), d.Kind) {
		form.Add("kind", "house.bad_kind")
	}
	if d.From.IsZero() {
		form.Add("from", "house.from_needed")
	}
	if !d.To.IsZero() && !d.To.After(d.From) {
		form.Add("to", "house.ends_before")
	}
	if !d.Ended.IsZero() && d.Ended.Before(cmp.Or(d.Begun, d.From)) {
		form.Add("ended", "house.ends_before")
	}
	var err error
	if d.Reason, err = text.Trim(d.Reason, MaxReason); err != nil {
		form.Add("reason", "house.long_text", MaxReason)
	}
	if d.OrgText, err = text.Trim(d.OrgText, MaxTitle); err != nil {
		form.Add("organisation", "house.long_text", MaxTitle)
	}
	d.Source = cmp.Or(d.Source, StaffSource)
	if d.Key == "" || len(d.Key) > MaxTitle {
		form.Add("key", "house.key_needed")
	}
	d.Houses = slices.Clone(d.Houses)
	slices.Sort(d.Houses)
	d.Houses = slices.Compact(d.Houses)
	if len(d.Houses) == 0 || len(d.Houses) > MaxOfOutage {
		form.Add("houses", "house.houses_needed", MaxOfOutage)
	}
	// The database keeps microseconds.
	for _, t := range []*time.Time{&d.From, &d.To, &d.Begun, &d.Ended, &d.Noticed} {
		if !t.IsZero() {
			*t = t.UTC().Truncate(time.Microsecond)
		}
	}
	return d, form.Err()
}

// Announce takes an outage from its source, new or told again (Source and Key).
// Who may: the city itself, operators, administrators, and executors of the
// organisation that stops the resource. What is wrong is an Invalid fault at the
// field. Who supplies a resource may name any house of the city; a company that
// manages houses only those.
func (s *Service) Announce(ctx context.Context, who resident.Who, d OutageDraft, from resident.From) (Outage, error) {
	var o Outage
	err := s.DB.Do(ctx, func(tx *sqldb.Tx) error {
		var changed bool
		var err error
		if o, changed, err = s.AnnounceIn(tx, who, d); err != nil || !changed {
			return err
		}
		return s.audit(tx, who, OutageTold, o, from)
	})
	return o, err
}

// audit writes down what people do; imports write one line for a file.
func (s *Service) audit(tx *sqldb.Tx, who resident.Who, action resident.Action, o Outage, from resident.From) error {
	if who.System || s.Residents == nil {
		return nil
	}
	detail := fmt.Sprintf("version=%d;resource=%s;houses=%d", o.Seq, o.Resource, o.Houses)
	return s.Residents.AuditIn(tx, who, resident.Act{Action: action, Object: fmt.Sprintf("outage:%d", o.ID), Detail: detail}, from)
}

// AnnounceIn is Announce in the caller's transaction, without the audit log;
// changed tells whether anything was written.
func (s *Service) AnnounceIn(tx *sqldb.Tx, who resident.Who, d OutageDraft) (o Outage, changed bool, err error) {
	if d, err = d.clean(); err != nil {
		return o, false, err
	}
	if !maySwitch(who, d.Org) {
		return o, false, fault.Denied.New("house.may_not_outage")
	}
	had, err := readOutageByKey(tx, who.City, d.Source, d.Key)
	if err != nil && !errors.Is(err, sqldb.ErrNoRow) {
		return o, false, fmt.Errorf("look for outage %s of %s: %w", d.Key, d.Source, err)
	}
	fresh := err != nil
	if !fresh && !maySwitch(who, had.Org) {
		return o, false, fault.Denied.New("house.may_not_outage")
	}
	areas, err := s.areasOf(tx, who, d)
	if err != nil {
		return o, false, err
	}
	if fresh {
		o, err = s.firstTold(tx, who, d, areas)
		return o, err == nil, err
	}
	return s.toldAgain(tx, who, d, had, areas)
}

// areasOf are the districts of houses; a house that the city does not have is
// an Invalid fault, and so is somebody else's house where a managing company
// tells of its own.
func (s *Service) areasOf(tx *sqldb.Tx, who resident.Who, d OutageDraft) ([]place.AreaID, error) {
	reg, err := s.registerIn(tx, who.City)
	if err != nil {
		return nil, err
	}
	areas, missing := reg.districts(d.Houses)
	if missing > 0 {
		return nil, fault.Invalid.Field("houses", "house.no_such_houses", missing)
	}
	everywhere := who.System || who.Has(resident.Administrator) || who.Has(resident.Operator)
	if _, manages := reg.count[d.Org]; !everywhere && manages {
		if wrong := reg.foreign(d.Org, d.Houses); wrong > 0 {
			return nil, fault.Invalid.Field("houses", "house.not_yours", wrong)
		}
	}
	return areas, nil
}

func (s *Service) firstTold(tx *sqldb.Tx, who resident.Who, d OutageDraft, areas []place.AreaID) (Outage, error) {
	id, err := tx.NewID()
	if err != nil {
		return Outage{}, err
	}
	o := Outage{ID: id, Resource: d.Resource, Kind: d.Kind, From: d.From, To: d.To, Begun: d.Begun, Ended: d.Ended, Source: d.Source,
		Key: d.Key, Org: d.Org, OrgText: d.OrgText, Reason: d.Reason, Noticed: d.Noticed, Changed: tx.Now(), Houses: len(d.Houses),
		Areas: areas, Seq: 1}
	if o.Noticed.IsZero() {
		o.Noticed = tx.Now()
	}
	over := o.Status(tx.Now()) == Over
	if err := s.write(tx, who, o, Change{What: "announced"}, d.Houses, over); err != nil || over {
		return o, err // of what is over nobody needs to hear
	}
	return o, s.publish(tx, who.City, OutageAnnounced, o.ID, o.Seq)
}

// write keeps an outage with the line of its history; houses nil: they stay.
func (s *Service) write(tx *sqldb.Tx, who resident.Who, o Outage, c Change, houses []place.HouseID, told bool) error {
	if err := putOutage(tx, who.City, o, told); err != nil {
		return fmt.Errorf("write outage %d: %w", o.ID, err)
	}
	var err error
	if houses != nil {
		err = putOutageHouses(tx, who.City, o, houses)
	} else {
		err = moveOutageHouses(tx, who.City, o)
	}
	if err != nil {
		return fmt.Errorf("write houses of outage %d: %w", o.ID, err)
	}
	c.Seq, c.At, c.Person = o.Seq, tx.Now(), who.ID
	if err := addChange(tx, who.City, o.ID, c); err != nil {
		return fmt.Errorf("write history of outage %d: %w", o.ID, err)
	}
	return nil
}

func (s *Service) toldAgain(tx *sqldb.Tx, who resident.Who, d OutageDraft, had Outage, areas []place.AreaID) (Outage, bool, error) {
	houses, err := readOutageHouses(tx, who.City, had.ID, 0, MaxOfOutage)
	if err != nil {
		return had, false, fmt.Errorf("read houses of outage %d: %w", had.ID, err)
	}
	o := had
	o.Resource, o.Kind, o.From, o.To, o.Org, o.OrgText, o.Reason = d.Resource, d.Kind, d.From, d.To, d.Org, d.OrgText, d.Reason
	o.Begun, o.Ended = cmp.Or(d.Begun, had.Begun), cmp.Or(d.Ended, had.Ended)
	what, detail := difference(had, o, !slices.Equal(houses, d.Houses))
	if !had.Off.IsZero() && what == "" {
		// Called off by an import because its list lacked it: it is back. What a
		// person called off stays so until the source says something new.
		back, err := calledOffByImport(tx, who.City, had.ID)
		if err != nil {
			return had, false, err
		}
		if back {
			what, detail = "announced", "off="+stamp(had.Off)
		}
	}
	if what == "" {
		return had, false, nil
	}
	o.Off, o.Seq, o.Changed, o.Houses, o.Areas = time.Time{}, had.Seq+1, tx.Now(), len(d.Houses), areas
	over := o.Status(tx.Now()) == Over
	if err := s.write(tx, who, o, Change{What: what, Detail: detail}, d.Houses, over); err != nil {
		return had, false, err
	}
	kind := OutageChanged
	if over {
		kind = OutageOver
	}
	return o, true, s.publish(tx, who.City, kind, o.ID, o.Seq)
}

func calledOffByImport(tx *sqldb.Tx, city, id int64) (bool, error) {
	changes, err := readChanges(tx, city, id)
	if err != nil {
		return false, fmt.Errorf("read history of outage %d: %w", id, err)
	}
	for _, c := range slices.Backward(changes) {
		if c.What == "cancelled" {
			return c.Person == 0, nil
		}
	}
	return false, nil
}

func stamp(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return t.UTC().Format(time.RFC3339)
}

// difference names what changed, and how it was before.
func difference(had, now Outage, houses bool) (what, detail string) {
	var was []string
	note := func(kind string, differs bool, before string) {
		if !differs {
			return
		}
		if what == "" {
			what = kind
		}
		was = append(was, before)
	}
	note("moved", !had.From.Equal(now.From), "from="+stamp(had.From))
	note("moved", !had.To.Equal(now.To), "to="+stamp(had.To))
	note("begun", !had.Begun.Equal(now.Begun), "begun="+stamp(had.Begun))
	note("ended", !had.Ended.Equal(now.Ended), "ended="+stamp(had.Ended))
	note("houses", houses, fmt.Sprintf("houses=%d", had.Houses))
	note("edited", had.Resource != now.Resource, "resource="+string(had.Resource))
	note("edited", had.Kind != now.Kind, "kind="+string(had.Kind))
	note("edited", had.Org != now.Org, "org="+string(had.Org))
	note("edited", had.Reason != now.Reason || had.OrgText != now.OrgText, "text")
	return what, strings.Join(was, ";")
}

// Begin says that an outage has begun at a moment; repeating it changes nothing.
func (s *Service) Begin(ctx context.Context, who resident.Who, id int64, at time.Time, from resident.From) (Outage, error) {
	return s.turn(ctx, who, id, from, OutageTold, func(o *Outage, now time.Time) (string, error) {
		if o.Status(now) == Over || o.Status(now) == Cancelled {
			return "", fault.Closed.New("house.outage_over")
		}
		if at.After(now) {
			return "", fault.Invalid.Field("at", "house.not_yet")
		}
		o.Begun = at.UTC().Truncate(time.Microsecond)
		return "begun", nil
	})
}

// End says that an outage ended at a moment; repeating it changes nothing.
func (s *Service) End(ctx context.Context, who resident.Who, id int64, at time.Time, from resident.From) (Outage, error) {
	return s.turn(ctx, who, id, from, OutageEnded, func(o *Outage, now time.Time) (string, error) {
		switch {
		case o.Status(now) == Cancelled:
			return "", fault.Closed.New("house.outage_over")
		case at.After(now):
			return "", fault.Invalid.Field("at", "house.not_yet")
		case at.Before(o.Start()):
			return "", fault.Invalid.Field("at", "house.ends_before")
		}
		o.Ended = at.UTC().Truncate(time.Microsecond)
		return "ended", nil
	})
}

// Cancel calls an outage off; repeating it changes nothing. What is over cannot
// be called off: a Closed fault.
func (s *Service) Cancel(ctx context.Context, who resident.Who, id int64, from resident.From) (Outage, error) {
	return s.turn(ctx, who, id, from, OutageOff, func(o *Outage, now time.Time) (string, error) {
		switch o.Status(now) {
		case Cancelled:
			return "cancelled", nil
		case Over:
			return "", fault.Closed.New("house.outage_over")
		}
		o.Off = now
		return "cancelled", nil
	})
}

// turn changes the times of one outage.
func (s *Service) turn(ctx context.Context, who resident.Who, id int64, from resident.From, action resident.Action,
	change func(o *Outage, now time.Time) (what string, err error),
) (Outage, error) {
	var o Outage
	err := s.DB.Do(ctx, func(tx *sqldb.Tx) error {
		had, err := readOutage(tx, who.City, id)
		if err != nil {
			return noOutage(err)
		}
		if !maySwitch(who, had.Org) {
			return fault.Denied.New("house.may_not_outage")
		}
		var changed bool
		if o, changed, err = s.turnIn(tx, who, had, change); err != nil || !changed {
			return err
		}
		return s.audit(tx, who, action, o, from)
	})
	return o, err
}

func (s *Service) turnIn(tx *sqldb.Tx, who resident.Who, had Outage, change func(o *Outage, now time.Time) (string, error)) (Outage, bool, error) {
	o := had
	what, err := change(&o, tx.Now())
	if err != nil {
		return had, false, err
	}
	if o.Begun.Equal(had.Begun) && o.Ended.Equal(had.Ended) && o.Off.Equal(had.Off) {
		return had, false, nil
	}
	_, detail := difference(had, o, false)
	o.Seq, o.Changed = had.Seq+1, tx.Now()
	over := o.Status(tx.Now()) == Over
	if err := s.write(tx, who, o, Change{What: what, Detail: detail}, nil, over || what == "cancelled"); err != nil {
		return had, false, err
	}
	kind := OutageChanged
	if over {
		kind = OutageOver
	}
	return o, true, s.publish(tx, who.City, kind, o.ID, o.Seq)
}
