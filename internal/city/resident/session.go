package resident

import (
	"strings"
	"time"
)

// Session is one place where a person is signed in.
type Session struct {
	ID      int64
	Agent   string // class of the program: «Firefox, Windows»
	Created time.Time
	Seen    time.Time
	This    bool // the one that asks
}

// Limits are how long and how often; New fills in the defaults for zeros.
type Limits struct {
	StaffIdle    time.Duration // without a request; 8 hours
	StaffLife    time.Duration // in all; 12 hours: a shift
	StaffAtOnce  int           // sessions of one person of the staff; 5, the oldest ends
	ResidentIdle time.Duration // 60 days
	ResidentLife time.Duration // a year

	Failures        int           // of one account before it is locked; 5
	AddressFailures int           // of one address; 20
	Lock            time.Duration // 15 minutes

	CodeLife  time.Duration // 10 minutes
	CodeTries int           // 5
	LinkLife  time.Duration // 30 minutes
	// Asks is how many codes an hour go to one phone, and links to one address; 3.
	Asks int
	// AddressAsks is how many are asked for from one network address in an hour;
	// 30, because phones of one operator share addresses.
	AddressAsks int

	TemporaryLife time.Duration // of a password set by an administrator; 3 days

	SecondLife time.Duration // between the right password and the code of the second factor; 10 minutes
	EnrolLife  time.Duration // of a second factor that is being set up; 30 minutes
}

// DefaultLimits are those named in the comments of Limits.
func DefaultLimits() Limits {
	const day = 24 * time.Hour
	return Limits{
		StaffIdle: 8 * time.Hour, StaffLife: 12 * time.Hour, StaffAtOnce: 5,
		ResidentIdle: 60 * day, ResidentLife: 365 * day,
		Failures: 5, AddressFailures: 20, Lock: 15 * time.Minute,
		CodeLife: 10 * time.Minute, CodeTries: 5, LinkLife: 30 * time.Minute, Asks: 3, AddressAsks: 30,
		TemporaryLife: 3 * day, SecondLife: 10 * time.Minute, EnrolLife: 30 * time.Minute,
	}
}

// filled puts the default where nothing was set.
func (l Limits) filled() Limits {
	d := DefaultLimits()
	for _, t := range []struct{ set, def *time.Duration }{
		{&l.StaffIdle, &d.StaffIdle}, {&l.StaffLife, &d.StaffLife}, {&l.ResidentIdle, &d.ResidentIdle},
		{&l.ResidentLife, &d.ResidentLife}, {&l.Lock, &d.Lock}, {&l.CodeLife, &d.CodeLife},
		{&l.LinkLife, &d.LinkLife}, {&l.TemporaryLife, &d.TemporaryLife}, {&l.SecondLife, &d.SecondLife}, {&l.EnrolLife, &d.EnrolLife},
	} {
		if *t.set == 0 {
			*t.set = *t.def
		}
	}
	for _, n := range []struct{ set, def *int }{
		{&l.StaffAtOnce, &d.StaffAtOnce}, {&l.Failures, &d.Failures}, {&l.AddressFailures, &d.AddressFailures},
		{&l.CodeTries, &d.CodeTries}, {&l.Asks, &d.Asks}, {&l.AddressAsks, &d.AddressAsks},
	} {
		if *n.set == 0 {
			*n.set = *n.def
		}
	}
	return l
}

func (l Limits) idle(staff bool) time.Duration {
	if staff {
		return l.StaffIdle
	}
	return l.ResidentIdle
}

func (l Limits) life(staff bool) time.Duration {
	if staff {
		return l.StaffLife
	}
	return l.ResidentLife
}

// stored is a session with what is checked at each request.
type stored struct {
	Session
	staff   bool
	expires int64
}

// alive tells whether a session still opens something.
func (s stored) alive(now time.Time, l Limits) bool {
	return now.UnixMicro() < s.expires && now.Sub(s.Seen) < l.idle(s.staff)
}

// AgentClass makes of a browser's own name what a person recognises and what
// tells little else: «Firefox, Windows». The name itself is not kept.
func AgentClass(userAgent string) string {
	var known []string
	for _, table := range [][][2]string{
		{
			{"YaBrowser/", "Яндекс Браузер"}, {"OPR/", "Opera"}, {"Edg", "Edge"}, {"SamsungBrowser/", "Samsung Internet"},
			{"Firefox/", "Firefox"}, {"FxiOS/", "Firefox"}, {"CriOS/", "Chrome"}, {"Chrome/", "Chrome"}, {"Safari/", "Safari"},
		},
		{
			{"Android", "Android"}, {"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Windows", "Windows"}, {"Mac OS X", "macOS"},
			{"CrOS", "ChromeOS"}, {"Linux", "Linux"},
		},
	} {
		for _, pair := range table {
			if strings.Contains(userAgent, pair[0]) {
				known = append(known, pair[1])
				break
			}
		}
	}
	return strings.Join(known, ", ")
}
