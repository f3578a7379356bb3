package resident

import (
	"net/mail"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/net/idna"

	"gorod/internal/platform/fault"
	"gorod/internal/platform/see"
	"gorod/internal/platform/text"
)

// Person is an account. Phone and Email mask themselves in a log.
type Person struct {
	ID       int64
	Staff    bool // comes in by login and password, never by code or link
	Name     string
	Login    string    // of the staff
	Phone    see.Phone // of the office for the staff
	Email    see.Email // of the office for the staff
	Language string    // in which the person reads; "" as the city
	Org      string
	Position map[string]string // by language
	Roles    []Role
	Areas    []string
	Blocked  bool
	// MustChange: the password is an administrator's; until the person sets
	// their own, Who gives no roles.
	MustChange bool
	// Second: a second factor is set up.
	Second bool
	// MustEnrol: the city requires a second factor that the person has not set
	// up; until then Who gives no roles. Known after Service.Who and at sign-in.
	MustEnrol bool
	Created   time.Time
	Seen      time.Time // of the last sign-in; zero: never
	Erased    bool
	Version   int64 // goes up with each change by an administrator

	password      string // PHC text; "" none
	passwordUntil int64  // end of a temporary password, 0: none
}

// Who is the person as one who asks for something.
func (p Person) Who(city int64) Who {
	w := Who{City: city, ID: p.ID, Org: p.Org, Areas: p.Areas}
	if !p.MustChange && !p.MustEnrol {
		w.Roles = p.Roles
	}
	return w
}

// PositionIn is the position in a language, else in the main one.
func (p Person) PositionIn(lang, main string) string {
	if s := p.Position[lang]; s != "" {
		return s
	}
	return p.Position[main]
}

// Draft is an account of the staff as an administrator types it.
type Draft struct {
	Name     string
	Login    string
	Email    string
	Phone    string
	Position map[string]string
	Org      string
	Roles    []Role
	Areas    []string
	Version  int64 // the version that the administrator has seen; 0 when new
}

const (
	maxName  = 200
	maxShort = 120
)

// clean trims a draft and says everything that is wrong with it.
func (d Draft) clean() (Draft, error) {
	var form fault.Form
	d.Login = foldLogin(d.Login)
	d.Org = strings.TrimSpace(d.Org)
	name, err := text.Trim(d.Name, maxName)
	d.Name = name
	if err != nil || d.Name == "" {
		form.Add("name", "resident.name_needed")
	}
	if !validLogin(d.Login) {
		form.Add("login", "resident.login_wrong")
	}
	if d.Email != "" {
		email, err := ParseEmail(d.Email)
		if err != nil {
			form.Add("email", "resident.email_wrong")
		}
		d.Email = string(email)
	}
	phone, err := text.Trim(d.Phone, maxShort)
	d.Phone = phone
	if err != nil {
		form.Add("phone", "resident.phone_wrong")
	}
	d.checkRoles(&form)
	return d, form.Err()
}

func (d Draft) checkRoles(form *fault.Form) {
	if len(d.Roles) == 0 {
		form.Add("roles", "resident.roles_needed")
	}
	for _, r := range d.Roles {
		if !slices.Contains(Roles(), r) {
			form.Add("roles", "resident.role_unknown", string(r))
		}
	}
	// Executors and coordinators act for their organisation: without one they
	// could see nothing.
	acts := slices.Contains(d.Roles, Executor) || slices.Contains(d.Roles, Coordinator)
	if acts && d.Org == "" {
		form.Add("organisation", "resident.org_needed")
	}
}

func foldLogin(login string) string { return strings.ToLower(strings.TrimSpace(login)) }

// validLogin: what can be dictated over a telephone.
func validLogin(login string) bool {
	if len(login) < 2 || len(login) > 64 {
		return false
	}
	for _, c := range login {
		if !strings.ContainsRune("abcdefghijklmnopqrstuvwxyz0123456789._-@", c) {
			return false
		}
	}
	return true
}

