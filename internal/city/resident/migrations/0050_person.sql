-- Accounts. Of the staff (staff = 1): login and password; phone and e-mail are
-- those of the office. Of residents (staff = 0): found by phone or e-mail.
CREATE TABLE person (
	city           BIGINT NOT NULL,
	id             BIGINT NOT NULL,
	staff          BIGINT NOT NULL,
	name           TEXT   NOT NULL,
	login          TEXT   NOT NULL,
	phone          TEXT   NOT NULL,
	email          TEXT   NOT NULL,
	language       TEXT   NOT NULL,
	org            TEXT   NOT NULL,
	position       TEXT   NOT NULL,
	password       TEXT   NOT NULL,
	password_until BIGINT NOT NULL,
	must_change    BIGINT NOT NULL,
	blocked        BIGINT NOT NULL,
	erased         BIGINT NOT NULL,
	created        BIGINT NOT NULL,
	seen           BIGINT NOT NULL,
	version        BIGINT NOT NULL,
	pack           TEXT   NOT NULL,
	pack_sum       TEXT   NOT NULL,
	PRIMARY KEY (city, id)
);
CREATE UNIQUE INDEX person_login ON person (city, login) WHERE login <> '';
CREATE UNIQUE INDEX person_phone ON person (city, phone) WHERE staff = 0 AND phone <> '';
CREATE UNIQUE INDEX person_email ON person (city, email) WHERE staff = 0 AND email <> '';
CREATE INDEX person_office ON person (city, email) WHERE staff = 1 AND email <> '';
CREATE UNIQUE INDEX person_pack ON person (city, pack) WHERE pack <> '';
CREATE INDEX person_staff ON person (city, id) WHERE staff = 1;

CREATE TABLE person_role (
	city   BIGINT NOT NULL,
	person BIGINT NOT NULL,
	role   TEXT   NOT NULL,
	PRIMARY KEY (city, person, role)
);

CREATE TABLE person_area (
	city   BIGINT NOT NULL,
	person BIGINT NOT NULL,
	area   TEXT   NOT NULL,
	PRIMARY KEY (city, person, area)
);
