-- What a person said about one problem: watch (hear of it without having
-- joined) or silence (hear nothing). No row: authors and who joined hear, others
-- do not.
CREATE TABLE notice_watch (
	city    BIGINT NOT NULL,
	problem BIGINT NOT NULL,
	person  BIGINT NOT NULL,
	choice  TEXT   NOT NULL CHECK (choice IN ('watch', 'silence')),
	at      BIGINT NOT NULL,
	PRIMARY KEY (city, problem, person)
);
CREATE INDEX notice_watch_person ON notice_watch (city, person, at);
