package resident

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
	"time"
)

// Action names what was done, in the past tense; other packages name their own.
type Action string

// The actions of this package.
const (
	SignedIn        Action = "signed_in"
	SignedOut       Action = "signed_out"
	SessionsEnded   Action = "sessions_ended"
	PersonAdded     Action = "person_added"
	PersonEdited    Action = "person_edited"
	PersonBlocked   Action = "person_blocked"
	PersonUnblocked Action = "person_unblocked"
	PasswordReset   Action = "password_reset"
	PasswordChanged Action = "password_changed"
	DataExported    Action = "data_exported"
	DataErased      Action = "data_erased"
	PackLoaded      Action = "people_loaded"
	SecondOn        Action = "second_factor_on"
	SecondDropped   Action = "second_factor_off"
	SecondReset     Action = "second_factor_reset"
	RecoveryRenewed Action = "recovery_renewed"
	RecoveryUsed    Action = "recovery_used"
)

// Actions lists the actions of this package.
func Actions() []Action {
	return []Action{SignedIn, SignedOut, SessionsEnded, PersonAdded, PersonEdited, PersonBlocked, PersonUnblocked,
		PasswordReset, PasswordChanged, DataExported, DataErased, PackLoaded,
		SecondOn, SecondDropped, SecondReset, RecoveryRenewed, RecoveryUsed}
}

// Result says how an act ended.
type Result string

// The results.
const (
	Done   Result = "done"
	Denied Result = "denied"
)

// Act is one act for the audit log. It holds ids and words of ours, never a
// name, a contact or what a person typed; only the reason of an erasure on
// paper's word is typed, by who is told to keep names out of it.
type Act struct {
	Action Action
	Object string // person:12, problem:24017, …
	Result Result // Done when empty
	Detail string // what changed: roles=moderator,controller
}

// AuditEntry is one row of the audit log.
type AuditEntry struct {
	Seq     int64 // 1, 2, … without gaps in a city
	At      time.Time
	Person  int64 // 0: nobody who is known
	Roles   []Role
	System  bool
	Act     Act
	Address string // pseudonym of the network address
	prev    string
	sum     string
}

// seal computes the hash that binds an entry to the one before it. Each part is
// written with its length, so that no two entries read the same.
func (e AuditEntry) seal(city int64) string {
	h := sha256.New()
	for _, part := range []string{
		e.prev, strconv.FormatInt(city, 10), strconv.FormatInt(e.Seq, 10), strconv.FormatInt(e.At.UnixMicro(), 10),
		strconv.FormatInt(e.Person, 10), joinRoles(e.Roles), strconv.FormatBool(e.System),
		string(e.Act.Action), e.Act.Object, string(e.Act.Result), e.Act.Detail, e.Address,
	} {
		h.Write([]byte(strconv.Itoa(len(part)) + ":" + part))
	}
	return hex.EncodeToString(h.Sum(nil))
}

// AuditFilter chooses rows of the audit log; zero fields choose all.
type AuditFilter struct {
	Person int64
	Action Action
	Result Result
	From   time.Time
	To     time.Time // exclusive
	Before int64     // rows older than this Seq: the next page
	Limit  int       // at most 500; 100 when zero
}

// AuditState is what checking the chain found.
type AuditState struct {
	Rows   int64
	Head   string // hash of the newest row; keep it where the database cannot reach
	Broken int64  // Seq of the first row that does not fit; 0: all fit
}

func joinRoles(roles []Role) string {
	names := make([]string, len(roles))
	for i, r := range roles {
		names[i] = string(r)
	}
	return strings.Join(names, ";")
}

func splitRoles(s string) []Role {
	var roles []Role
	for _, name := range splitList(s) {
		roles = append(roles, Role(name))
	}
	return roles
}

func splitList(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, ";")
}
