// Package suggest reads what a resident writes and proposes the topic: one
// where it is sure, up to three where it is not, none where it is lost.
//
// It works on the first day of a city, from the example texts, names, synonyms
// and help texts of the pack, and learns from every message that a moderator
// has decided. It only proposes: choosing by hand is always possible, and a city
// without a model stops nobody.
//
// # How it thinks
//
// A model is made of parts (ADR 9), all our own and plain:
//
//   - two readers of the text, whose scores are mixed: a softmax over hashed stems,
//     pairs of stems and character 3–5-grams (linear.go, features.go), and a small
//     convolutional net (net.go; ADR 10). A city without an archive has these only.
//   - the joint part (context.go): a softmax over text and who, where and when, with
//     crosses of words with author, object and district; the same once more over
//     objects and over categories (coarse.go).
//   - the memory (Past; memory.go, sight.go, counts.go): what the author, the spot
//     and the surroundings were about, and which messages are alike in words.
//   - the forest (forest.go, boost.go): small trees that weigh what all of these
//     say of the 10 to 22 candidates (the list is in evidence.go).
//   - a curve for each level of knowledge (calibrate.go): the text alone, with
//     alike messages, with author and place, with the answer to a question, with the
//     kind of mark.
//
// Training goes through the archive in stages of 30 days. Each stage is predicted
// by parts that were trained from nothing on what was sent before; the
// forest learns from those predictions only, curves and limits from the newest
// stage, which then joins. Of one message in five author, place or both are hidden
// too, so that the forest knows what to make of those of whom less is known.
//
// # Rules and where they come from
//
//   - Only what was known when a message was sent is used. A past message has the
//     topic that its feed had then (Message.Known): moderation takes 16 hours in
//     the median. Coordinates are rounded to 0.001°, and the kind of mark is used
//     only where the author set it before any topic was shown: in an archive both
//     follow from the topic.
//   - The probabilities mean what they say: each level is bent by a curve fitted on
//     the newest stage, or, on fewer than 800 messages, by one temperature.
//   - A topic is shown alone from the probability on from which, on those messages,
//     at least 95 % were right; where no probability is high enough, none ever is.
//     A model that knows only a pack is judged by the pack's own texts, and
//     residents write less clearly: it doubts itself by a curve that real messages
//     asked for (train_pack.go).
//   - A city without messages does not know which topics are common; its pack says
//     so roughly (topic.Frequency), and with 300 decided messages that counts half.
//   - A question (which of two to five objects?) is asked where the answer would
//     make the first proposal right often enough more; the threshold is that of
//     35 % of the judged messages, because the next month asks a few more.
//   - Nothing is shown up to the probability (of three together) below which
//     fewer than half had their topic among them, within 20 and 35 %. A second or
//     third proposal of less than 2 % is left out.
//   - The pack has texts that no topic is about (topic 0: greetings, lost cats,
//     keys pressed at random); where those are likelier than all topics together,
//     nothing is shown either, and the page says what to do instead.
//   - Closed topics and topics out of season are proposed and marked: the page
//     says what to do instead.
//   - A message whose topic staff corrected counts 1.2 times. More costs
//     accuracy on text alone: first 73.7 % at 1, 73.6 % at 1.2, 73.2 % at 2,
//     71.6 % at 4 (judged on February 2021).
//   - All parts are trained from 2,000 decided messages on, the text part alone
//     below. A new model replaces the one in use only if it is not worse on the
//     newest messages, which neither has seen, by all that was known at sending;
//     every training keeps its report with both scores. The last five stay for the
//     way back. A model that another version of this program wrote counts as none,
//     and a training is asked for at once.
//   - The same examples, seed and options give the same model on any number of
//     cores, and on processors with and without wide registers.
//
// # What is remembered of people (152-ФЗ)
//
// Every process that serves pages holds the newest 100,000 messages of a city in
// memory: of a text the hashes of its stems, the author as a 64-bit hash of the
// account's key, the place to 0.001°. None of it is written anywhere; a model
// itself holds counts over all messages, and a 32-bit print of each text (Seen). An erased problem leaves the memory of
// the process that handles EraseJob when its transaction is through, of every other
// within a minute (Follow reads suggest_news every half minute), and of models
// with the next training; counts of topics by place stay until then. Who writes
// without an account is nobody: their messages are never tied together.
//
// # What was measured
//
// Trained on the real messages before March 2021 (calibrated on February), judged
// once on March (10,432 messages), first / among three: by text, time, author and
// place 80.3 / 95.0 %, calibration error 0.021; 52 % are shown alone, 95.7 % of them
// rightly; with one question in 40 % of messages 88.4 / 97.6 %; text and alike
// messages only, on texts never seen before, 78.3 / 94.6 %; with the mark (which gives
// the topic away in that archive) 87.5 / 97.7 %; one or two words 73.1 / 91.7 %. The
// shipped examples alone, no real message seen: 57.6 / 78.9 %, calibration error
// 0.026. Residents themselves were right in 87.9 %. ADR 9 has what was tried.
//
// The model takes 21 MB encoded and some 35 MB held, the memory of 38,400 messages
// 6 MB. A suggestion takes 0.44 to 0.47 ms of CPU, and 0.15 ms for looking up what was
// before; by the model of a pack 0.13 ms. Training: docs/BENCHMARKS.md.
//
// Tried for texts on February 2021 and not taken: label smoothing of 2 % (log-loss
// 0.953 against 0.952), L2 of 10 % a pass (first 72.6 % against 73.3 % at 2 %),
// shares of all kinds doubled (71.8 %), n-grams at 0.6 (72.9 %), features of a
// single text (nothing gained, half as many rows again), weights beyond 8 MB
// (nothing gained), a higher temperature for packs (log-loss 2.31 at 1.3 times,
// 2.27 as fitted).
//
// # How a model is replaced
//
// It is written in slices of 1 MB, each in a short transaction; then one
// transaction writes its row and moves the pointer of the city. Killed before
// that, the old model stays, and a day later the slices are swept. Every process
// holds the model of a city in memory and looks at the pointer every ten
// seconds (Follow, every five): a new one is used when it remembers what the old
// one did.
//
// # Tables
//
// suggest_example, suggest_model, suggest_part, suggest_current, suggest_audit,
// suggest_news.
// The audit record of a message says what was offered, chosen and corrected; it
// holds no text and no person, and goes when the problem is erased (152-ФЗ).
//
// # News
//
// It publishes none. It hears problem.erased (EraseJob), and learns every night
// (LearnJob).
//
// # Who may do what
//
// Everybody may ask for proposals. Training, models and the way back are for
// the schedule and the operator's commands, which hold the right themselves.
package suggest
