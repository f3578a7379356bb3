-- A problem: the row is a projection of its feed, made for reading. `state` is
-- the folded feed as JSON; the columns beside it are what lists and queues
-- select by.
CREATE TABLE problem (
	city           BIGINT NOT NULL,
	id             BIGINT NOT NULL,
	uid            TEXT   NOT NULL,
	number         BIGINT NOT NULL,
	status         TEXT   NOT NULL,
	seq            BIGINT NOT NULL,
	topic          BIGINT NOT NULL,
	topic_version  BIGINT NOT NULL,
	object         BIGINT NOT NULL,
	category       BIGINT NOT NULL,
	visible        BIGINT NOT NULL,
	lat            DOUBLE PRECISION NOT NULL,
	lon            DOUBLE PRECISION NOT NULL,
	cell           BIGINT NOT NULL,
	house          BIGINT NOT NULL,
	address        TEXT   NOT NULL,
	district       TEXT   NOT NULL,
	municipality   TEXT   NOT NULL,
	author         BIGINT NOT NULL,
	executor       TEXT   NOT NULL,
	coordinator    TEXT   NOT NULL,
	controller     TEXT   NOT NULL,
	created        BIGINT NOT NULL,
	accepted       BIGINT NOT NULL,
	stage_due      BIGINT NOT NULL,
	due            BIGINT NOT NULL,
	answered       BIGINT NOT NULL,
	closed         BIGINT NOT NULL,
	changed        BIGINT NOT NULL,
	messages       BIGINT NOT NULL,
	joined         BIGINT NOT NULL,
	redirect_asked BIGINT NOT NULL,
	state          TEXT   NOT NULL,
	PRIMARY KEY (city, id)
);
CREATE UNIQUE INDEX problem_number ON problem (city, number);
CREATE UNIQUE INDEX problem_uid ON problem (city, uid);
-- Queues: what waits in a status, the most urgent first.
CREATE INDEX problem_queue ON problem (city, status, stage_due, id);
CREATE INDEX problem_executor ON problem (city, executor, status, stage_due, id);
CREATE INDEX problem_coordinator ON problem (city, coordinator, status, stage_due, id);
-- The newest first: everyone's list, the author's own, a house's.
CREATE INDEX problem_new ON problem (city, visible, created, id);
CREATE INDEX problem_author ON problem (city, author, created) WHERE author <> 0;
CREATE INDEX problem_house ON problem (city, house, created) WHERE house <> 0;
-- What nobody reacts to, the longest silence first.
CREATE INDEX problem_answered ON problem (city, status, answered, id);
-- The map, and what was reported near.
CREATE INDEX problem_cell ON problem (city, cell);

-- The feed: append-only, the truth.
CREATE TABLE problem_event (
	city    BIGINT NOT NULL,
	problem BIGINT NOT NULL,
	seq     BIGINT NOT NULL,
	kind    TEXT   NOT NULL,
	v       BIGINT NOT NULL,
	at      BIGINT NOT NULL,
	seen    TEXT   NOT NULL CHECK (seen IN ('public', 'author', 'staff')),
	by_who  TEXT   NOT NULL,
	data    TEXT   NOT NULL,
	PRIMARY KEY (city, problem, seq),
	FOREIGN KEY (city, problem) REFERENCES problem (city, id)
);

-- What people wrote. The only rows of a problem that hold words of a person;
-- erasing one leaves the feed whole.
CREATE TABLE problem_text (
	city     BIGINT NOT NULL,
	id       BIGINT NOT NULL,
	problem  BIGINT NOT NULL,
	resident BIGINT NOT NULL,
	body     TEXT   NOT NULL,
	salt     TEXT   NOT NULL,
	signer   TEXT   NOT NULL,
	erased   BIGINT NOT NULL,
	PRIMARY KEY (city, id),
	FOREIGN KEY (city, problem) REFERENCES problem (city, id)
);
-- With id, so that «the texts of a problem in order» never reads the city's.
CREATE INDEX problem_text_problem ON problem_text (city, problem, id);

-- How to reach the author, and what the topic's own fields asked for.
CREATE TABLE problem_contact (
	city    BIGINT NOT NULL,
	problem BIGINT NOT NULL,
	contact TEXT   NOT NULL,
	PRIMARY KEY (city, problem),
	FOREIGN KEY (city, problem) REFERENCES problem (city, id)
);

-- The door of an author without an account: hashes of the secret of the link
-- and of the short code, and how often a wrong code was tried.
CREATE TABLE problem_follow (
	city    BIGINT NOT NULL,
	problem BIGINT NOT NULL,
	secret  TEXT   NOT NULL,
	code    TEXT   NOT NULL,
	tries   BIGINT NOT NULL,
	PRIMARY KEY (city, problem),
	FOREIGN KEY (city, problem) REFERENCES problem (city, id)
);
CREATE UNIQUE INDEX problem_follow_secret ON problem_follow (city, secret);

-- Who has this problem too: p:<account> or a:<pseudonym of a device>.
CREATE TABLE problem_joined (
	city    BIGINT NOT NULL,
	problem BIGINT NOT NULL,
	who     TEXT   NOT NULL,
	person  BIGINT NOT NULL,
	at      BIGINT NOT NULL,
	PRIMARY KEY (city, problem, who),
	FOREIGN KEY (city, problem) REFERENCES problem (city, id)
);
CREATE INDEX problem_joined_person ON problem_joined (city, person, problem) WHERE person <> 0;

-- Messages of a day by sender, for the daily limit; swept when a day old.
CREATE TABLE problem_sender (
	city    BIGINT NOT NULL,
	sender  TEXT   NOT NULL,
	at      BIGINT NOT NULL,
	id      BIGINT NOT NULL,
	PRIMARY KEY (city, sender, at, id)
);

-- Commands that were done, so that a retry from a bad network does nothing
-- twice. Swept after 30 days.
CREATE TABLE problem_command (
	city    BIGINT NOT NULL,
	actor   TEXT   NOT NULL,
	key     TEXT   NOT NULL,
	sum     TEXT   NOT NULL,
	outcome TEXT   NOT NULL,
	at      BIGINT NOT NULL,
	PRIMARY KEY (city, actor, key)
);
CREATE INDEX problem_command_at ON problem_command (at);
