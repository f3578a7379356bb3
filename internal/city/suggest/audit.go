package suggest

import "gorod/internal/city/topic"

// Audit is what was offered to who sent a message, what was taken and what
// staff made of it. It holds neither text nor person.
type Audit struct {
	At      int64      // when the message was sent, microseconds UTC
	Week    Week       // the same, by the calendar of the city; 0: by UTC
	Model   int64      // version of the model; 0: there was none
	Offered []Proposal // as shown, the best first
	Chosen  topic.ID
	Manual  bool // chosen from the tree, not from the proposals
	// CorrectedTo is the topic that staff put; 0: they never changed it.
	CorrectedTo topic.ID
	CorrectedAt int64
	// Asked is the object that the author named when the page asked a question;
	// 0: it did not, or they did not answer.
	Asked topic.ID
	// DecidedAt is when a moderator accepted the message; 0: nobody did yet.
	DecidedAt int64
}

// Kind says what a row of the pack is.
type Kind string

// The kinds of rows.
const (
	Sample  Kind = "example" // a message as residents write
	Named   Kind = "name"    // the name of the topic
	Synonym Kind = "synonym" // one synonym
	Help    Kind = "help"    // what the topic asks to show or check
	// Often is how often a city hears of the topic: common or rare (topic.Frequency).
	Often Kind = "frequency"
)

// Row is one thing that a pack teaches about a topic.
type Row struct {
	Num   int64 // of the row, unique in a version of the pack
	Topic topic.ID
	Kind  Kind
	Text  string
}

// example weighs a row. Measured on real messages of February 2021 by models
// that had seen none: synonyms at half the weight of an example give 51.0 %
// right first, at full weight 50.2 %, at double weight 48.4 %; help texts at
// half weight lower the log-loss from 2.33 to 2.29.
func (r Row) example() Example {
	weight := 1.0
	switch {
	case r.Kind == Synonym || r.Kind == Help:
		weight = 0.5
	case r.Topic == Nothing:
		weight = nothingWeight
	}
	return Example{Topic: r.Topic, Text: r.Text, Weight: weight}
}

// nothingWeight keeps the many examples of Nothing from crowding out topics that
// have a dozen each.
const nothingWeight = 0.3

// correctedWeight is how much a lesson counts whose topic staff corrected:
// somebody looked and knew better. doc.go has the figures.
const correctedWeight = 1.2
