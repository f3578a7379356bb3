package house

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"gorod/internal/city/org"
	"gorod/internal/city/resident"
	"gorod/internal/city/topic"
	"gorod/internal/platform/fault"
	"gorod/internal/platform/sqldb"
	"gorod/internal/platform/text"
)

// Actions of the audit log.
const (
	EntryWritten   resident.Action = "house_entry_written"
	EntryWithdrawn resident.Action = "house_entry_withdrawn"
)

// newsShown is how much news a house shows.
const newsShown = 20

// entriesIn puts what the company tells onto a card.
func (s *Service) entriesIn(tx *sqldb.Tx, city int64, c *Card, company org.ID, now time.Time) error {
	list, err := readEntriesAt(tx, city, company, c.House.ID, now.UnixMicro())
	if err != nil {
		return fmt.Errorf("read entries of house %d: %w", c.House.ID, err)
	}
	for _, e := range list {
		// Of a company that has given the house away nothing holds any more.
		if e.Org != company {
			continue
		}
		switch {
		case e.Kind == Cleaning:
			c.Cleaning = append(c.Cleaning, e.Entry)
		case e.Kind == Work:
			c.Works = append(c.Works, e.Entry)
		case !e.From.After(now):
			c.News = append(c.News, e.Entry)
		}
	}
	slices.SortFunc(c.Cleaning, func(a, b Entry) int {
		return cmp.Or(cmp.Compare(slices.Index(CleaningWhat(), a.What), slices.Index(CleaningWhat(), b.What)), cmp.Compare(a.ID, b.ID))
	})
	slices.SortFunc(c.Works, func(a, b Entry) int { return cmp.Or(a.From.Compare(b.From), cmp.Compare(a.ID, b.ID)) })
	slices.SortFunc(c.News, func(a, b Entry) int { return cmp.Or(b.From.Compare(a.From), cmp.Compare(b.ID, a.ID)) })
	c.News = c.News[:min(len(c.News), newsShown)]
	return nil
}

// MayWrite tells whether somebody may write entries for a company.
func MayWrite(who resident.Who, company org.ID) bool {
	return who.System || who.Has(resident.Administrator) || who.Has(resident.Executor) && company != "" && who.Org == string(company)
}

// PackSource is the source of the entries that a pack brings.
const PackSource = "pack"

// Check says everything that is wrong with a draft by itself.
func (d EntryDraft) Check() []Wrong {
	_, err := d.clean()
	f := fault.Of(err)
	if f == nil {
		return nil
	}
	var list []Wrong
	for _, field := range f.Fields {
		list = append(list, Wrong{Field: field.Name, Reason: field.Phrase, Args: field.Args})
	}
	return list
}

// clean trims a draft and says everything that is wrong with it.
func (d EntryDraft) clean() (EntryDraft, error) {
	var form fault.Form
	if !slices.Contains(EntryKinds(), d.Kind) {
		form.Add("kind", "house.bad_entry")
	}
	if d.Retry == "" || len(d.Retry) > MaxTitle {
		form.Add("retry", "house.key_needed")
	}
	var err error
	if d.Title, err = text.Trim(d.Title, MaxTitle); err != nil {
		form.Add("title", "house.long_text", MaxTitle)
	}
	if d.Text, err = text.Clean(d.Text, MaxText); err != nil {
		form.Add("text", "house.long_text", MaxText)
	}
	if d.Kind != Cleaning && d.Title == "" {
		form.Add("title", "house.title_needed")
	}
	if d.Kind == Work && d.From.IsZero() {
		form.Add("from", "house.from_needed")
	}
	if !d.Until.IsZero() && !d.From.IsZero() && !d.Until.After(d.From) {
		form.Add("until", "house.ends_before")
	}
	d.Houses = slices.Clone(d.Houses)
	slices.Sort(d.Houses)
	d.Houses = slices.Compact(d.Houses)
	if d.All {
		d.Houses = nil
	} else if len(d.Houses) == 0 || len(d.Houses) > MaxHouses {
		form.Add("houses", "house.houses_needed", MaxHouses)
	}
	if d.Kind == Cleaning {
		d.checkSchedule(&form)
	} else {
		d.What, d.Days, d.Opens, d.Closes, d.SeasonFrom, d.SeasonTo = "", nil, "", "", "", ""
	}
	for _, t := range []*time.Time{&d.From, &d.Until} {
		if !t.IsZero() {
			*t = t.UTC().Truncate(time.Microsecond)
		}
	}
	d.Source = cmp.Or(d.Source, StaffSource)
	return d, form.Err()
}

