-- The second factor of the staff: the secret of a person's authenticator app,
-- sealed with a key that is not in the database. since = 0: it is being set up
-- in one session, until a first code is typed. step is the newest time step
-- whose code worked: no code works twice.
CREATE TABLE second_factor (
	city    BIGINT NOT NULL,
	person  BIGINT NOT NULL,
	sealed  TEXT   NOT NULL,
	since   BIGINT NOT NULL,
	step    BIGINT NOT NULL,
	session BIGINT NOT NULL,
	until   BIGINT NOT NULL,
	PRIMARY KEY (city, person)
);
CREATE INDEX second_factor_until ON second_factor (until) WHERE since = 0;

-- Codes for the day on which the phone is lost. Each works once; only hashes
-- are here, and 80 random bits need no slow one.
CREATE TABLE recovery_code (
	city    BIGINT NOT NULL,
	person  BIGINT NOT NULL,
	sum     TEXT   NOT NULL,
	created BIGINT NOT NULL,
	used    BIGINT NOT NULL,
	PRIMARY KEY (city, person, sum)
);

-- A sign-in between the right password and the right code. The ticket itself is
-- only in the browser that typed the password.
CREATE TABLE second_ticket (
	city    BIGINT NOT NULL,
	door    TEXT   NOT NULL,
	person  BIGINT NOT NULL,
	created BIGINT NOT NULL,
	expires BIGINT NOT NULL,
	PRIMARY KEY (city, door)
);
CREATE INDEX second_ticket_person ON second_ticket (city, person);
CREATE INDEX second_ticket_expires ON second_ticket (expires);
