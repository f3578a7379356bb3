package problem

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"gorod/internal/platform/fault"
	"gorod/internal/platform/geo"
	"gorod/internal/platform/id"
	"gorod/internal/platform/sqldb"
)

// row is a problem as the table holds it.
type row struct {
	id    int64
	state State
}

func scanRow(r sqldb.Scanner) (row, error) {
	var out row
	var body string
	if err := r.Scan(&out.id, &body); err != nil {
		return out, err
	}
	if err := json.Unmarshal([]byte(body), &out.state); err != nil {
		return out, fmt.Errorf("read state of problem %d: %w", out.id, err)
	}
	return out, nil
}

// load reads a problem for a change. On PostgreSQL the row is locked, so that
// two commands at once wait for each other instead of failing at the end.
func load(tx *sqldb.Tx, city, problem int64) (State, error) {
	query := `SELECT id, state FROM problem WHERE city = $1 AND id = $2`
	if tx.Engine() == sqldb.Postgres {
		query += ` FOR UPDATE`
	}
	r, err := sqldb.One(tx, scanRow, query, city, problem)
	if errors.Is(err, sqldb.ErrNoRow) {
		return State{}, fault.Missing.New("problem.missing")
	}
	return r.state, err
}

func find(tx *sqldb.Tx, where string, args ...any) (row, error) {
	r, err := sqldb.One(tx, scanRow, `SELECT id, state FROM problem WHERE `+where, args...)
	if errors.Is(err, sqldb.ErrNoRow) {
		return r, fault.Missing.New("problem.missing")
	}
	return r, err
}

func findByID(tx *sqldb.Tx, city, problem int64) (row, error) {
	return find(tx, `city = $1 AND id = $2`, city, problem)
}

func findByNumber(tx *sqldb.Tx, city, number int64) (row, error) {
	return find(tx, `city = $1 AND number = $2`, city, number)
}

func findByUID(tx *sqldb.Tx, city int64, uid string) (row, error) {
	return find(tx, `city = $1 AND uid = $2`, city, uid)
}

// insertProblem writes the row of a new problem.
func insertProblem(tx *sqldb.Tx, city, problem int64, s State) error {
	args, err := columnsOf(city, problem, s)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`
		INSERT INTO problem (
			city, id, uid, number, status, seq, topic, topic_version, object, category, visible,
			lat, lon, cell, house, address, district, municipality,
			author, executor, coordinator, controller,
			created, accepted, stage_due, due, answered, closed, changed,
			messages, joined, redirect_asked, redirects, sent_back, state, city_object)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20,
			$21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36)`, args...)
	return err
}

// updateProblem writes the row anew, if it is still at the version that the
// command was decided on.
func updateProblem(tx *sqldb.Tx, city, problem int64, s State, was int64) error {
	args, err := columnsOf(city, problem, s)
	if err != nil {
		return err
	}
	n, err := tx.Exec(`
		UPDATE problem SET
			uid = $3, number = $4, status = $5, seq = $6, topic = $7, topic_version = $8, object = $9, category = $10, visible = $11,
			lat = $12, lon = $13, cell = $14, house = $15, address = $16, district = $17, municipality = $18,
			author = $19, executor = $20, coordinator = $21, controller = $22,
			created = $23, accepted = $24, stage_due = $25, due = $26, answered = $27, closed = $28, changed = $29,
			messages = $30, joined = $31, redirect_asked = $32, redirects = $33, sent_back = $34, state = $35, city_object = $36
		WHERE city = $1 AND id = $2 AND seq = $37`, append(args, was)...)
	if err == nil && n == 0 {
		return fault.Conflict.New("problem.changed_meanwhile")
	}
	return err
}

