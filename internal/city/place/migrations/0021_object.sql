-- What an object tells of itself beside what every object has: a JSON object,
-- field by text.
ALTER TABLE city_object ADD COLUMN fields TEXT NOT NULL DEFAULT '{}';
-- The kinds of objects of a version: JSON, asked for whole.
CREATE TABLE city_object_kind (
	city    BIGINT NOT NULL,
	version BIGINT NOT NULL,
	id      TEXT   NOT NULL,
	body    TEXT   NOT NULL,
	PRIMARY KEY (city, version, id)
);
-- What lies on the ground, as the pack's base map has it: some hundred pieces a
-- row, as JSON, read whole once an edition.
CREATE TABLE city_land (
	city    BIGINT NOT NULL,
	version BIGINT NOT NULL,
	id      BIGINT NOT NULL,
	body    TEXT   NOT NULL,
	PRIMARY KEY (city, version, id)
);
