-- Terms. An empty topic, category or object means any; valid_from is a date as
-- YYYY-MM-DD, empty for always.
CREATE TABLE term (
	city       BIGINT NOT NULL,
	version    BIGINT NOT NULL,
	topic      TEXT   NOT NULL,
	category   TEXT   NOT NULL,
	object     TEXT   NOT NULL,
	stage      TEXT   NOT NULL,
	valid_from TEXT   NOT NULL,
	amount     BIGINT NOT NULL,
	unit       TEXT   NOT NULL,
	PRIMARY KEY (city, version, topic, category, object, stage, valid_from)
);
-- A year of the production calendar, as JSON: it is always read whole.
CREATE TABLE calendar_year (
	city    BIGINT NOT NULL,
	version BIGINT NOT NULL,
	year    BIGINT NOT NULL,
	body    TEXT   NOT NULL,
	PRIMARY KEY (city, version, year)
);
-- Days that somebody declared off or worked, first and last included.
CREATE TABLE calendar_override (
	city      BIGINT NOT NULL,
	version   BIGINT NOT NULL,
	first_day TEXT   NOT NULL,
	last_day  TEXT   NOT NULL,
	mark      TEXT   NOT NULL,
	note      TEXT   NOT NULL,
	PRIMARY KEY (city, version, first_day)
);
