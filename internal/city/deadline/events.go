package deadline

// Passed is the news that the date everyone sees has passed without an answer.
// Subject is the key of the problem, Seq the number of the newest entry of its
// feed. It is told once of each date, by package problem, which keeps the
// dates; it is no entry of the feed (ADR 11). A date that moves afterwards, an
// answer, a refusal are news of the problem's own and say that it is late no
// longer.
const Passed = "deadline.passed"
