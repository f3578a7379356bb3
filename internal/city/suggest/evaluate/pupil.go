package evaluate

import (
	"gorod/internal/city/suggest"
	"gorod/internal/city/topic"
)

// pupil is a model with what it remembers.
type pupil struct {
	*suggest.Past
	model *suggest.Model
}

func pupilOf(m *suggest.Model) pupil { return pupil{m.Past(), m} }

// Sure implements judged: the threshold depends on what is known of a message.
func (p pupil) Sure(in suggest.Input) float64 { return p.model.LimitsFor(in).Sure }

// Seen implements judged.
func (p pupil) Seen(text string) bool { return p.model.Seen(text) }

// ObjectOf implements judged.
func (p pupil) ObjectOf(id topic.ID) topic.ID { return p.model.ObjectOf(id) }
