-- Every text of a consent that was ever shown; current = 1 is shown now.
CREATE TABLE consent_text (
	city     BIGINT NOT NULL,
	purpose  TEXT   NOT NULL,
	language TEXT   NOT NULL,
	version  TEXT   NOT NULL,
	text     TEXT   NOT NULL,
	since    BIGINT NOT NULL,
	current  BIGINT NOT NULL,
	PRIMARY KEY (city, purpose, language, version)
);

-- One permission for one purpose, by a person or with a message that was sent
-- without an account. Never deleted: it is the proof.
CREATE TABLE consent (
	city      BIGINT NOT NULL,
	id        BIGINT NOT NULL,
	person    BIGINT NOT NULL,
	problem   BIGINT NOT NULL,
	purpose   TEXT   NOT NULL,
	language  TEXT   NOT NULL,
	version   TEXT   NOT NULL,
	at        BIGINT NOT NULL,
	address   TEXT   NOT NULL,
	withdrawn BIGINT NOT NULL,
	PRIMARY KEY (city, id),
	FOREIGN KEY (city, purpose, language, version) REFERENCES consent_text (city, purpose, language, version)
);
CREATE INDEX consent_holder ON consent (city, person, problem, purpose);
