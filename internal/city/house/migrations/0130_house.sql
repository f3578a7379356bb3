-- Passports: version 0 is what was imported by itself and stands under every
-- version of the city.
CREATE TABLE house_passport (
	city    BIGINT NOT NULL,
	version BIGINT NOT NULL,
	house   BIGINT NOT NULL,
	built   BIGINT NOT NULL,
	floors  BIGINT NOT NULL,
	lifts   BIGINT NOT NULL,
	flats   BIGINT NOT NULL,
	alarm   BIGINT NOT NULL,
	manager TEXT   NOT NULL,
	as_of   TEXT   NOT NULL,
	body    TEXT   NOT NULL,
	PRIMARY KEY (city, version, house)
);
-- Facts of managing companies, as JSON.
CREATE TABLE house_company (
	city    BIGINT NOT NULL,
	version BIGINT NOT NULL,
	org     TEXT   NOT NULL,
	body    TEXT   NOT NULL,
	PRIMARY KEY (city, version, org)
);
-- Which topics say that a resource is missing.
CREATE TABLE house_topic (
	city     BIGINT NOT NULL,
	version  BIGINT NOT NULL,
	topic    BIGINT NOT NULL,
	resource TEXT   NOT NULL,
	PRIMARY KEY (city, version, topic)
);
-- An outage as it stands. ends is the moment from which it counts as over;
-- told tells whether that was said to those who listen.
CREATE TABLE outage (
	city     BIGINT NOT NULL,
	id       BIGINT NOT NULL,
	resource TEXT   NOT NULL CHECK (resource IN ('hot_water', 'cold_water', 'heating', 'power', 'gas', 'lift', 'sewer')),
	kind     TEXT   NOT NULL CHECK (kind IN ('planned', 'emergency', 'preventive')),
	starts   BIGINT NOT NULL,
	plan_end BIGINT NOT NULL,
	begun    BIGINT NOT NULL,
	ended    BIGINT NOT NULL,
	off      BIGINT NOT NULL,
	ends     BIGINT NOT NULL,
	told     BIGINT NOT NULL,
	source   TEXT   NOT NULL,
	outside  TEXT   NOT NULL,
	org      TEXT   NOT NULL,
	org_text TEXT   NOT NULL,
	reason   TEXT   NOT NULL,
	noticed  BIGINT NOT NULL,
	changed  BIGINT NOT NULL,
	houses   BIGINT NOT NULL,
	areas    TEXT   NOT NULL,
	seq      BIGINT NOT NULL,
	PRIMARY KEY (city, id)
);
CREATE UNIQUE INDEX outage_outside ON outage (city, source, outside);
CREATE INDEX outage_ends ON outage (city, ends, id);
CREATE INDEX outage_told ON outage (city, told, ends);
-- The houses of an outage. ends is a copy, so that a house finds its present
-- outages without a look at those of years ago.
CREATE TABLE outage_house (
	city   BIGINT NOT NULL,
	outage BIGINT NOT NULL,
	house  BIGINT NOT NULL,
	ends   BIGINT NOT NULL,
	PRIMARY KEY (city, outage, house)
);
CREATE INDEX outage_house_ends ON outage_house (city, house, ends, outage);
-- What happened to an outage: only ever added to.
CREATE TABLE outage_change (
	city   BIGINT NOT NULL,
	outage BIGINT NOT NULL,
	seq    BIGINT NOT NULL,
	at     BIGINT NOT NULL,
	person BIGINT NOT NULL,
	what   TEXT   NOT NULL,
	detail TEXT   NOT NULL,
	PRIMARY KEY (city, outage, seq)
);
-- What a company tells its houses. ends is the last moment, the largest number
-- when there is none.
CREATE TABLE house_entry (
	city    BIGINT NOT NULL,
	id      BIGINT NOT NULL,
	org     TEXT   NOT NULL,
	kind    TEXT   NOT NULL CHECK (kind IN ('cleaning', 'news', 'work')),
	every   BIGINT NOT NULL,
	starts  BIGINT NOT NULL,
	ends    BIGINT NOT NULL,
	gone    BIGINT NOT NULL,
	source  TEXT   NOT NULL,
	outside TEXT   NOT NULL,
	sum     TEXT   NOT NULL,
	written BIGINT NOT NULL,
	changed BIGINT NOT NULL,
	seq     BIGINT NOT NULL,
	body    TEXT   NOT NULL,
	PRIMARY KEY (city, id)
);
CREATE UNIQUE INDEX house_entry_outside ON house_entry (city, source, outside);
CREATE INDEX house_entry_org ON house_entry (city, org, gone, id);
CREATE INDEX house_entry_every ON house_entry (city, org, every, gone, ends);
CREATE TABLE house_entry_house (
	city  BIGINT NOT NULL,
	entry BIGINT NOT NULL,
	house BIGINT NOT NULL,
	ends  BIGINT NOT NULL,
	PRIMARY KEY (city, entry, house)
);
CREATE INDEX house_entry_house_ends ON house_entry_house (city, house, ends, entry);