// columnsOf is what the table holds of a state, in the order of the statements
// above.
func columnsOf(city, problem int64, s State) ([]any, error) {
	body, err := json.Marshal(s)
	if err != nil {
		return nil, fmt.Errorf("write state of problem %d: %w", problem, err)
	}
	uid, number := s.UID, s.Number
	if s.Status == Draft {
		uid, number = fmt.Sprintf("draft-%d", problem), -problem // unique until the message gives the real ones
	}
	return []any{
		city, problem, uid, number, string(s.Status), s.Seq,
		int64(s.Topic.ID), s.Topic.Version, int64(s.Object), int64(s.Branch), flag(s.Visible()),
		s.Place.Point.Lat, s.Place.Point.Lon, geo.Cell(s.Place.Point), int64(s.Place.House), s.Place.Address,
		string(s.Place.District), string(s.Place.Municipality),
		s.Author, string(s.Routing.Executor), string(s.Routing.Coordinator), string(s.Routing.Controller),
		int64(s.Created), int64(s.Accepted), int64(s.StageDue()), int64(s.Due()), int64(s.Answered), int64(s.Closed), int64(s.Changed),
		len(s.Messages), s.Joined, flag(s.RedirectWanted), s.Redirects, flag(s.SentBack()), string(body), s.Place.Object,
	}, nil
}

