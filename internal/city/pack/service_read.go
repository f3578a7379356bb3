package pack

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"gorod/internal/city/place"
	"gorod/internal/city/topic"
	"gorod/internal/platform/fault"
	"gorod/internal/platform/sqldb"
)

// Clauses lists the reasons for which a message may be refused, in the order
// of the pack.
func (s *Service) Clauses(ctx context.Context, city int64) ([]Clause, error) {
	b, err := s.book(ctx, city)
	if err != nil {
		return nil, err
	}
	return slices.Clone(b.clauses), nil
}

// ClauseIn finds a clause by its code; a Missing fault where there is none.
func (s *Service) ClauseIn(tx *sqldb.Tx, city int64, code string) (Clause, error) {
	b, err := s.bookIn(tx, city)
	if err != nil {
		return Clause{}, err
	}
	for _, c := range b.clauses {
		if c.Code == code {
			return c, nil
		}
	}
	return Clause{}, fault.Missing.New("pack.no_such_clause", code)
}

// Templates lists the answers written beforehand for a topic, those for the
// topic itself first, then for its category, its object, and any.
func (s *Service) Templates(ctx context.Context, city int64, t topic.Topic) ([]Template, error) {
	b, err := s.book(ctx, city)
	if err != nil {
		return nil, err
	}
	var list []Template
	for _, scope := range scopesOf(t) {
		for _, template := range b.templates {
			if template.Scope == scope {
				list = append(list, template)
			}
		}
	}
	return list, nil
}

// NextSteps lists what a person is offered when the city's way ends: season,
// nothing_fits, rejected or emergency.
func (s *Service) NextSteps(ctx context.Context, city int64, when string) ([]NextStep, error) {
	b, err := s.book(ctx, city)
	if err != nil {
		return nil, err
	}
	var list []NextStep
	for _, step := range b.steps {
		if step.When == when {
			list = append(list, step)
		}
	}
	return list, nil
}

// TextOf gives a page of the city as Markdown, in a language, else in the
// city's main one; the Lang of the answer says which. A page that the city does
// not have is a Missing fault.
func (s *Service) TextOf(ctx context.Context, city int64, name, lang string) (Text, error) {
	var found Text
	err := s.db.View(ctx, func(tx *sqldb.Tx) error {
		b, err := s.bookIn(tx, city)
		if err != nil {
			return err
		}
		c, err := s.Places.CityIn(tx, city)
		if err != nil {
			return err
		}
		for _, l := range []string{lang, c.Main} {
			if body, ok := b.texts[textKey{name, l}]; ok {
				found = Text{Name: name, Lang: l, Body: body}
				return nil
			}
		}
		return fault.Missing.New("pack.no_such_text", name)
	})
	return found, err
}

// Examples lists texts of which the topic is known, at most limit, with ids
// above after: call again with the last id until none comes.
func (s *Service) Examples(ctx context.Context, city, after int64, limit int) ([]Example, error) {
	var list []Example
	err := s.db.View(ctx, func(tx *sqldb.Tx) error {
		c, err := s.Places.CityIn(tx, city)
		if err != nil {
			return err
		}
		list, err = readExamples(tx, city, c.Version, after, limit)
		return err
	})
	return list, err
}

// Layers lists the names of the map's own layers.
func (s *Service) Layers(ctx context.Context, city int64) ([]string, error) {
	var names []string
	err := s.db.View(ctx, func(tx *sqldb.Tx) error {
		c, err := s.Places.CityIn(tx, city)
		if err != nil {
			return err
		}
		names, err = readLayerNames(tx, city, c.Version)
		return err
	})
	return names, err
}

// BaseMap gives a layer of the map's own geometry as GeoJSON; a Missing fault
// where there is none. It is read and unpacked anew each time: keep it by the
// city's version.
func (s *Service) BaseMap(ctx context.Context, city int64, layer string) ([]byte, error) {
	var packed []byte
	err := s.db.View(ctx, func(tx *sqldb.Tx) error {
		c, err := s.Places.CityIn(tx, city)
		if err != nil {
			return err
		}
		packed, err = readLayer(tx, city, c.Version, layer)
		if errors.Is(err, sqldb.ErrNoRow) {
			return fault.Missing.New("pack.no_such_layer", layer)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	body, err := unsqueeze(packed)
	if err != nil {
		return nil, fmt.Errorf("unpack layer %s: %w", layer, err)
	}
	return body, nil
}

// Edition names the texts and lists in force: it changes with every switch, so
// a page can keep by it what it made of them.
func (s *Service) Edition(ctx context.Context, city int64) (place.Edition, error) {
	var e place.Edition
	err := s.db.View(ctx, func(tx *sqldb.Tx) error {
		var err error
		e, err = place.CurrentIn(tx, city, dictionary)
		return err
	})
	return e, err
}
