package web

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"gorod/internal/channel/web/view"
	"gorod/internal/city/place"
	"gorod/internal/city/reading"
	"gorod/internal/city/suggest"
	"gorod/internal/city/topic"
	"gorod/internal/platform/fault"
	"gorod/internal/platform/geo"
	"gorod/internal/platform/sqldb"
)

// inputOf is all that is known of a draft before it has a topic. How the place
// is marked is left out: a resident gives an address or a pin and is never asked
// whether the house itself is meant, and in the archive that follows from the
// topic.
func (s *Server) inputOf(ctx context.Context, v *visit, d *draft) (suggest.Input, error) {
	in := suggest.Input{Text: d.text, At: v.Now.In(v.zone()), Object: d.object}
	if v.Who.ID != 0 {
		in.Author = strconv.FormatInt(v.Who.ID, 10)
	}
	if d.housed {
		in.Lat, in.Lon = d.house.Point.Lat, d.house.Point.Lon
		in.District, in.Area = string(d.house.District), string(d.house.Municipality)
		if in.District != "" {
			return in, nil
		}
	}
	p := d.point()
	if !d.housed && !p.known() {
		return in, nil
	}
	where := d.pointOr(p.Point)
	in.Lat, in.Lon = where.Lat, where.Lon
	district, area, err := s.areasAt(ctx, v, where)
	in.District, in.Area = string(district), string(area)
	return in, err
}

// areasAt names the areas around a point; a place that the city refuses has none.
func (s *Server) areasAt(ctx context.Context, v *visit, p geo.Point) (district, area place.AreaID, err error) {
	err = s.DB.View(ctx, func(tx *sqldb.Tx) error {
		at, err := s.Places.LocateIn(tx, v.City.ID, place.Draft{Point: p, Mark: place.FreePoint})
		if fault.Of(err) != nil {
			return nil
		}
		district, area = at.District, at.Municipality
		return err
	})
	return district, area, err
}

// readAnswer takes what was said to the question. It is asked once: the objects
// that were offered travel along. Whoever wants to answer anew presses «Изменить».
func (d *draft) readAnswer() {
	f := d.form
	switch a := f.get("answer"); a {
	case "":
	case "again":
		f.values.Del("asked")
		f.values.Del("object")
	default:
		f.values.Set("object", a)
	}
	if f.get("asked") == "" || f.get("object") == "" {
		return
	}
	d.answered = true
	object := topic.ID(f.int("object"))
	if object > 0 && slices.Contains(objectsIn(f.get("asked")), object) {
		d.object = object
	}
}

// mostAsked is how many objects a question offers at most.
const mostAsked = 5

// objectsIn reads «1 2 14», as the form carries what was asked.
func objectsIn(line string) []topic.ID {
	var list []topic.ID
	for word := range strings.FieldsSeq(line) {
		if n := whole(word); n > 0 && len(list) < mostAsked {
			list = append(list, topic.ID(n))
		}
	}
	return list
}

// askOf puts the question and what was said to it on the page.
func (s *Server) askOf(ctx context.Context, v *visit, d *draft, p *view.HomePage) error {
	if d.manual || d.advice.Ask == nil && !d.answered {
		return nil
	}
	book, err := s.dictionary(ctx, v)
	if err != nil {
		return err
	}
	if d.answered {
		p.Answered = view.Answered{Asked: askedLine(objectsIn(d.form.get("asked"))), Object: strconv.FormatInt(int64(d.object), 10)}
		if name, ok := book.object(d.object); ok {
			p.Answered.Name = v.text(name)
		}
		return nil
	}
	var asked []topic.ID
	for _, id := range d.advice.Ask.Objects {
		name, ok := book.object(id)
		if !ok || len(asked) == mostAsked {
			continue
		}
		asked = append(asked, id)
		p.Question.Options = append(p.Question.Options, view.Object{ID: strconv.FormatInt(int64(id), 10), Name: v.text(name), Icon: iconOf(name)})
	}
	if len(asked) < 2 {
		p.Question.Options = nil
		return nil
	}
	p.Question.Asked = askedLine(asked)
	return nil
}

func askedLine(objects []topic.ID) string {
	var words []string
	for _, id := range objects {
		words = append(words, strconv.FormatInt(int64(id), 10))
	}
	return strings.Join(words, " ")
}

// object is the name of a first level of the tree.
func (b *dictionary) object(id topic.ID) (topic.Name, bool) {
	for _, t := range b.all {
		if t.Object == id {
			return t.ObjectName, true
		}
	}
	return nil, false
}

// longestQuote is how much of a piece of the text is shown, in letters.
const longestQuote = 60

// noticesOf is what reading a text has found and its author should know.
func (s *Server) noticesOf(v *visit, words string) []view.Notice {
	found := reading.Read(words)
	var list []view.Notice
	if len(found.Personal) > 0 {
		n := view.Notice{Kind: "personal", Text: s.say(v, "web.notice.personal")}
		for _, span := range found.Personal {
			q := view.Quote{Said: clipped(words[span.Start:span.End], longestQuote), What: s.say(v, "web.personal."+string(span.Kind))}
			if !slices.Contains(n.Quotes, q) {
				n.Quotes = append(n.Quotes, q)
			}
		}
		list = append(list, n)
	}
	if len(found.Obscene) > 0 {
		list = append(list, view.Notice{Kind: "rude", Text: s.say(v, "web.notice.rude")})
	}
	return list
}

