package problem

import (
	"errors"
	"fmt"
	"slices"

	"gorod/internal/city/org"
	"gorod/internal/city/resident"
	"gorod/internal/platform/fault"
	"gorod/internal/platform/id"
	"gorod/internal/platform/sqldb"
)

// permission says in which part a person may give a command; the first line
// that fits decides.
//
//   - The author: whose account sent the problem, or who bears its follow link.
//   - The joined: whose account, or whose browser, has the problem too. After an
//     answer their word counts as the author's.
//   - Staff by role, within the areas that the role is bound to; executors and
//     coordinators within the problems of their organisation.
//   - The city itself: the schedule, an import.
var residentVerbs = map[Verb]Part{
	DoReply:         AsAuthor,
	DoWithdraw:      AsAuthor,
	DoErase:         AsAuthor,
	DoGiveContact:   AsAuthor,
	DoForgetContact: AsAuthor,
	DoClaim:         AsAuthor,
	DoConfirm:       AsJoined, // the author or who joined
	DoDispute:       AsJoined,
}

// staffVerbs: which roles may give a command on any problem in their areas.
var staffVerbs = map[Verb][]resident.Role{
	DoChangeTopic:     {resident.Moderator},
	DoAsk:             {resident.Moderator},
	DoAccept:          {resident.Moderator},
	DoReject:          {resident.Moderator},
	DoReturn:          {resident.Moderator, resident.Controller},
	DoPass:            {resident.Moderator, resident.Controller},
	DoHideText:        {resident.Moderator, resident.Controller},
	DoHidePhoto:       {resident.Moderator, resident.Controller},
	DoShowText:        {resident.Moderator, resident.Controller},
	DoShowPhoto:       {resident.Moderator, resident.Controller},
	DoRedirect:        {resident.Controller},
	DoDeclineRedirect: {resident.Controller},
	DoReopen:          {resident.Controller},
	DoSetDue:          {resident.Controller},
	DoConfirmOnSpot:   {resident.PeopleController},
	DoErase:           {resident.Administrator},
	DoNote:            {resident.Moderator, resident.Coordinator, resident.Executor, resident.Controller},
}

// orgVerbs: which roles may give a command on the problems of their own
// organisation.
var orgVerbs = map[Verb][]resident.Role{
	DoRedirect:        {resident.Coordinator},
	DoDeclineRedirect: {resident.Coordinator},
	DoAnswer:          {resident.Executor, resident.Coordinator},
	DoRequestRedirect: {resident.Executor},
}

// permit says in which part the person gives the command, or refuses. What a
// person may not see is Missing, not Denied.
func permit(tx *sqldb.Tx, who resident.Who, s State, problem int64, c Command) (Part, error) {
	if who.System {
		return AsCity, nil
	}
	v := c.verb()
	switch v {
	case DoSend:
		return AsAuthor, nil
	case DoJoin:
		if !s.Visible() {
			return "", fault.Missing.New("problem.missing")
		}
		return AsJoined, nil
	case DoLeave:
		return AsJoined, nil // who never joined is found out when the row is deleted
	}
	if part, ok := residentVerbs[v]; ok {
		mine, err := standsFor(tx, who, s, problem, part)
		if err != nil {
			return "", err
		}
		if mine != "" {
			return mine, nil
		}
	}
	if staffMay(who, s, v) {
		return AsStaff, nil
	}
	if !who.Staff() && !s.Visible() {
		return "", fault.Missing.New("problem.missing")
	}
	return "", fault.Denied.New("problem.denied." + string(v))
}

// standsFor tells whether the person is the author, or, where joiners may,
// one who joined.
func standsFor(tx *sqldb.Tx, who resident.Who, s State, problem int64, part Part) (Part, error) {
	if IsAuthor(who, s, problem) {
		return AsAuthor, nil
	}
	if part != AsJoined {
		return "", nil
	}
	joined, err := joinedBy(tx, who, problem)
	if err != nil {
		return "", err
	}
	if joined {
		return AsJoined, nil
	}
	return "", nil
}

