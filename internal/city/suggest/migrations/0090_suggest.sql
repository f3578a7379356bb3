-- What a pack teaches the model of its city: example texts, and the names,
-- synonyms and help texts of topics.
CREATE TABLE suggest_example (
	city    BIGINT NOT NULL,
	version BIGINT NOT NULL,
	num     BIGINT NOT NULL,
	topic   BIGINT NOT NULL,
	kind    TEXT   NOT NULL CHECK (kind IN ('example', 'name', 'synonym', 'help')),
	text    TEXT   NOT NULL,
	PRIMARY KEY (city, version, num)
);

-- Every training, promoted or not. A model whose parts = 0 was judged and not
-- kept.
CREATE TABLE suggest_model (
	city    BIGINT NOT NULL,
	version BIGINT NOT NULL,
	created BIGINT NOT NULL,
	pack    BIGINT NOT NULL,
	parts   BIGINT NOT NULL,
	report  TEXT   NOT NULL,
	PRIMARY KEY (city, version)
);

-- The encoded model in slices. They are written before the row above: slices
-- without it are what a training that was killed left behind.
CREATE TABLE suggest_part (
	city    BIGINT NOT NULL,
	version BIGINT NOT NULL,
	part    BIGINT NOT NULL,
	created BIGINT NOT NULL,
	bytes   BYTEA  NOT NULL,
	PRIMARY KEY (city, version, part)
);

-- The model that a city uses.
CREATE TABLE suggest_current (
	city    BIGINT PRIMARY KEY,
	version BIGINT NOT NULL,
	at      BIGINT NOT NULL
);

-- What was offered, chosen and corrected. No text and no person stands here.
CREATE TABLE suggest_audit (
	city         BIGINT NOT NULL,
	problem      BIGINT NOT NULL,
	at           BIGINT NOT NULL,
	model        BIGINT NOT NULL,
	offered      TEXT   NOT NULL,
	chosen       BIGINT NOT NULL,
	manual       BIGINT NOT NULL,
	corrected_to BIGINT NOT NULL,
	corrected_at BIGINT NOT NULL,
	PRIMARY KEY (city, problem)
);
