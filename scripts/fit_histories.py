#!/usr/bin/env python3
"""Fits what `gorod generate` follows on recorded histories of a portal.

    scripts/fit_histories.py FOLDER > internal/app/generate/fitted.json

FOLDER holds problems.ndjson.gz: a problem a line, with its events, as the
portal's public API told them. What is written are numbers alone: shares,
quantiles and counts. No text, no name, no place of a message is kept, and a
sequence of steps that fewer than MIN histories took is left out.
"""
import collections
import datetime
import gzip
import json
import sys

MIN = 5  # histories behind a sequence that is kept
QUANTILES = [0, 0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 1]
LORENZ = 40  # steps of the curves of authors and houses
STATUSES = {"Рассмотрение": "a", "Промежуточный ответ": "p", "Получен ответ": "p"}
ENDS = {"Завершено: Пользователь удовлетворен решением проблемы": "c", "Завершено: Автоматически": "l"}


def moment(text):
    return datetime.datetime.fromisoformat(text[:19])


class Steps:
    """Turns the events of one history into the letters of its steps: s sent,
    a accepted, t topic changed, r redirected, g final answer, i interim
    answer, p answer passed, d disputed, o reopened, u due date moved,
    c confirmed, v confirmed on the spot, l closed in silence."""

    def __init__(self, history):
        self.list = []
        self.interim = []
        self.sent = self.answered = self.waiting = False
        for e in history["events"]:
            self.entry(e)

    def add(self, letter, e):
        if self.sent or letter == "s":
            self.list.append((letter, moment(e["dt"])))

    def entry(self, e):
        kind = e["t"]
        if kind == "petition":
            self.add("d" if self.sent else "s", e)
            self.sent, self.answered = True, False
        elif kind == "status":
            self.status(e)
        elif kind == "answer":
            self.waiting = True
            interim = e.get("kind") == "Промежуточный ответ"
            self.add("i" if interim else "g", e)
            if interim and e.get("interim_date"):
                self.interim.append(max((moment(e["interim_date"]) - moment(e["dt"])).total_seconds() / 86400, 1))
        elif kind == "route":
            self.waiting = False
            self.add("r", e)
        elif kind == "problem_change":
            self.add("t", e)
        elif kind == "public.conclusion" and e.get("is_resolved"):
            self.add("v", e)
        elif kind == "public.execution_date_change":
            self.add("u", e)

    def status(self, e):
        name = e["name"]
        if name == "Рассмотрение" and self.answered:
            self.answered = False
            self.add("o", e)
        elif name in STATUSES:
            if name == "Получен ответ":
                if not self.waiting:
                    self.add("g", e)
                self.answered = True
            self.waiting = self.waiting and name == "Рассмотрение"
            self.add(STATUSES[name], e)
        elif name in ENDS:
            self.add(ENDS[name], e)


def quantiles(values, digits=0):
    values = sorted(values)
    return [round(values[min(int(q * (len(values) - 1) + 0.5), len(values) - 1)], digits) for q in QUANTILES]


def curve(counts):
    """How many messages the n-th part of those counted has, the mean being 1,
    from the quietest to the busiest."""
    counts = sorted(counts)
    mean = sum(counts) / len(counts)
    cuts = [len(counts) * i // LORENZ for i in range(LORENZ)]
    # The busiest part is cut finer: it is where the map is crowded.
    for f in (0.985, 0.99, 0.995, 0.998, 0.999, 0.9995):
        cuts.append(int(len(counts) * f))
    cuts = sorted(set(cuts)) + [len(counts)]
    parts = []
    for a, b in zip(cuts, cuts[1:]):
        parts.append([round(b / len(counts), 5), round(sum(counts[a:b]) / (b - a) / mean, 4)])
    return parts


def main(folder):
    sequences, topics, by_month = collections.Counter(), collections.Counter(), collections.Counter()
    month_of_topic = collections.defaultdict(collections.Counter)
    hours = [0] * 168
    days = collections.defaultdict(set)
    authors, houses, marks, joins = collections.Counter(), collections.Counter(), collections.Counter(), collections.Counter()
    delays, planned, first = collections.defaultdict(list), [], collections.defaultdict(list)
    total = 0
    with gzip.open(folder + "/problems.ndjson.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            h = json.loads(line)
            total += 1
            at = moment(h["created"])
            topic = h["reason_id"]
            topics[topic] += 1
            hours[at.weekday() * 24 + at.hour] += 1
            days[at.month].add(at.date())
            by_month[at.month] += 1
            month_of_topic[topic][at.month] += 1
            authors[h["author"]] += 1
            joins[min(h.get("watchers") or 0, 20)] += 1
            if h["building"]:
                marks["building"] += 1
                houses[h["building"]] += 1
            elif h["nearest_building"]:
                marks["near"] += 1
                houses[h["nearest_building"]["id"]] += 1
            else:
                marks["point"] += 1
            steps = Steps(h)
            if not steps.list:
                continue
            planned += steps.interim
            sequences["".join(letter for letter, _ in steps.list)] += 1
            for (a, t0), (b, t1) in zip(steps.list, steps.list[1:]):
                delays[a + b].append(max((t1 - t0).total_seconds() / 60, 0))
            accepted = next((t for letter, t in steps.list if letter == "a"), None)
            given = next((t for letter, t in steps.list if letter in "gi"), None)
            if accepted and given and given > accepted:
                first[topic].append((given - accepted).total_seconds() / 60)
    full = sorted(m for m in by_month if len(days[m]) >= 28)
    mean = sum(by_month[m] for m in full) / sum(len(days[m]) for m in full)
    observed = sum(by_month[m] for m in full)
    middle = quantiles([v for list in first.values() for v in list])[5]

    def seasons(t):
        n = sum(month_of_topic[t][m] for m in full)
        return {m: round((month_of_topic[t][m] + 20 * by_month[m] / observed) / ((n + 20) * by_month[m] / observed), 3) for m in full}

    kept = {s: n for s, n in sequences.most_common() if n >= MIN}
    json.dump({
        "histories": total,
        "topics": [{"id": t, "n": n, "pace": round(quantiles(first[t])[5] / middle, 3) if len(first[t]) >= 50 else 1,
                    "months": seasons(t) if n >= 200 else {}} for t, n in sorted(topics.items())],
        "hours": hours,
        "months": {m: round(by_month[m] / len(days[m]) / mean, 3) for m in full},
        "sequences": [{"steps": s, "n": n} for s, n in sorted(kept.items(), key=lambda kv: (-kv[1], kv[0]))],
        "quantiles": QUANTILES,
        "delays": {k: quantiles(v) for k, v in sorted(delays.items()) if len(v) >= 20},
        "planned_days": quantiles(planned, 1),
        "marks": dict(sorted(marks.items())),
        "joined": {n: joins[n] for n in sorted(joins)},
        "authors": {"mean": round(total / len(authors), 3), "curve": curve(authors.values())},
        "houses": {"curve": curve(houses.values())},
    }, sys.stdout, ensure_ascii=False, separators=(",", ":"))
    print()


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