func flag(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

func insertEvent(tx *sqldb.Tx, city, problem int64, e Event) error {
	kind, data, err := encode(e.Data)
	if err != nil {
		return err
	}
	by, err := json.Marshal(e.By)
	if err != nil {
		return fmt.Errorf("write actor of event: %w", err)
	}
	_, err = tx.Exec(`
		INSERT INTO problem_event (problem, seq, city, kind, v, at, seen, by_who, data)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		problem, e.Seq, city, string(kind), feedVersion, int64(e.At), string(e.Seen), string(by), data)
	if errors.Is(err, sqldb.ErrUnique) {
		return fault.Conflict.New("problem.changed_meanwhile").Because(err)
	}
	return err
}

func scanEvent(r sqldb.Scanner) (Event, error) {
	var e Event
	var kind, by, data string
	var version int
	if err := r.Scan(&e.Seq, &kind, &version, &e.At, &e.Seen, &by, &data); err != nil {
		return e, err
	}
	if err := json.Unmarshal([]byte(by), &e.By); err != nil {
		return e, fmt.Errorf("read actor of event %d: %w", e.Seq, err)
	}
	var err error
	e.Data, err = decode(Kind(kind), version, data)
	return e, err
}

// feed reads the events of a problem, oldest first.
func feed(tx *sqldb.Tx, city, problem int64) ([]Event, error) {
	return sqldb.List(tx, scanEvent, `
		SELECT seq, kind, v, at, seen, by_who, data
		FROM problem_event
		WHERE city = $1 AND problem = $2
		ORDER BY seq`, city, problem)
}

// Text is what a person wrote, as it may be shown.
type Text struct {
	ID       int64
	Body     string
	Resident bool   // written by a resident: erased with the author's data
	Signer   Signer // of an answer
	Erased   bool
}

func insertText(tx *sqldb.Tx, city, problem int64, w *written) error {
	if w == nil {
		return nil
	}
	signed := ""
	if w.signer != (Signer{}) {
		packed, err := json.Marshal(w.signer)
		if err != nil {
			return fmt.Errorf("write signer: %w", err)
		}
		signed = string(packed)
	}
	_, err := tx.Exec(`
		INSERT INTO problem_text (id, city, problem, resident, body, salt, signer, erased)
		VALUES ($1, $2, $3, $4, $5, $6, $7, 0)`,
		w.key, city, problem, flag(w.resident), w.body, hex.EncodeToString(w.salt), signed)
	return err
}

func scanText(r sqldb.Scanner) (Text, error) {
	var t Text
	var resident, erased int64
	var signer string
	if err := r.Scan(&t.ID, &t.Body, &resident, &signer, &erased); err != nil {
		return t, err
	}
	t.Resident, t.Erased = resident != 0, erased != 0
	if signer != "" {
		if err := json.Unmarshal([]byte(signer), &t.Signer); err != nil {
			return t, fmt.Errorf("read signer of text %d: %w", t.ID, err)
		}
	}
	return t, nil
}

func texts(tx *sqldb.Tx, city, problem int64) ([]Text, error) {
	return sqldb.List(tx, scanText, `
		SELECT id, body, resident, signer, erased
		FROM problem_text
		WHERE city = $1 AND problem = $2
		ORDER BY id`, city, problem)
}

// eraseTexts removes what residents wrote, with the salts, so that the
// commitments in the feed say nothing more.
func eraseTexts(tx *sqldb.Tx, city, problem int64) error {
	if _, err := tx.Exec(`
		UPDATE problem_text SET body = '', salt = '', erased = $3
		WHERE city = $1 AND problem = $2 AND resident = 1`, city, problem, tx.Micros()); err != nil {
		return err
	}
	if err := deleteContact(tx, city, problem); err != nil {
		return err
	}
	_, err := tx.Exec(`DELETE FROM problem_follow WHERE city = $1 AND problem = $2`, city, problem)
	return err
}

func insertContact(tx *sqldb.Tx, city, problem int64, c Contact) error {
	if c.Blank() {
		return nil
	}
	body, err := json.Marshal(c)
	if err != nil {
		return fmt.Errorf("write contact: %w", err)
	}
	_, err = tx.Exec(`
		INSERT INTO problem_contact (problem, city, contact) VALUES ($1, $2, $3)
		ON CONFLICT (city, problem) DO UPDATE SET contact = excluded.contact`, problem, city, string(body))
	return err
}

func deleteContact(tx *sqldb.Tx, city, problem int64) error {
	if _, err := tx.Exec(`DELETE FROM problem_contact WHERE city = $1 AND problem = $2`, city, problem); err != nil {
		return fmt.Errorf("delete contact of problem %d: %w", problem, err)
	}
	return nil
}

func contact(tx *sqldb.Tx, city, problem int64) (Contact, error) {
	body, err := sqldb.One(tx, sqldb.Text, `SELECT contact FROM problem_contact WHERE city = $1 AND problem = $2`, city, problem)
	if errors.Is(err, sqldb.ErrNoRow) {
		return Contact{}, nil
	}
	if err != nil {
		return Contact{}, err
	}
	var c Contact
	if err := json.Unmarshal([]byte(body), &c); err != nil {
		return c, fmt.Errorf("read contact of problem %d: %w", problem, err)
	}
	return c, nil
}

func insertFollow(tx *sqldb.Tx, city, problem int64, secret, code string) error {
	_, err := tx.Exec(`
		INSERT INTO problem_follow (problem, city, secret, code, tries) VALUES ($1, $2, $3, $4, 0)`,
		problem, city, id.Hash(secret), id.Hash(code))
	return err
}

func followed(tx *sqldb.Tx, city int64, secret string) (int64, error) {
	return sqldb.One(tx, sqldb.Int, `SELECT problem FROM problem_follow WHERE city = $1 AND secret = $2`, city, id.Hash(secret))
}

type followCode struct {
	code  string
	tries int64
}

func codeOf(tx *sqldb.Tx, city, problem int64) (followCode, error) {
	return sqldb.One(tx, func(r sqldb.Scanner) (followCode, error) {
		var f followCode
		err := r.Scan(&f.code, &f.tries)
		return f, err
	}, `SELECT code, tries FROM problem_follow WHERE city = $1 AND problem = $2`, city, problem)
}

func countTry(tx *sqldb.Tx, city, problem int64) error {
	_, err := tx.Exec(`UPDATE problem_follow SET tries = tries + 1 WHERE city = $1 AND problem = $2`, city, problem)
	return err
}

// addJoined tells whether this is a new joiner.
func addJoined(tx *sqldb.Tx, city, problem int64, who string, person int64) (bool, error) {
	n, err := tx.Exec(`
		INSERT INTO problem_joined (city, problem, who, person, at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT DO NOTHING`, city, problem, who, person, tx.Micros())
	return n > 0, err
}

// removeJoined tells whether there was such a joiner.
func removeJoined(tx *sqldb.Tx, city, problem int64, who string) (bool, error) {
	n, err := tx.Exec(`DELETE FROM problem_joined WHERE city = $1 AND problem = $2 AND who = $3`, city, problem, who)
	return n > 0, err
}

func hasJoined(tx *sqldb.Tx, city, problem int64, who string) (bool, error) {
	n, err := sqldb.One(tx, sqldb.Int, `
		SELECT count(*) FROM problem_joined WHERE city = $1 AND problem = $2 AND who = $3`, city, problem, who)
	return n > 0, err
}

// joiners are the accounts that joined a problem, for notices.
func joiners(tx *sqldb.Tx, city, problem int64) ([]int64, error) {
	return sqldb.List(tx, sqldb.Int, `
		SELECT person FROM problem_joined WHERE city = $1 AND problem = $2 AND person <> 0 ORDER BY person`, city, problem)
}

// countSent is how many messages a sender sent since a moment.
func countSent(tx *sqldb.Tx, city int64, sender string, since int64) (int64, error) {
	return sqldb.One(tx, sqldb.Int, `
		SELECT count(*) FROM problem_sender WHERE city = $1 AND sender = $2 AND at > $3`, city, sender, since)
}

func insertSent(tx *sqldb.Tx, city int64, sender string, key int64) error {
	_, err := tx.Exec(`INSERT INTO problem_sender (city, sender, at, id) VALUES ($1, $2, $3, $4)`, city, sender, tx.Micros(), key)
	return err
}

// openOf lists the newest open problems of an author with a topic.
func openOf(tx *sqldb.Tx, city, author, topic int64) ([]row, error) {
	return sqldb.List(tx, scanRow, `
		SELECT id, state FROM problem
		WHERE city = $1 AND author = $2 AND author <> 0 AND topic = $3
			AND status IN ('moderation', 'question', 'work', 'interim', 'review', 'answered')
		ORDER BY created DESC
		LIMIT 20`, city, author, topic)
}

type doneCommand struct{ sum, outcome string }

// knownCommand looks for a command with this key.
func knownCommand(tx *sqldb.Tx, city int64, actor, key string) (doneCommand, bool, error) {
	d, err := sqldb.One(tx, func(r sqldb.Scanner) (doneCommand, error) {
		var d doneCommand
		err := r.Scan(&d.sum, &d.outcome)
		return d, err
	}, `SELECT sum, outcome FROM problem_command WHERE city = $1 AND actor = $2 AND key = $3`, city, actor, key)
	if errors.Is(err, sqldb.ErrNoRow) {
		return d, false, nil
	}
	return d, err == nil, err
}

// claimCommand takes a key before the command is done; false when another
// transaction has it.
func claimCommand(tx *sqldb.Tx, city int64, actor, key, sum string) (bool, error) {
	n, err := tx.Exec(`
		INSERT INTO problem_command (city, actor, key, sum, outcome, at) VALUES ($1, $2, $3, $4, '', $5)
		ON CONFLICT DO NOTHING`, city, actor, key, sum, tx.Micros())
	return n > 0, err
}

func finishCommand(tx *sqldb.Tx, city int64, actor, key, outcome string) error {
	_, err := tx.Exec(`
		UPDATE problem_command SET outcome = $4 WHERE city = $1 AND actor = $2 AND key = $3`, city, actor, key, outcome)
	return err
}

// sweep drops what is kept for a time only, a slice at a time.
func sweep(tx *sqldb.Tx, commandsBefore, sendersBefore int64, limit int) (int64, error) {
	a, err := tx.Exec(`
		DELETE FROM problem_command WHERE (city, actor, key) IN (
			SELECT city, actor, key FROM problem_command WHERE at < $1 LIMIT $2)`, commandsBefore, limit)
	if err != nil {
		return 0, err
	}
	b, err := tx.Exec(`
		DELETE FROM problem_sender WHERE (city, sender, at, id) IN (
			SELECT city, sender, at, id FROM problem_sender WHERE at < $1 LIMIT $2)`, sendersBefore, limit)
	return a + b, err
}

// silentSince lists answered problems whose answer is old enough, the longest
// silence first, behind the one given.
func silentSince(tx *sqldb.Tx, city, before int64, after row, limit int) ([]row, error) {
	return sqldb.List(tx, scanRow, `
		SELECT id, state FROM problem
		WHERE city = $1 AND status = 'answered' AND answered <= $2 AND (answered, id) > ($3, $4)
		ORDER BY answered, id
		LIMIT $5`, city, before, int64(after.state.Answered), after.id, limit)
}

func questionsOver(tx *sqldb.Tx, city, now int64, limit int) ([]row, error) {
	return sqldb.List(tx, scanRow, `
		SELECT id, state FROM problem
		WHERE city = $1 AND status = 'question' AND stage_due <= $2
		ORDER BY stage_due, id
		LIMIT $3`, city, now, limit)
}

// page reads problems by key for verification, a slice at a time.
func page(tx *sqldb.Tx, city, after int64, limit int) ([]row, error) {
	return sqldb.List(tx, scanRow, `
		SELECT id, state FROM problem WHERE city = $1 AND id > $2 ORDER BY id LIMIT $3`, city, after, limit)
}

func pageByNumber(tx *sqldb.Tx, city, after int64, limit int) ([]row, error) {
	return sqldb.List(tx, scanRow, `
		SELECT id, state FROM problem WHERE city = $1 AND number > $2 ORDER BY number LIMIT $3`, city, after, limit)
}

type saltedText struct {
	key        int64
	body, salt string
	erased     bool
}

func salted(tx *sqldb.Tx, city, problem int64) (map[int64]saltedText, error) {
	list, err := sqldb.List(tx, func(r sqldb.Scanner) (saltedText, error) {
		var t saltedText
		var erased int64
		err := r.Scan(&t.key, &t.body, &t.salt, &erased)
		t.erased = erased != 0
		return t, err
	}, `SELECT id, body, salt, erased FROM problem_text WHERE city = $1 AND problem = $2`, city, problem)
	byKey := make(map[int64]saltedText, len(list))
	for _, t := range list {
		byKey[t.key] = t
	}
	return byKey, err
}

// columnNames are the columns of columnsOf, in its order.
var columnNames = [...]string{
	"city", "id", "uid", "number", "status", "seq", "topic", "topic_version", "object", "category", "visible",
	"lat", "lon", "cell", "house", "address", "district", "municipality",
	"author", "executor", "coordinator", "controller",
	"created", "accepted", "stage_due", "due", "answered", "closed", "changed",
	"messages", "joined", "redirect_asked", "redirects", "sent_back", "state", "city_object",
}

// storedColumns reads the columns of columnsOf as they are stored, as text.
func storedColumns(tx *sqldb.Tx, city, problem int64) ([]string, error) {
	return sqldb.One(tx, func(r sqldb.Scanner) ([]string, error) {
		values := make([]any, len(columnNames))
		dest := make([]any, len(columnNames))
		for i := range dest {
			dest[i] = &values[i]
		}
		if err := r.Scan(dest...); err != nil {
			return nil, err
		}
		stored := make([]string, len(values))
		for i, v := range values {
			if b, ok := v.([]byte); ok {
				v = string(b)
			}
			stored[i] = fmt.Sprint(v)
		}
		return stored, nil
	}, `SELECT `+strings.Join(columnNames[:], ", ")+` FROM problem WHERE city = $1 AND id = $2`, city, problem)
}