// clipped is the beginning of a text, with an ellipsis where something is left out.
func clipped(words string, letters int) string {
	words = strings.Join(strings.Fields(words), " ")
	if utf8.RuneCountInString(words) <= letters {
		return words
	}
	return strings.TrimSpace(string([]rune(words)[:letters-1])) + "…"
}

// halves are the first problem of a text and all the rest; false where it
// speaks of one. What joins the two («и ещё») belongs to neither.
func halves(words string) (first, rest string, several bool) {
	parts := reading.Read(words).Parts
	if len(parts) < 2 {
		return "", "", false
	}
	end := parts[0].End
	if between := words[end:parts[1].Start]; len(strings.Fields(between)) > mostJoining {
		end = parts[1].Start
	}
	first, rest = alone(words[:end]), alone(words[parts[1].Start:])
	return first, rest, first != "" && rest != ""
}

// joining are words that tie a problem to the one before it, and begin no text
// of its own.
const joining = "и а ещё еще также тоже кроме того во-первых во-вторых первое второе 1 2 and also besides first second firstly secondly"

// alone is a problem as its author would have begun it.
func alone(words string) string {
	words = strings.TrimSpace(words)
	for {
		word, after, ok := strings.Cut(words, " ")
		if !ok || !slices.Contains(strings.Fields(joining), strings.ToLower(strings.Trim(word, ".,:;)("))) {
			break
		}
		words = strings.TrimSpace(after)
	}
	first, size := utf8.DecodeRuneInString(words)
	if size == 0 || first == utf8.RuneError {
		return words
	}
	return string(unicode.ToUpper(first)) + words[size:]
}

// mostJoining is how many words may join two problems: «и ещё одно».
const mostJoining = 4

// readParts takes the wish to send two problems apart, or together after all.
func (d *draft) readParts() {
	d.rest = strings.TrimSpace(d.form.get("rest"))
	switch {
	case d.form.get("split") != "" && d.rest == "":
		if first, rest, ok := halves(d.text); ok {
			d.text, d.rest = first, rest
		}
	case d.form.get("unsplit") != "" && d.rest != "":
		d.text, d.rest = strings.TrimSpace(d.text+"\n"+d.rest), ""
	default:
		return
	}
	d.form.values.Set("text", d.text)
	d.form.values.Set("rest", d.rest)
}

// partsOf are the problems that a text seems to speak of, to be sent apart.
func (d *draft) partsOf() []string {
	if d.rest != "" {
		return nil
	}
	first, rest, ok := halves(d.text)
	if !ok {
		return nil
	}
	return []string{clipped(first, 2*longestQuote), clipped(rest, 2*longestQuote)}
}

// pieces cuts a sentence at the telephone numbers in it.
func pieces(sentence string, numbers []string) []view.Piece {
	var list []view.Piece
	for sentence != "" {
		at, number := len(sentence), ""
		for _, n := range numbers {
			if i := wholeNumber(sentence, n); i >= 0 && i < at {
				at, number = i, n
			}
		}
		if at > 0 {
			list = append(list, view.Piece{Text: sentence[:at]})
		}
		if number != "" {
			list = append(list, view.Piece{Text: number, Call: true})
		}
		sentence = sentence[at+len(number):]
	}
	return list
}

// wholeNumber finds a number that is no part of a longer one; -1: it is not there.
func wholeNumber(sentence, number string) int {
	from := 0
	for number != "" {
		i := strings.Index(sentence[from:], number)
		if i < 0 {
			return -1
		}
		start, end := from+i, from+i+len(number)
		if (start == 0 || !isDigit(sentence[start-1])) && (end == len(sentence) || !isDigit(sentence[end])) {
			return start
		}
		from = end
	}
	return -1
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// calls are whom to call in danger: in a house whose lift is stuck its own crew
// comes before 112.
func (s *Server) calls(ctx context.Context, v *visit, found []reading.Danger) ([]view.Next, error) {
	steps, err := s.nextSteps(ctx, v, "emergency", "")
	if err != nil || len(found) == 0 || found[0].Call != reading.HouseCrew {
		return steps, err
	}
	slices.SortStableFunc(steps, func(a, b view.Next) int { return general(a) - general(b) })
	return steps, nil
}

// general is 1 for the one number of all emergency services.
func general(n view.Next) int {
	if n.Phone == "112" {
		return 1
	}
	return 0
}

// numbers are the telephone numbers of the city's emergency steps.
func (s *Server) numbers(ctx context.Context, v *visit) ([]string, error) {
	steps, err := s.nextSteps(ctx, v, "emergency", "")
	var list []string
	for _, step := range steps {
		if step.Phone != "" {
			list = append(list, step.Phone)
		}
	}
	return list, err
}
