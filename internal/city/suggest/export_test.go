package suggest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"slices"

	"gorod/internal/platform/text"
)

// SaveOnlyParts writes a model as a training does that is killed before it
// moves the pointer.
func (s *Service) SaveOnlyParts(ctx context.Context, city, version int64, m *Model) error {
	_, err := s.saveParts(ctx, city, version, m.Encode())
	return err
}

// FewLessons is what makes a new training worth the while.
const FewLessons = fewLessons

// Sealed gives bytes the checksum that Decode asks for.
func Sealed(b []byte) []byte {
	body := b[:max(0, len(b)-sha256.Size)]
	sum := sha256.Sum256(body)
	return append(bytes.Clone(body), sum[:]...)
}

// SmallPast is a memory that holds few messages.
func SmallPast(m *Model, most int) *Past {
	p := m.Past()
	p.most = most
	return p
}

// Traces tells whether a memory knows an author or a word.
func Traces(p *Past, author, word string) bool {
	for _, term := range appendTerms(nil, []string{word}, text.Stems(word)) {
		if list, only := p.memory.postings.read(term); len(list) > 0 || only >= 0 {
			return true
		}
		if slices.Contains(p.memory.terms, term) {
			return true
		}
	}
	key := authorKey(author)
	for _, r := range p.memory.list {
		if r.author == key {
			return true
		}
	}
	return p.memory.byAuthor[key] != nil
}

// PastOf is the memory that a service holds of a city.
func PastOf(s *Service, city int64) *Past { return s.cities.slot(city).now.Load().past }

// FetchOnly looks up what the past tells of a message.
func FetchOnly(p *Past, in Input) {
	t := p.model.borrow()
	defer p.model.scratch.Put(t)
	w := whereOf(&in)
	t.tokens, t.stems = tokenize(in.Text)
	p.fetch(t, &w)
	p.lock.RUnlock()
}

// Fetched does the same, and gives what is left to do: reading the text, the
// linear parts, the evidence, the forest.
func Fetched(p *Past, in Input) (weigh func()) {
	t := p.model.borrow()
	w := whereOf(&in)
	t.tokens, t.stems = tokenize(in.Text)
	p.fetch(t, &w)
	return func() {
		t.tokens, t.stems = tokenize(in.Text)
		t.take(t.tokens, t.stems)
		p.model.text.score(&t.vector, &t.linear, t.text)
		p.weigh(t, &w)
		p.lock.RUnlock()
		p.model.scratch.Put(t)
	}
}