// ParsePhone reads a telephone number as people write it and gives it as
// +79211234567. A Russian number may begin with 8, 7 or 9; any other needs its
// plus. It refuses with resident.phone_wrong at the field "phone".
func ParsePhone(typed string) (see.Phone, error) {
	var digits strings.Builder
	plus := false
	for _, c := range strings.TrimSpace(typed) {
		switch {
		case c >= '0' && c <= '9':
			digits.WriteRune(c)
		case c == '+' && digits.Len() == 0 && !plus:
			plus = true
		case strings.ContainsRune(" -()\u00a0\u202f\u2009‐‑–—.", c):
		default:
			return "", wrongPhone()
		}
	}
	number := digits.String()
	switch {
	case plus && len(number) >= 8 && len(number) <= 15 && number[0] != '0' && (number[0] != '7' || len(number) == 11):
		return see.Phone("+" + number), nil
	case !plus && len(number) == 11 && (number[0] == '8' || number[0] == '7'):
		return see.Phone("+7" + number[1:]), nil
	case !plus && len(number) == 10 && number[0] == '9':
		return see.Phone("+7" + number), nil
	}
	return "", wrongPhone()
}

func wrongPhone() error { return fault.Invalid.Field("phone", "resident.phone_wrong") }

// ParseEmail reads a bare address and gives it in lower case, the domain in
// ASCII (почта.рф becomes xn--…). It refuses with resident.email_wrong at the
// field "email".
func ParseEmail(typed string) (see.Email, error) {
	wrong := fault.Invalid.Field("email", "resident.email_wrong")
	typed = strings.TrimSpace(typed)
	local, domain, _ := strings.Cut(typed, "@")
	if len(typed) > 254 || !utf8.ValidString(typed) || local == "" || !ascii(local) || strings.ContainsAny(typed, "<>()\"\\ \t\r\n,;:") {
		return "", wrong
	}
	domain, err := idna.Lookup.ToASCII(domain)
	if err == nil {
		_, err = idna.Lookup.ToASCII(domain) // what it made must be a name as well
	}
	if err != nil || !strings.Contains(domain, ".") || len(local)+1+len(domain) > 254 {
		return "", wrong
	}
	address, err := mail.ParseAddress(strings.ToLower(local + "@" + domain))
	if err != nil {
		return "", wrong
	}
	return see.Email(address.Address), nil
}

func ascii(s string) bool {
	return !strings.ContainsFunc(s, func(c rune) bool { return c >= utf8.RuneSelf })
}

// Masked is a phone as a page may repeat it to who typed it: +7 ••• •••-45-67.
func Masked(phone see.Phone) string {
	s := string(phone)
	if len(s) < 7 {
		return see.Masked
	}
	return s[:2] + " ••• •••-" + s[len(s)-4:len(s)-2] + "-" + s[len(s)-2:]
}

// matches tells whether each word of a search is in the person's name or login.
func (p Person) matches(query string) bool {
	have := text.Fold(p.Name) + " " + p.Login
	for word := range strings.FieldsSeq(text.Fold(query)) {
		if !strings.Contains(have, word) {
			return false
		}
	}
	return true
}

// PackPerson is a person of the staff as the pack tells it (people.csv).
type PackPerson struct {
	ID       string
	Name     string
	Roles    []Role
	Org      string
	Position map[string]string
	Phone    string // of the office, as it is printed
	Email    string
	Areas    []string
	Login    string
}

// draft is the row as an administrator would type it.
func (p PackPerson) draft() Draft {
	return Draft{Name: p.Name, Login: p.Login, Email: p.Email, Phone: p.Phone, Position: p.Position,
		Org: p.Org, Roles: p.Roles, Areas: p.Areas}
}

// Check says what is wrong with a row of the pack.
func (p PackPerson) Check() error {
	_, err := p.draft().clean()
	return err
}
