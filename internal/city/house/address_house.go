package house

import "strings"

// houses reads the numbers of houses in a chunk; those of the chunks before are
// in p.now.
func (p *addressReader) houses(tokens []token) {
	h := &houseReader{p: p, tokens: tokens}
	if h.moreLetters() {
		return
	}
	for h.at < len(h.tokens) {
		h.step()
	}
}

// moreLetters reads «Б» of «лит. А, Б».
func (h *houseReader) moreLetters() bool {
	n := len(h.p.now.Spans)
	if len(h.tokens) != 1 || !h.tokens[0].letter() || n == 0 || h.p.now.Spans[n-1].Letter == "" {
		return false
	}
	more := h.p.now.Spans[n-1]
	more.Letter = h.tokens[0].text
	more.Text += ", " + more.Letter
	h.p.now.Spans = append(h.p.now.Spans, more)
	return true
}

// houseReader goes through one chunk.
type houseReader struct {
	p      *addressReader
	tokens []token
	at     int
}

func (h *houseReader) peek() token {
	if h.at < len(h.tokens) {
		return h.tokens[h.at]
	}
	return token{}
}

// dots passes over what only parts.
func (h *houseReader) dots() {
	for h.peek().is(".", "#", "\"", "'") {
		h.at++
	}
}

func (h *houseReader) step() {
	t := h.peek()
	switch {
	case t.is(".", "#", "\"", "'") || idle(t) && !t.letter() || t.is("и", "в"):
		h.at++
	case wholeWord(t):
		h.p.now.Whole = true
		h.at++
	case exceptWord(t):
		h.p.except = true
		h.at++
	case parityOf(t.text) != Both:
		h.side(parityOf(t.text))
	case t.is("от", "с", "начиная") && h.isRange():
		h.fromTo()
	case t.kind == numberToken:
		h.unit()
	case t.kind == wordToken && rolesOf(t.text) != noPart:
		h.role(rolesOf(t.text))
	default:
		h.lose()
	}
}

// lose gives up the rest of the chunk.
func (h *houseReader) lose() {
	h.miss(textOf(h.tokens[h.at:]))
	h.at = len(h.tokens)
}

// miss notes what was not understood.
func (h *houseReader) miss(what string) {
	h.p.lost = true
	h.p.left = append(h.p.left, h.p.now.Street+": "+what)
}

// isRange tells whether «от» is followed by a number.
func (h *houseReader) isRange() bool {
	for _, t := range h.tokens[h.at+1:] {
		switch {
		case t.kind == numberToken:
			for _, u := range h.tokens[h.at+1:] {
				if u.is("до", "по") {
					return true
				}
			}
			return h.peek().is("от")
		case rolesOf(t.text) == housePart || t.is("."):
		default:
			return false
		}
	}
	return false
}

// fromTo reads «от дома 3 до дома 11», «с 3 по 11».
func (h *houseReader) fromTo() {
	from := h.at
	h.at++
	first, ok := h.plainNumber()
	if !ok || !h.peek().is("до", "по") {
		h.at = from
		h.lose()
		return
	}
	h.at++
	last, ok := h.plainNumber()
	if !ok {
		h.at = from
		h.lose()
		return
	}
	h.addRange(first, last, from)
}

// plainNumber reads a number with a role before and a letter behind it, of which
// a range has no use.
func (h *houseReader) plainNumber() (int, bool) {
	for h.peek().is(".", "#") || rolesOf(h.peek().text) == housePart && h.peek().kind == wordToken {
		h.at++
	}
	t := h.peek()
	if t.kind != numberToken {
		return 0, false
	}
	h.at++
	h.tail(&Span{})
	return number(t.text), true
}

func (h *houseReader) addRange(first, last, from int) {
	parity := Both
	for h.peek().is(".") {
		h.at++
	}
	if parityOf(h.peek().text) != Both {
		parity = parityOf(h.peek().text)
		h.at++
		for h.peek().is(".", "сторона", "стороны") {
			h.at++
		}
	}
	shown := textOf(h.tokens[from:h.at])
	if first <= 0 || last < first || last > maxNumber {
		h.miss(shown)
		return
	}
	h.p.now.Spans = append(h.p.now.Spans, Span{From: first, To: last, Parity: parity, Except: h.p.except, Text: shown})
}

// side is «чётная сторона», or belongs to the range before it.
func (h *houseReader) side(parity Parity) {
	h.at++
	for h.peek().is(".", "сторона", "стороны", "дома", "номера") {
		h.at++
	}
	if n := len(h.p.now.Spans); n > 0 {
		if last := &h.p.now.Spans[n-1]; last.To > 0 && last.Parity == Both {
			last.Parity = parity
		}
		return
	}
	if h.peek().kind == numberToken { // «чётные 2-20»
		before := len(h.p.now.Spans)
		h.unit()
		for i := before; i < len(h.p.now.Spans); i++ {
			if s := &h.p.now.Spans[i]; s.To > 0 {
				s.Parity = parity
			}
		}
		return
	}
	h.p.now.Whole = false
	h.p.now.Spans = append(h.p.now.Spans, Span{From: 1, To: maxNumber, Parity: parity, Except: h.p.except, Text: textOf(h.tokens[h.at-1 : h.at])})
}