func (d *EntryDraft) checkSchedule(form *fault.Form) {
	if !slices.Contains(CleaningWhat(), d.What) {
		form.Add("what", "house.bad_what")
	}
	d.Days = slices.Clone(d.Days)
	// Monday first: Sunday is 0 in Go.
	slices.SortFunc(d.Days, func(a, b time.Weekday) int { return cmp.Compare((a+6)%7, (b+6)%7) })
	d.Days = slices.Compact(d.Days)
	if len(d.Days) > 0 && (slices.Min(d.Days) < 0 || slices.Max(d.Days) > 6) {
		form.Add("days", "house.bad_days")
	}
	for name, at := range map[string]string{"opens": d.Opens, "closes": d.Closes} {
		if _, err := time.Parse("15:04", at); at != "" && err != nil {
			form.Add(name, "house.bad_time", at)
		}
	}
	if d.Opens != "" && d.Closes != "" && d.Closes <= d.Opens {
		form.Add("closes", "house.ends_before")
	}
	for name, day := range map[string]topic.Day{"season_from": d.SeasonFrom, "season_to": d.SeasonTo} {
		if _, err := topic.ParseDay(string(day)); err != nil {
			form.Add(name, "house.bad_day", string(day))
		}
	}
	if (d.SeasonFrom == "") != (d.SeasonTo == "") {
		form.Add("season_to", "house.bad_day", "")
	}
}

// sum is what is asked for as a hash: the same key with another sum is another
// request.
func (d EntryDraft) sum() string {
	body, err := json.Marshal(d)
	if err != nil {
		panic("house: an entry that cannot be written as JSON: " + err.Error())
	}
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:])
}

// Write makes or changes an entry of a company. The same Retry again gives the
// entry that the first try made; from the staff with other content it is a
// Conflict, from an import it changes the entry. What is wrong is an Invalid
// fault at the fields title, text, houses, what, days, opens, closes, from,
// until; who may not is Denied.
func (s *Service) Write(ctx context.Context, who resident.Who, d EntryDraft, from resident.From) (Entry, error) {
	var e Entry
	err := s.DB.Do(ctx, func(tx *sqldb.Tx) error {
		var changed bool
		var err error
		if e, changed, err = s.WriteIn(tx, who, d); err != nil || !changed || who.System || s.Residents == nil {
			return err
		}
		act := resident.Act{Action: EntryWritten, Object: fmt.Sprintf("house_entry:%d", e.ID), Detail: fmt.Sprintf("kind=%s;version=%d", e.Kind, e.Seq)}
		return s.Residents.AuditIn(tx, who, act, from)
	})
	return e, err
}

// WriteIn is Write in the caller's transaction, without the audit log; changed
// tells whether anything was written.
func (s *Service) WriteIn(tx *sqldb.Tx, who resident.Who, d EntryDraft) (e Entry, changed bool, err error) {
	if d, err = d.clean(); err != nil {
		return e, false, err
	}
	if !MayWrite(who, d.Org) {
		return e, false, fault.Denied.New("house.may_not_write")
	}
	if _, err := s.Orgs.FindIn(tx, who.City, d.Org); err != nil {
		return e, false, err
	}
	if err := s.manages(tx, who.City, d); err != nil {
		return e, false, err
	}
	had, err := s.entryFor(tx, who, d)
	if err != nil {
		return e, false, err
	}
	sum := d.sum()
	// What an import withdrew, because its list lacked it, an import brings back.
	if had.ID != 0 && had.sum == sum && (!had.gone || d.Source == StaffSource) {
		had.Houses = d.Houses
		return had.Entry, false, nil
	}
	row := entryRow{Entry: d.entry(), sum: sum}
	row.ID, row.Key, row.Source, row.Written, row.Seq, row.Changed = had.ID, had.Key, had.Source, had.Written, had.Seq+1, tx.Now()
	if row.ID == 0 {
		if row.ID, err = tx.NewID(); err != nil {
			return e, false, err
		}
		row.Key, row.Source, row.Written = entryKey(who, d), d.Source, tx.Now()
	}
	if row.From.IsZero() {
		row.From = row.Written
	}
	if err := putEntry(tx, who.City, row); err != nil {
		return e, false, fmt.Errorf("write entry %d: %w", row.ID, err)
	}
	if err := putEntryHouses(tx, who.City, row); err != nil {
		return e, false, fmt.Errorf("write houses of entry %d: %w", row.ID, err)
	}
	if row.Kind == News && (row.Until.IsZero() || row.Until.After(tx.Now())) {
		err = s.publish(tx, who.City, NewsWritten, row.ID, row.Seq)
	}
	return row.Entry, true, err
}

// entryKey is the retry key of an entry: what one person typed never meets what
// another did.
func entryKey(who resident.Who, d EntryDraft) string {
	if d.Source != StaffSource {
		return d.Retry
	}
	return fmt.Sprintf("%d:%s", who.ID, d.Retry)
}

// manages checks that the houses are the company's own.
func (s *Service) manages(tx *sqldb.Tx, city int64, d EntryDraft) error {
	reg, err := s.registerIn(tx, city)
	if err != nil {
		return err
	}
	if wrong := reg.foreign(d.Org, d.Houses); wrong > 0 {
		return fault.Invalid.Field("houses", "house.not_yours", wrong)
	}
	return nil
}

