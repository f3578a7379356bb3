-- One flat row a problem, made from its feed by events: what lists, the map
-- and statistics read. It can be dropped and rebuilt at any time.
CREATE TABLE board_fact (
	city         BIGINT NOT NULL,
	problem      BIGINT NOT NULL,
	seq          BIGINT NOT NULL,
	number       BIGINT NOT NULL,
	visible      BIGINT NOT NULL,
	status       TEXT   NOT NULL,
	topic        BIGINT NOT NULL,
	object       BIGINT NOT NULL,
	category     BIGINT NOT NULL,
	district     TEXT   NOT NULL,
	municipality TEXT   NOT NULL,
	house        BIGINT NOT NULL,
	address      TEXT   NOT NULL,
	lat          DOUBLE PRECISION NOT NULL,
	lon          DOUBLE PRECISION NOT NULL,
	cell         BIGINT NOT NULL,
	executor     TEXT   NOT NULL,
	created      BIGINT NOT NULL,
	created_day  BIGINT NOT NULL,
	due          BIGINT NOT NULL,
	stage_due    BIGINT NOT NULL,
	answered_day BIGINT NOT NULL,
	took         BIGINT NOT NULL,
	on_time      BIGINT NOT NULL,
	checked      BIGINT NOT NULL,
	ending       TEXT   NOT NULL,
	disputed     BIGINT NOT NULL,
	joined       BIGINT NOT NULL,
	photo        BIGINT NOT NULL,
	excerpt      TEXT   NOT NULL,
	PRIMARY KEY (city, problem)
);
-- Everyone's list, newest first, whole and narrowed.
CREATE INDEX board_new ON board_fact (city, visible, created, problem);
CREATE INDEX board_district ON board_fact (city, visible, district, created, problem);
CREATE INDEX board_topic ON board_fact (city, visible, topic, created, problem);
CREATE INDEX board_status ON board_fact (city, visible, status, created, problem);
-- The map: reads the index alone.
CREATE INDEX board_cell ON board_fact (city, visible, cell, lat, lon, status, topic, district, created, number);
-- Statistics: read the indexes alone.
CREATE INDEX board_received ON board_fact (city, created_day, topic, district, ending, checked);
CREATE INDEX board_answered ON board_fact (city, answered_day, topic, district, took, on_time, ending, disputed);
CREATE INDEX board_open ON board_fact (city, status, due, topic, district);
