-- Loads of made-up histories (gorod generate): which keys and public numbers
-- each took, with what it was asked for, and how far it came. One that is not
-- done goes on.
CREATE TABLE problem_load (
	city   BIGINT NOT NULL,
	first  BIGINT NOT NULL,
	last   BIGINT NOT NULL,
	number BIGINT NOT NULL,
	plan   TEXT   NOT NULL,
	made   BIGINT NOT NULL,
	stage  TEXT   NOT NULL CHECK (stage IN ('rows', 'board', 'indexes', 'done')),
	begun  BIGINT NOT NULL,
	PRIMARY KEY (city, first)
);
