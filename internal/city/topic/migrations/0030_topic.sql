CREATE TABLE topic (
	city     BIGINT NOT NULL,
	version  BIGINT NOT NULL,
	id       BIGINT NOT NULL,
	position BIGINT NOT NULL,
	body     TEXT   NOT NULL,
	PRIMARY KEY (city, version, id)
);
