package web

import (
	"slices"
	"strconv"
	"strings"

	"gorod/internal/city/problem"
	"gorod/internal/city/suggest"
	"gorod/internal/city/topic"
)

// offeredInput is the name of the hidden input that carries what a page proposed
// to the sending. The record of a suggestion says what its author saw: computed
// again it could be another text's, another place's or another model's.
const offeredInput = "offered"

// offered are the proposals of a model that the page shows.
func (d *draft) offered() []problem.Offer {
	var list []problem.Offer
	for _, o := range d.offers {
		i := slices.IndexFunc(d.advice.Shown, func(p suggest.Proposal) bool { return p.Topic == o.topic.ID })
		if i >= 0 {
			list = append(list, problem.Offer{Topic: o.topic.ID, P: d.advice.Shown[i].P})
		}
	}
	return list
}

// carried is what the form carries of its proposals, signed: «model topic:p …».
// Once a topic was picked from the tree, what was proposed before it counts.
func (s *Server) carried(v *visit, d *draft) string {
	if before := d.form.get(offeredInput); d.manual && d.sorted {
		if _, ok := s.keys.open(offeredFor(v), before); ok {
			return before
		}
		return ""
	}
	if d.text == "" || d.advice.Model == 0 {
		return ""
	}
	words := []string{strconv.FormatInt(d.advice.Model, 10)}
	for _, o := range d.offered() {
		words = append(words, strconv.FormatInt(int64(o.Topic), 10)+":"+strconv.FormatFloat(o.P, 'f', 4, 64))
	}
	return s.keys.sign(offeredFor(v), strings.Join(words, " "))
}

// shownWith is what was proposed to the author of a message that is sent, and by
// which version of the model. A form that carries the input empty, or not as we
// signed it, has shown nothing; a program that never had a page gets what its
// text would have been offered.
func (s *Server) shownWith(v *visit, d *draft) (offered []problem.Offer, model int64) {
	if !d.form.has(offeredInput) {
		return d.offered(), d.advice.Model
	}
	body, ok := s.keys.open(offeredFor(v), d.form.get(offeredInput))
	if !ok {
		return nil, d.advice.Model
	}
	version, rest, _ := strings.Cut(body, " ")
	for word := range strings.FieldsSeq(rest) {
		id, p, _ := strings.Cut(word, ":")
		if share, err := strconv.ParseFloat(p, 64); err == nil {
			offered = append(offered, problem.Offer{Topic: topic.ID(whole(id)), P: share})
		}
	}
	return offered, whole(version)
}

// offeredFor is the purpose of the signature: topics are numbered in each city
// anew.
func offeredFor(v *visit) string { return offeredInput + " " + strconv.FormatInt(v.City.ID, 10) }
