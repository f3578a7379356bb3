package problem

import (
	"encoding/json"
)

// names replaces the keys of one database by what is the same in every
// database: a text's key by its rank within the problem; photos by theirs;
// commitments, which are salted at random, by nothing.
type names struct {
	text   map[int64]int64
	bodies map[int64]string
	photo  map[int64]int64
}

func newNames(list []Text) *names {
	n := &names{text: map[int64]int64{}, bodies: map[int64]string{}, photo: map[int64]int64{}}
	for _, t := range list {
		n.bodies[t.ID] = t.Body
	}
	return n
}

func (n *names) textRank(key int64) int64 {
	if key == 0 {
		return 0
	}
	if _, known := n.text[key]; !known {
		n.text[key] = int64(len(n.text) + 1)
	}
	return n.text[key]
}

func (n *names) photoRanks(keys []int64) []int64 {
	var ranks []int64
	for _, k := range keys {
		if _, known := n.photo[k]; !known {
			n.photo[k] = int64(len(n.photo) + 1)
		}
		ranks = append(ranks, n.photo[k])
	}
	return ranks
}

func (n *names) state(s State) json.RawMessage {
	s.Author = 0
	s.Messages = n.messages(s.Messages)
	s.Replies = n.messages(s.Replies)
	answers := make([]Answer, len(s.Answers))
	for i, a := range s.Answers {
		a.Text, a.Photos = n.textRank(a.Text), n.photoRanks(a.Photos)
		answers[i] = a
	}
	s.Answers = answers
	hidden := make([]int64, len(s.HiddenTexts))
	for i, t := range s.HiddenTexts {
		hidden[i] = n.textRank(t)
	}
	s.HiddenTexts, s.HiddenPhotos = hidden, n.photoRanks(s.HiddenPhotos)
	return packed(s)
}

func (n *names) messages(list []Message) []Message {
	out := make([]Message, len(list))
	for i, m := range list {
		m.Text, m.Photos = n.textRank(m.Text), n.photoRanks(m.Photos)
		out[i] = m
	}
	return out
}

func (n *names) event(e Event) ExportedEvent {
	ref := TextOf(e.Data)
	out := ExportedEvent{Seq: e.Seq, Kind: e.Data.kind(), At: e.At, Part: e.By.Part, Org: string(e.By.Org), Text: n.bodies[ref.ID]}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(packed(e.Data), &fields); err != nil {
		panic("problem: an event that is no JSON object: " + err.Error())
	}
	for _, name := range []string{"text", "reason"} {
		if _, has := fields[name]; has {
			fields[name] = packed(n.textRank(ref.ID))
		}
	}
	switch d := e.Data.(type) {
	case TextHidden:
		fields["text"] = packed(n.textRank(d.Text))
	case TextShown:
		fields["text"] = packed(n.textRank(d.Text))
	case PhotoHidden:
		fields["photo"] = packed(n.photoRanks([]int64{d.Photo})[0])
	case PhotoShown:
		fields["photo"] = packed(n.photoRanks([]int64{d.Photo})[0])
	}
	if raw, has := fields["photos"]; has {
		var keys []int64
		if json.Unmarshal(raw, &keys) == nil {
			fields["photos"] = packed(n.photoRanks(keys))
		}
	}
	out.Data = packed(fields)
	return out
}

func packed(v any) json.RawMessage {
	body, err := json.Marshal(v)
	if err != nil {
		panic("problem: a value that cannot be written as JSON: " + err.Error())
	}
	return body
}
