-- How often a city hears of a topic is a row of its pack too. SQLite changes no
-- CHECK: the table is made anew.
CREATE TABLE suggest_row (
	city    BIGINT NOT NULL,
	version BIGINT NOT NULL,
	num     BIGINT NOT NULL,
	topic   BIGINT NOT NULL,
	kind    TEXT   NOT NULL CHECK (kind IN ('example', 'name', 'synonym', 'help', 'frequency')),
	text    TEXT   NOT NULL,
	PRIMARY KEY (city, version, num)
);
INSERT INTO suggest_row (city, version, num, topic, kind, text)
SELECT city, version, num, topic, kind, text FROM suggest_example;
DROP TABLE suggest_example;
ALTER TABLE suggest_row RENAME TO suggest_example;
