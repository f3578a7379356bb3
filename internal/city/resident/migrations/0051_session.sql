-- Where people are signed in. The token itself is only in the browser.
CREATE TABLE session (
	city    BIGINT NOT NULL,
	id      BIGINT NOT NULL,
	token   TEXT   NOT NULL,
	person  BIGINT NOT NULL,
	staff   BIGINT NOT NULL,
	agent   TEXT   NOT NULL,
	created BIGINT NOT NULL,
	seen    BIGINT NOT NULL,
	expires BIGINT NOT NULL,
	PRIMARY KEY (city, id)
);
CREATE UNIQUE INDEX session_token ON session (city, token);
CREATE INDEX session_person ON session (city, person, seen);
CREATE INDEX session_expires ON session (expires);

-- Failures of a subject within the time of a lock, and the row that makes two
-- who count the same thing wait for each other. Subjects are hashes.
CREATE TABLE signin_try (
	city    BIGINT NOT NULL,
	subject TEXT   NOT NULL,
	tries   BIGINT NOT NULL,
	last    BIGINT NOT NULL,
	PRIMARY KEY (city, subject)
);
CREATE INDEX signin_try_last ON signin_try (last);

-- A resident's sign-in on its way: a code or a link that was asked for. Swept
-- after a day.
CREATE TABLE entry (
	city     BIGINT NOT NULL,
	id       BIGINT NOT NULL,
	kind     TEXT   NOT NULL CHECK (kind IN ('code', 'link')),
	door     TEXT   NOT NULL,
	code     TEXT   NOT NULL,
	contact  TEXT   NOT NULL,
	person   BIGINT NOT NULL,
	tries    BIGINT NOT NULL,
	created  BIGINT NOT NULL,
	expires  BIGINT NOT NULL,
	used     BIGINT NOT NULL,
	language TEXT   NOT NULL,
	address  TEXT   NOT NULL,
	sealed   TEXT   NOT NULL,
	PRIMARY KEY (city, id)
);
CREATE UNIQUE INDEX entry_door ON entry (city, door);
CREATE INDEX entry_contact ON entry (city, contact, created);
CREATE INDEX entry_address ON entry (city, address, created);
CREATE INDEX entry_created ON entry (created);
