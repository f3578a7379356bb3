// Package evaluate holds a model against messages of which it is known how
// they ended, the way they came: one after the other, each with nothing but
// what was known when it was sent.
//
// # The file
//
// Read understands histories as the portal «Наш Санкт-Петербург» publishes them
// (package pack/portal/history): gzip or plain, one JSON object a line. It needs
// id, created and reason_id of a line; whatever else is missing or null is not
// known. A topic is the city's own number; where staff changed it, the file names
// the earlier one by its path, and the path is looked up among those given and
// among the other lines: the last change of a line ends at the line's own topic.
// What nobody names is Unnamed, which no model knows (a change in a hundred of
// the real file).
//
// # What is known of a message
//
//   - text: nothing but the text.
//   - habit: the text, when it is sent, who sends it, the areas, and the place
//     rounded to a thousandth of a degree. It is what a page knows, and honest.
//   - question: habit and at most one question, asked where the model wants to
//     ask it. The answer is the object of the right topic if that is among those
//     offered; where it is not, the resident says so and nothing is learned.
//   - mark: habit, the exact place and the way it was marked. In the real file
//     both follow from the topic that staff put, so this is an upper bound.
//
// Earlier messages are the earlier lines and the history, joined by the time of
// sending; a line that stands in both is only judged. At each message an earlier
// one has the topic that it had at that moment: first its author's choice, then
// what staff made of it. At all levels but mark the earlier messages have no
// mark and a rounded place too, as the mark gives their last topic away.
//
// # What is measured
//
//   - top1, top3: the right topic was first, was among the first three. Right is
//     the topic that the message has at the end.
//   - unseen: the same for texts that the model was not trained on and that no
//     earlier line of the history has, compared without case, punctuation, ё and й,
//     and spaces (suggest.Print). A model keeps no texts, but their prints.
//   - macro_f1: the mean F1 of the topics that at least five messages have.
//   - ece: the mean distance of what the first proposals claim to how often they
//     are right, in 15 bins of equal mass.
//   - share_at_p95: how many the model decides alone, by its own threshold, and
//     precision_at_p95 how many of those are right. share_at_p95_hindsight is what
//     the best threshold of these very messages would give: nobody can choose it
//     beforehand.
//   - asked: how many were asked a question; off_list, how many of all were asked
//     one without their answer.
//   - cpu_ms: processor time of a message for scoring; context_ms for looking up
//     earlier messages, remember_ms for taking it in, all of this process with its
//     garbage collection.
//
// # Who may do what
//
// The package reads files and asks models; it knows no database and no person.
package evaluate