// unit reads one house or a range that begins with a number.
func (h *houseReader) unit() {
	from := h.at
	switch {
	case h.p.plural:
		h.building(h.peek().text)
		h.at++
		return
	case severalFlats(h.p.inside):
		h.at++
		for h.peek().is("-", ".") || h.peek().kind == numberToken {
			h.at++
		}
		return
	case h.p.inside != "": // «кв. 5, 7»: a flat or a house?
		h.lose()
		return
	}
	s := Span{Number: h.peek().text, Except: h.p.except}
	if number(s.Number) == 0 || number(s.Number) > maxNumber {
		h.lose()
		return
	}
	h.at++
	h.tail(&s)
	if h.peek().is("-") && h.at+1 < len(h.tokens) && h.tokens[h.at+1].kind == numberToken {
		h.at++
		last := number(h.peek().text)
		h.at++
		h.tail(&Span{})
		h.addRange(number(leading(s.Number)), last, from)
		return
	}
	s.Text = textOf(h.tokens[from:h.at])
	h.p.now.Spans = append(h.p.now.Spans, s)
}

func leading(s string) string { return s[:digitsOf(s)] }

// tail reads what belongs to a number: /21, а, корп. 2, лит. А.
func (h *houseReader) tail(s *Span) {
	for h.at < len(h.tokens) {
		t, next := h.peek(), token{}
		if h.at+1 < len(h.tokens) {
			next = h.tokens[h.at+1]
		}
		switch {
		case t.is("/") && next.kind == numberToken:
			s.Number += "/" + next.text
			h.at += 2
		case t.is("/") && next.letter():
			s.Letter = next.text
			h.at += 2
		case t.is("-") && next.letter() && s.Letter == "": // «12-а»
			s.Letter = next.text
			h.at += 2
		case t.kind == wordToken && rolesOf(t.text) > housePart && h.value() != "":
			role, value := rolesOf(t.text), h.value()
			if role == buildingsPart {
				return
			}
			h.take()
			s.set(role, value)
		case t.letter() && s.Letter == "" && (!t.is("и", "в") || next.kind == wordToken && rolesOf(next.text) > housePart || h.at+1 == len(h.tokens)):
			s.Letter, s.bare = t.text, true
			h.at++
		case t.is("\"", "'", ".") && h.at+1 < len(h.tokens) && (next.letter() || next.is("\"", "'") || rolesOf(next.text) > housePart):
			h.at++
		case t.is("\"", "'"):
			h.at++
		default:
			return
		}
	}
}

func (s *Span) set(role partRole, value string) {
	switch role {
	case buildingPart:
		s.Building = value
	case structurePart:
		s.Structure = value
	case letterPart:
		if s.bare && s.Letter != "" { // «19в литера А»
			s.Number += s.Letter
		}
		s.Letter, s.bare = value, false
	}
}

// value is what the role at hand announces: a number or a letter; "" nothing.
func (h *houseReader) value() string {
	i := h.at + 1
	for i < len(h.tokens) && h.tokens[i].is(".", "#", "\"", "'") {
		i++
	}
	if i == len(h.tokens) {
		return ""
	}
	t, isLetter := h.tokens[i], rolesOf(h.peek().text) == letterPart
	switch {
	case isLetter && t.letter() && i+1 < len(h.tokens) && h.tokens[i+1].kind == numberToken:
		return t.text + h.tokens[i+1].text // литера Г1
	case t.kind == numberToken, t.letter():
		return t.text
	case isLetter && t.kind == wordToken && len([]rune(t.text)) == 2 && rolesOf(t.text) == noPart && !idle(t):
		return t.text // литера АД
	}
	return ""
}

// take passes over a role and its value; of flats over the whole list.
func (h *houseReader) take() {
	role, word := rolesOf(h.peek().text), h.peek().text
	h.at++
	h.dots()
	h.at++
	if role == letterPart && h.at > 0 && h.tokens[h.at-1].letter() && h.peek().kind == numberToken {
		h.at++
	}
	h.p.inside = ""
	if role == flatPart {
		h.p.inside = word
	}
	if role != flatPart {
		return
	}
	for h.peek().is("-", ".") || h.peek().kind == numberToken {
		h.at++
	}
}

// role reads a word that announces a part of a house's number.
func (h *houseReader) role(role partRole) {
	if role == housePart {
		h.p.plural, h.p.inside = false, ""
		h.at++
		h.dots()
		return
	}
	value := h.value()
	if value == "" {
		h.lose()
		return
	}
	n := len(h.p.now.Spans)
	if n == 0 && role != flatPart {
		h.lose()
		return
	}
	h.take()
	switch role {
	case flatPart:
	case buildingsPart:
		h.p.plural = true
		h.building(value)
	case buildingPart:
		h.building(value)
	default:
		last := &h.p.now.Spans[n-1]
		if last.To > 0 {
			return // a range has all of them
		}
		if same := *last; role == letterPart && last.Letter != "" && !last.bare || role == structurePart && last.Structure != "" {
			same.set(role, value)
			same.Text += " " + value
			h.p.now.Spans = append(h.p.now.Spans, same)
			return
		}
		last.set(role, value)
		last.Text += " " + value
	}
}

// building is a further building of the house before; a range has all of them.
func (h *houseReader) building(value string) {
	n := len(h.p.now.Spans)
	if n == 0 || h.p.now.Spans[n-1].To > 0 {
		return
	}
	last := &h.p.now.Spans[n-1]
	if last.Building == "" {
		last.Building = value
		last.Text = strings.TrimSpace(last.Text + " к " + value)
		return
	}
	h.p.now.Spans = append(h.p.now.Spans, Span{Number: last.Number, Building: value, Except: last.Except, Text: last.Number + " к " + value})
}

// severalFlats tells whether a word announces several parts of a house: then
// the numbers that follow are such parts and not houses.
func severalFlats(word string) bool {
	switch word {
	case "квартиры", "подъезды", "парадные", "помещения", "этажи":
		return true
	}
	return false
}
