package resident

import "slices"

// Role is what a person may do in the city.
type Role string

// The roles. Everyone is a resident; the rest is given by an administrator.
const (
	Moderator        Role = "moderator"
	Coordinator      Role = "coordinator"
	Executor         Role = "executor"
	Controller       Role = "controller"
	PeopleController Role = "people_controller" // a volunteer who confirms on the spot
	Operator         Role = "operator"          // of the call line
	Analyst          Role = "analyst"
	Administrator    Role = "administrator"
)

// Roles lists every role that can be given.
func Roles() []Role {
	return []Role{Moderator, Coordinator, Executor, Controller, PeopleController, Operator, Analyst, Administrator}
}

// Who is the person, or the machine, that asks for something. It is passed as
// an argument, never looked up in a context.
type Who struct {
	City   int64
	ID     int64  // key of the person; 0: without an account
	Org    string // organisation that the person acts for
	Roles  []Role
	Areas  []string // areas to which the roles are bound; empty: the whole city
	System bool     // the city itself: the schedule, an import
	// Problem is the one problem that the bearer of a follow link may act on
	// as its author; 0: none.
	Problem int64
	// Device stands for the browser of somebody without an account, by a cookie
	// that only this server can make: it makes them one of those who joined and
	// nothing more. "": unknown.
	Device string
}

// Has tells whether the person was given a role.
func (w Who) Has(role Role) bool { return slices.Contains(w.Roles, role) }

// Staff tells whether the person works here in any role.
func (w Who) Staff() bool { return len(w.Roles) > 0 }

// Covers tells whether the person's roles reach an area.
func (w Who) Covers(areas ...string) bool {
	if len(w.Areas) == 0 {
		return true
	}
	for _, a := range areas {
		if slices.Contains(w.Areas, a) {
			return true
		}
	}
	return false
}

// Machine is the city itself acting: the schedule, an import, a replay.
func Machine(city int64) Who { return Who{City: city, System: true} }
