-- The versions of a city's pack. settings is the city as the pack describes
-- it, so that switching back brings its limits and names back too; counts and
-- report are JSON. Times are microseconds UTC; loaded is 0 until it is.
CREATE TABLE pack_version (
	city     BIGINT NOT NULL,
	version  BIGINT NOT NULL,
	hash     TEXT   NOT NULL,
	state    TEXT   NOT NULL CHECK (state IN ('loading', 'current', 'previous', 'abandoned')),
	begun    BIGINT NOT NULL,
	loaded   BIGINT NOT NULL,
	settings TEXT   NOT NULL,
	counts   TEXT   NOT NULL,
	report   TEXT   NOT NULL,
	PRIMARY KEY (city, version)
);
-- One version is in force, and one import is under way.
CREATE UNIQUE INDEX pack_version_current ON pack_version (city) WHERE state = 'current';
CREATE UNIQUE INDEX pack_version_loading ON pack_version (city) WHERE state = 'loading';
-- A fingerprint of each row of a version, gzipped JSON: what the next import
-- is compared with.
CREATE TABLE pack_print (
	city    BIGINT NOT NULL,
	version BIGINT NOT NULL,
	body    BYTEA  NOT NULL,
	PRIMARY KEY (city, version)
);
CREATE TABLE pack_text (
	city    BIGINT NOT NULL,
	version BIGINT NOT NULL,
	name    TEXT   NOT NULL,
	lang    TEXT   NOT NULL,
	body    TEXT   NOT NULL,
	PRIMARY KEY (city, version, name, lang)
);
-- Short lists that are always read whole are JSON, in the order of the pack.
CREATE TABLE pack_clause (
	city     BIGINT NOT NULL,
	version  BIGINT NOT NULL,
	position BIGINT NOT NULL,
	body     TEXT   NOT NULL,
	PRIMARY KEY (city, version, position)
);
CREATE TABLE pack_template (
	city     BIGINT NOT NULL,
	version  BIGINT NOT NULL,
	position BIGINT NOT NULL,
	body     TEXT   NOT NULL,
	PRIMARY KEY (city, version, position)
);
CREATE TABLE pack_step (
	city     BIGINT NOT NULL,
	version  BIGINT NOT NULL,
	position BIGINT NOT NULL,
	body     TEXT   NOT NULL,
	PRIMARY KEY (city, version, position)
);
CREATE TABLE pack_example (
	city    BIGINT NOT NULL,
	version BIGINT NOT NULL,
	id      BIGINT NOT NULL,
	topic   BIGINT NOT NULL,
	text    TEXT   NOT NULL,
	PRIMARY KEY (city, version, id)
);
-- The map's own geometry: GeoJSON, gzipped.
CREATE TABLE pack_layer (
	city    BIGINT NOT NULL,
	version BIGINT NOT NULL,
	name    TEXT   NOT NULL,
	body    BYTEA  NOT NULL,
	PRIMARY KEY (city, version, name)
);
