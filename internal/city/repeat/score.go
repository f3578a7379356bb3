package repeat

import (
	"math"

	"gorod/internal/city/place"
	"gorod/internal/city/topic"
	"gorod/internal/platform/geo"
)

// The signs of a repetition.
const (
	always        = iota // the weight that every pair begins with
	signHouse            // both are about one house
	signMetres           // log2(1 + metres/10); 0 at one house
	signSpot             // the same topic, not at one house but within samePoint
	signTopic            // the same topic
	signCategory         // the same category
	signObject           // the same object of the tree
	signAlike            // cosine of the texts
	signElsewhere        // the entrances or storeys that they name are not the same
	signOver             // the earlier one had its answer, or was closed, by then
	signCrowd            // log2(problems of the earlier one's topic within reach)
	signs
)

// weights are the logistic fitted to 174 pairs of October 2020 to January 2021
// that were read one by one, and 870 that are surely apart (another category or
// topic near, or far away with no common word); see the package comment for the
// standard. One house alone says little, because people list what is broken in
// it floor by floor; that is also why a crowd of one topic speaks against each.
func weights() [signs]float64 {
	return [signs]float64{
		always:        -1.43,
		signHouse:     -3.85, // against metres: like 24 m in the open
		signMetres:    -2.19,
		signSpot:      1.87,
		signTopic:     2.97,
		signCategory:  0.92,
		signObject:    0.45,
		signAlike:     2.70,
		signElsewhere: -3.03,
		signOver:      -0.23,
		signCrowd:     -0.27,
	}
}

// Sure and Perhaps are from what probability on a problem is shown as one card
// with a question, and in a list. Of 78 pairs of February 2021 read by eye, in
// which 43 were the same, 38 lie above Sure, 35 of them rightly (precision 0.92,
// recall 0.81), and 49 above Perhaps, 41 of them rightly (0.84 and 0.95). Of 60
// cards of March, drawn by a fit before the last one, 22 lie above Sure, 20 of
// them rightly, and 22 between the two, 11 of them rightly. In February 187 of
// 7,890 messages would have been asked, 445 shown something.
const (
	Sure    = 0.5
	Perhaps = 0.2
)

// samePoint is how near two marks in the open are one spot, in metres: the
// error of a good phone.
const samePoint = 15

// side is a message as the score sees it.
type side struct {
	topic, category, object topic.ID
	proposed                []Proposed // while the topic is not chosen
	point                   geo.Point
	house                   place.HouseID
	thing                   string // the object of the city that it is about
	over                    bool   // has its answer, or is closed
	crowd                   int    // problems of its topic within reach, itself included
	words                   words
}

// Proposed is a topic that a message is probably about, with what stands above
// it in the tree.
type Proposed struct {
	Topic, Category, Object topic.ID
	P                       float64 // 0 to 1
}

// signsOf compares a message that is being written with an earlier one.
func signsOf(now, earlier side) [signs]float64 {
	var x [signs]float64
	x[always] = 1
	metres := now.point.Distance(earlier.point)
	x[signTopic], x[signCategory], x[signObject] = treeSigns(now, earlier)
	switch {
	case now.house != 0 && now.house == earlier.house:
		x[signHouse] = 1
	case metres <= samePoint:
		x[signSpot] = x[signTopic]
		fallthrough
	default:
		x[signMetres] = math.Log2(1 + metres/10)
	}
	if len(now.words.list) > 0 && len(earlier.words.list) > 0 {
		x[signAlike] = alike(now.words, earlier.words)
	}
	if elsewhere(now.words, earlier.words) {
		x[signElsewhere] = 1
	}
	if earlier.over {
		x[signOver] = 1
	}
	x[signCrowd] = math.Log2(float64(max(earlier.crowd, 1)))
	return x
}

// treeSigns tell how near two topics are in the tree; before one is chosen, how
// near they are to be expected.
func treeSigns(now, earlier side) (sameTopic, sameCategory, sameObject float64) {
	list := now.proposed
	if now.topic != 0 {
		list = []Proposed{{now.topic, now.category, now.object, 1}}
	}
	for _, p := range list {
		if p.Topic == earlier.topic {
			sameTopic += p.P
		}
		if p.Category == earlier.category {
			sameCategory += p.P
		}
		if p.Object == earlier.object {
			sameObject += p.P
		}
	}
	return min(sameTopic, 1), min(sameCategory, 1), min(sameObject, 1)
}

// probability is the logistic of the weighted signs.
func probability(x, weights [signs]float64) float64 {
	sum := 0.0
	for i := range x {
		sum += x[i] * weights[i]
	}
	return 1 / (1 + math.Exp(-sum))
}

// likeness is the probability that a message repeats an earlier one. Of another
// topic only like words make it one: a full bin beside a broken fence is two
// things. That is a rule beside the logistic, which cannot say «only».
func likeness(now, earlier side) float64 {
	x := signsOf(now, earlier)
	p := probability(x, weights()) * (x[signTopic] + (1-x[signTopic])*x[signAlike])
	if now.thing != "" && now.thing == earlier.thing && !earlier.over {
		p = max(p, x[signTopic]*sameThing)
	}
	return p
}

// sameThing is the probability that two open problems of one topic at one object
// of the city are the same. It is set, not fitted: the archive names no objects.
// A lamp that does not burn does not burn once.
const sameThing = 0.97

// without is what a pair would be given if neither text were known: by it the
// candidates are chosen whose texts are worth reading.
func without(now, earlier side) float64 {
	now.words, earlier.words = words{}, words{}
	return likeness(now, earlier)
}
