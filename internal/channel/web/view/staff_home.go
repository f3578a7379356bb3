package view

import "time"

// StaffHomePage is where a day begins: what waits for this person, by role.
type StaffHomePage struct {
	Base
	Name  string // how the person is called
	Desks []StaffDesk
	About string        // what a role without a queue is for
	Links []StaffChoice // pages of everyone that staff need too
	Leave StaffCommand  // signs out
	// Protect: the city knows of a second factor; Protected: the person has one.
	Protect   bool
	Protected bool
	// NoCalendar is the year that an administrator has to load a calendar for; "" none.
	NoCalendar string
}

// Template names the page's file.
func (StaffHomePage) Template() string { return "staff/home.html" }

// StaffDesk is one place of work: "moderation", "answers", "work",
// "coordination", "control", "people", "organisations", "jobs", "audit", "pack"
// or "outbox"; the name chooses the words.
type StaffDesk struct {
	Name    string
	Href    string
	Count   int
	Late    int           // how many of them are overdue
	Oldest  time.Duration // how long the oldest waits, 0 where it says nothing
	Private bool          // an administrator's page, listed apart and without a count
}

// Work lists the desks with a queue.
func (p StaffHomePage) Work() []StaffDesk { return p.desks(false) }

// Admin lists the administrator's pages.
func (p StaffHomePage) Admin() []StaffDesk { return p.desks(true) }

func (p StaffHomePage) desks(private bool) []StaffDesk {
	var found []StaffDesk
	for _, desk := range p.Desks {
		if desk.Private == private {
			found = append(found, desk)
		}
	}
	return found
}
