-- What was done with rights. Append-only: each row holds the hash of the one
-- before it. The head makes writers of one city take turns.
CREATE TABLE audit (
	city    BIGINT NOT NULL,
	seq     BIGINT NOT NULL,
	at      BIGINT NOT NULL,
	person  BIGINT NOT NULL,
	roles   TEXT   NOT NULL,
	system  BIGINT NOT NULL,
	action  TEXT   NOT NULL,
	object  TEXT   NOT NULL,
	result  TEXT   NOT NULL,
	detail  TEXT   NOT NULL,
	address TEXT   NOT NULL,
	prev    TEXT   NOT NULL,
	sum     TEXT   NOT NULL,
	PRIMARY KEY (city, seq)
);
CREATE INDEX audit_person ON audit (city, person, seq);
CREATE INDEX audit_action ON audit (city, action, seq);

CREATE TABLE audit_head (
	city BIGINT PRIMARY KEY,
	seq  BIGINT NOT NULL,
	sum  TEXT   NOT NULL
);
