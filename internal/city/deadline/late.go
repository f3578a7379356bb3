package deadline

import "time"

// Deadline is the date of one case as it moves: what was first promised stays,
// what counts moves with pauses and extensions, what is shown follows an interim
// answer.
type Deadline struct {
	Original time.Time `json:"original,omitzero"` // first known date; never changes after
	Due      time.Time `json:"due,omitzero"`      // the date that counts; zero while unknown or paused
	Planned  time.Time `json:"planned,omitzero"`  // promised by an interim answer; zero for none
	Unknown  Unknown   `json:"unknown,omitzero"`  // why there is no Due
}

// Move takes over a newly computed promise: the first one, or the same plan with
// another pause, extension or, when somebody asked for it, calendar. The
// original date is set by the first promise that is known and then kept.
func (d Deadline) Move(p Promise) Deadline {
	d.Due, d.Unknown = p.Due, p.Unknown
	if d.Original.IsZero() {
		d.Original = p.Due
	}
	return d
}

// Interim notes the day that an interim answer promises, until its end. The
// date that counts stays as it was; a zero day takes the promise back.
func (d Deadline) Interim(planned Date, zone *time.Location) Deadline {
	d.Planned = time.Time{}
	if !planned.IsZero() {
		d.Planned = planned.End(zone)
	}
	return d
}

// Shown is the date that people see: the planned one where there is one, else
// the one that counts. It is zero when there is none.
func (d Deadline) Shown() time.Time {
	if !d.Planned.IsZero() {
		return d.Planned
	}
	return d.Due
}

// Overdue tells whether a due date has passed, to the microsecond: the due
// instant itself is still in time. No due date (zero) is never overdue.
func Overdue(now, due time.Time) bool {
	return !due.IsZero() && now.Truncate(time.Microsecond).After(due)
}

// Late is how far a due date has passed; zero on the due day itself.
type Late struct {
	CalendarDays int
	WorkingDays  int // means nothing when Unknown says that a year is missing
	Unknown      Unknown
}

// Late counts the days since a due date in the city's zone: the day after it is
// the first. Pass the time of the answer for what was answered late.
func (r Rules) Late(now, due time.Time) Late {
	if !Overdue(now, due) {
		return Late{}
	}
	last, today := DateOf(due, r.Zone), DateOf(now, r.Zone)
	late := Late{CalendarDays: today.Since(last)}
	n, year, known := r.Calendar.WorkingDays(last, today)
	if !known {
		late.Unknown = Unknown{Reason: NoYear, Year: year}
		return late
	}
	late.WorkingDays = n
	return late
}
