package view

import "time"

// StaffHomePage is where a day begins: what waits for this person, by role.
type StaffHomePage struct {
	Base
	Name  string // how the person is called
	Desks []StaffDesk
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
