package view

import "time"

// AdminPeoplePage lists who works here and changes one of them.
type AdminPeoplePage struct {
	Base
	Query   string
	Role    []StaffChoice
	Action  string
	Add     string // address of the empty form
	People  []StaffPerson
	Count   int
	Pager   StaffPager
	Form    *PersonForm
	Secret  *OneTimeSecret
	Errors  FieldErrors
	Cleared string // the list without filters
}

// Template names the page's file.
func (AdminPeoplePage) Template() string { return "staff/people.html" }

// StaffPerson is one line of the list.
type StaffPerson struct {
	Href         string
	Name         string
	Login        string
	Roles        []string // in the reader's language
	Organisation string
	Areas        []string
	Seen         time.Time // zero when never signed in
	SecondFactor bool
	Blocked      bool
	Current      bool
}

// PersonForm is a person being added or changed.
type PersonForm struct {
	Command       StaffCommand
	Reset         StaffCommand
	Block         StaffCommand
	DropSecond    StaffCommand // resets the second factor
	Second        bool         // there is one
	New           bool
	Blocked       bool
	Self          bool // one cannot block oneself or take one's own last role
	Name          string
	Login         string
	Email         string
	Position      string
	Phone         string
	Roles         []StaffChoice
	Organisations []StaffChoice
	Areas         []StaffChoice
	Cancel        string
}

// OneTimeSecret is a new password, shown once and to nobody else.
type OneTimeSecret struct {
	Login    string
	Password string
	Until    time.Time
}

// AdminOrganisationsPage lists the organisations and changes one.
type AdminOrganisationsPage struct {
	Base
	Query         string
	Kinds         []StaffChoice
	Action        string
	Organisations []StaffOrganisation
	NoRules       bool // nobody counted the rules that name each
	Count         int
	Pager         StaffPager
	Form          *OrganisationForm
	Conflict      *StaffConflict
	Errors        FieldErrors
	Cleared       string
}

// Template names the page's file.
func (AdminOrganisationsPage) Template() string { return "staff/organisations.html" }

// StaffOrganisation is one line of the list.
type StaffOrganisation struct {
	Href    string
	Name    string
	Kind    string
	INN     string
	People  int
	Open    int
	Rules   int // routing rules that name it
	Closed  bool
	Current bool
}

// OrganisationForm is an organisation being changed. What came with the pack
// is shown; what an administrator may change by hand are the contacts.
type OrganisationForm struct {
	Command  StaffCommand
	Name     string
	Short    string
	Kind     string
	INN      string
	OGRN     string
	Address  string
	Phone    string
	Email    string
	Person   string
	Position string
	Closed   bool
	Heir     string // who takes its problems when it is closed
	Heirs    []StaffChoice
	Cancel   string
	FromPack string // version of the pack it came with
}
