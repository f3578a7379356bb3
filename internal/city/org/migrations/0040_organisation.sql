CREATE TABLE organisation (
	city    BIGINT NOT NULL,
	version BIGINT NOT NULL,
	id      TEXT   NOT NULL,
	body    TEXT   NOT NULL,
	PRIMARY KEY (city, version, id)
);
