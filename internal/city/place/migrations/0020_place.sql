-- The cities of this database. Everything that is neither asked for nor joined
-- is in body, as JSON.
CREATE TABLE city (
	city    BIGINT NOT NULL PRIMARY KEY,
	key     TEXT   NOT NULL UNIQUE,
	version BIGINT NOT NULL,
	body    TEXT   NOT NULL
);
-- Which edition of a dictionary stands under a version. The stamp is random and
-- new with every slice and edit: equal stamps are equal rows.
CREATE TABLE dictionary (
	city    BIGINT NOT NULL,
	version BIGINT NOT NULL,
	name    TEXT   NOT NULL,
	stamp   TEXT   NOT NULL,
	PRIMARY KEY (city, version, name)
);
CREATE TABLE city_area (
	city    BIGINT NOT NULL,
	version BIGINT NOT NULL,
	id      TEXT   NOT NULL,
	kind    TEXT   NOT NULL CHECK (kind IN ('city', 'district', 'municipality')),
	parent  TEXT   NOT NULL,
	names   TEXT   NOT NULL,
	shape   TEXT   NOT NULL,
	PRIMARY KEY (city, version, id)
);
CREATE TABLE city_street (
	city    BIGINT NOT NULL,
	version BIGINT NOT NULL,
	id      BIGINT NOT NULL,
	kind    TEXT   NOT NULL,
	names   TEXT   NOT NULL,
	aliases TEXT   NOT NULL,
	PRIMARY KEY (city, version, id)
);
CREATE TABLE house (
	city         BIGINT NOT NULL,
	version      BIGINT NOT NULL,
	id           BIGINT NOT NULL,
	street       TEXT   NOT NULL,
	number       TEXT   NOT NULL,
	building     TEXT   NOT NULL,
	structure    TEXT   NOT NULL,
	letter       TEXT   NOT NULL,
	address      TEXT   NOT NULL,
	settlement   TEXT   NOT NULL,
	lat          DOUBLE PRECISION NOT NULL,
	lon          DOUBLE PRECISION NOT NULL,
	cell         BIGINT NOT NULL,
	district     TEXT   NOT NULL,
	municipality TEXT   NOT NULL,
	purpose      TEXT   NOT NULL,
	manager      TEXT   NOT NULL,
	built        BIGINT NOT NULL,
	floors       BIGINT NOT NULL,
	entrances    BIGINT NOT NULL,
	flats        BIGINT NOT NULL,
	PRIMARY KEY (city, version, id)
);
-- Covers the search for what is near: no row is read for a house too far off.
CREATE INDEX house_cell ON house (city, version, cell, id, lat, lon);
CREATE TABLE city_object (
	city    BIGINT NOT NULL,
	version BIGINT NOT NULL,
	id      TEXT   NOT NULL,
	kind    TEXT   NOT NULL,
	number  TEXT   NOT NULL,
	names   TEXT   NOT NULL,
	lat     DOUBLE PRECISION NOT NULL,
	lon     DOUBLE PRECISION NOT NULL,
	cell    BIGINT NOT NULL,
	owner   TEXT   NOT NULL,
	PRIMARY KEY (city, version, id)
);
CREATE INDEX city_object_cell ON city_object (city, version, cell);
