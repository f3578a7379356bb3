-- The promise of which it was told that it passed without an answer
-- (deadline.Passed); 0: of none. A promise that moved is told anew.
ALTER TABLE problem ADD COLUMN passed BIGINT NOT NULL DEFAULT 0;
-- What is not told yet, the longest past first: what was told leaves the index.
CREATE INDEX problem_passed ON problem (city, due, id) WHERE status IN ('moderation', 'question', 'work', 'interim', 'review') AND due > 0 AND passed <> due;
