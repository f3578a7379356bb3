-- Zero or empty means any. valid_from is a date as YYYY-MM-DD, empty for always.
CREATE TABLE routing_rule (
	city        BIGINT NOT NULL,
	version     BIGINT NOT NULL,
	id          BIGINT NOT NULL,
	topic       BIGINT NOT NULL,
	category    BIGINT NOT NULL,
	object      BIGINT NOT NULL,
	area        TEXT   NOT NULL,
	house       BIGINT NOT NULL,
	executor    TEXT   NOT NULL,
	coordinator TEXT   NOT NULL,
	controller  TEXT   NOT NULL,
	note        TEXT   NOT NULL,
	valid_from  TEXT   NOT NULL,
	PRIMARY KEY (city, version, id)
);