// joinedBy tells whether the person joined: by the account, else by the browser.
func joinedBy(tx *sqldb.Tx, who resident.Who, problem int64) (bool, error) {
	if who.ID == 0 && who.Device == "" {
		return false, nil
	}
	joined, err := hasJoined(tx, who.City, problem, JoinKey(who, who.Device))
	if err != nil {
		return false, fmt.Errorf("look for joiner: %w", err)
	}
	return joined, nil
}

// IsAuthor tells whether a person is the author of a problem.
func IsAuthor(who resident.Who, s State, problem int64) bool {
	return who.ID != 0 && who.ID == s.Author || who.Problem != 0 && who.Problem == problem
}

// JoinKey is what makes a joiner one person: the account, else the pseudonym
// of a device.
func JoinKey(who resident.Who, device string) string {
	if who.ID != 0 {
		return fmt.Sprintf("p:%d", who.ID)
	}
	return "a:" + device
}

func staffMay(who resident.Who, s State, v Verb) bool {
	if hasAny(who, staffVerbs[v]) && who.Covers(areasOf(s)...) {
		return true
	}
	return hasAny(who, orgVerbs[v]) && holds(who, s)
}

// MayRead tells whether a member of staff may see what is not public: people
// of the organisations that have the problem, and those whose roles look at
// all of an area.
func MayRead(who resident.Who, s State) bool {
	if who.System {
		return true
	}
	wide := []resident.Role{resident.Moderator, resident.Controller, resident.Operator, resident.Administrator}
	if hasAny(who, wide) && who.Covers(areasOf(s)...) {
		return true
	}
	return hasAny(who, []resident.Role{resident.Executor, resident.Coordinator}) && holds(who, s)
}

// holds tells whether the person's organisation has the problem. A problem
// that no rule routed waits for any coordinator of its area; before a moderator
// has accepted it nobody has it, whatever no rule has said yet.
func holds(who resident.Who, s State) bool {
	o := orgOf(who)
	if o == "" || s.Accepted == 0 {
		return false
	}
	if s.Routing.Executor == "" && s.Routing.Coordinator == "" {
		return who.Has(resident.Coordinator) && who.Covers(areasOf(s)...)
	}
	return o == s.Routing.Executor || o == s.Routing.Coordinator
}

func hasAny(who resident.Who, roles []resident.Role) bool {
	return slices.ContainsFunc(roles, who.Has)
}

func areasOf(s State) []string {
	var areas []string
	for _, a := range s.Place.Areas() {
		areas = append(areas, string(a))
	}
	return areas
}

func orgOf(who resident.Who) org.ID { return org.ID(who.Org) }

// maxCodeTries is how often a wrong short code may be typed for one problem.
const maxCodeTries = 10

// Follow lets the bearer of a follow link in: the identity of the author of
// that one problem.
func (s *Service) Follow(tx *sqldb.Tx, who resident.Who, secret string) (resident.Who, error) {
	problem, err := followed(tx, who.City, secret)
	if errors.Is(err, sqldb.ErrNoRow) {
		return who, fault.Missing.New("problem.no_such_link")
	}
	if err != nil {
		return who, fmt.Errorf("find follow link: %w", err)
	}
	who.Problem = problem
	return who, nil
}

// FollowByCode lets in who knows the number and the short code. A wrong code
// counts, also when the caller forgets the error: call it inside DB.Do and
// commit what it wrote.
func (s *Service) FollowByCode(tx *sqldb.Tx, who resident.Who, number int64, code string) (resident.Who, bool, error) {
	r, err := findByNumber(tx, who.City, number)
	if isMissing(err) {
		return who, false, nil // as for a wrong code: numbers are no secret, authors are
	}
	if err != nil {
		return who, false, err
	}
	known, err := codeOf(tx, who.City, r.id)
	if errors.Is(err, sqldb.ErrNoRow) {
		return who, false, nil
	}
	if err != nil {
		return who, false, err
	}
	if known.tries >= maxCodeTries {
		return who, false, fault.Limited.New("problem.code_locked")
	}
	if known.code != id.Hash(code) {
		return who, false, countTry(tx, who.City, r.id)
	}
	who.Problem = r.id
	return who, true, nil
}