// entryFor is the entry that a draft changes: the one named, or the one that
// the same retry key has made; an empty one when there is none.
func (s *Service) entryFor(tx *sqldb.Tx, who resident.Who, d EntryDraft) (entryRow, error) {
	if d.ID != 0 {
		had, err := readEntry(tx, who.City, d.ID)
		switch {
		case errors.Is(err, sqldb.ErrNoRow) || err == nil && had.gone:
			return had, fault.Missing.New("house.no_entry")
		case err != nil:
			return had, fmt.Errorf("read entry %d: %w", d.ID, err)
		case had.Org != d.Org || had.Kind != d.Kind:
			return had, fault.Denied.New("house.may_not_write")
		case had.sum != d.sum() && d.Seq != 0 && d.Seq != had.Seq:
			return had, fault.Conflict.New("house.entry_changed")
		}
		return had, nil
	}
	had, err := readEntryByKey(tx, who.City, d.Source, entryKey(who, d))
	switch {
	case errors.Is(err, sqldb.ErrNoRow):
		return entryRow{}, nil
	case err != nil:
		return had, fmt.Errorf("look for entry: %w", err)
	case d.Source == StaffSource && had.sum != d.sum():
		return had, fault.Conflict.New("house.other_entry")
	}
	return had, nil
}

func (d EntryDraft) entry() Entry {
	return Entry{Kind: d.Kind, Org: d.Org, Title: d.Title, Text: d.Text, Houses: d.Houses, All: d.All, What: d.What, Days: d.Days,
		Opens: d.Opens, Closes: d.Closes, SeasonFrom: d.SeasonFrom, SeasonTo: d.SeasonTo, From: d.From, Until: d.Until}
}

// Withdraw takes an entry back; repeating it changes nothing.
func (s *Service) Withdraw(ctx context.Context, who resident.Who, id int64, from resident.From) error {
	return s.DB.Do(ctx, func(tx *sqldb.Tx) error {
		e, err := readEntry(tx, who.City, id)
		if errors.Is(err, sqldb.ErrNoRow) {
			return fault.Missing.New("house.no_entry")
		}
		if err != nil {
			return fmt.Errorf("read entry %d: %w", id, err)
		}
		if !MayWrite(who, e.Org) {
			return fault.Denied.New("house.may_not_write")
		}
		if e.gone {
			return nil
		}
		e.gone, e.Seq, e.Changed = true, e.Seq+1, tx.Now()
		if err := putEntry(tx, who.City, e); err != nil {
			return fmt.Errorf("write entry %d: %w", id, err)
		}
		if err := putEntryHouses(tx, who.City, e); err != nil {
			return fmt.Errorf("write houses of entry %d: %w", id, err)
		}
		if who.System || s.Residents == nil {
			return nil
		}
		return s.Residents.AuditIn(tx, who, resident.Act{Action: EntryWithdrawn, Object: fmt.Sprintf("house_entry:%d", id)}, from)
	})
}

const (
	entriesListed = 50
	entriesMost   = 200
)

// Entries lists what a company told, the latest first: those of a kind ("" all)
// with an id below before (0: from the top), at most limit (0: 50).
func (s *Service) Entries(ctx context.Context, city int64, company org.ID, kind EntryKind, before int64, limit int) ([]Entry, error) {
	var list []Entry
	err := s.DB.View(ctx, func(tx *sqldb.Tx) error {
		rows, err := listEntries(tx, city, company, kind, before, min(cmp.Or(max(limit, 0), entriesListed), entriesMost))
		if err != nil {
			return fmt.Errorf("list entries of %s: %w", company, err)
		}
		list = make([]Entry, len(rows))
		for i, r := range rows {
			if list[i] = r.Entry; !r.All {
				if list[i].Houses, err = readEntryHouses(tx, city, r.ID); err != nil {
					return fmt.Errorf("read houses of entry %d: %w", r.ID, err)
				}
			}
		}
		return nil
	})
	return list, err
}

// Take makes the entries of a source those of a list: new ones are written, what
// differs is changed, what the list lacks is withdrawn. Repeating it changes
// nothing. A row that is refused ends it with that fault; the rows before it
// stay, and taking the mended list again goes on.
func (s *Service) Take(ctx context.Context, city int64, source string, list []EntryDraft) error {
	who, kept := resident.Machine(city), map[string]bool{}
	for _, d := range list {
		d.Source, d.ID, d.Seq = source, 0, 0
		kept[d.Retry] = true
		err := s.DB.Do(ctx, func(tx *sqldb.Tx) error {
			_, _, err := s.WriteIn(tx, who, d)
			return err
		})
		if err != nil {
			return fmt.Errorf("take entry %s of %s: %w", d.Retry, source, err)
		}
	}
	var had []entryRow
	err := s.DB.View(ctx, func(tx *sqldb.Tx) error {
		var err error
		had, err = readEntriesOf(tx, city, source)
		return err
	})
	if err != nil {
		return fmt.Errorf("read entries of %s: %w", source, err)
	}
	for _, e := range had {
		if kept[e.Key] {
			continue
		}
		if err := s.Withdraw(ctx, who, e.ID, resident.From{}); err != nil {
			return fmt.Errorf("withdraw entry %d: %w", e.ID, err)
		}
	}
	return nil
}
