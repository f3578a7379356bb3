-- How many jobs were done, by the hour of the day (slot): hour tells which day's
-- it is, so that a row is used again after a day and the table stays small.
CREATE TABLE job_done (
	city BIGINT NOT NULL,
	kind TEXT   NOT NULL,
	slot BIGINT NOT NULL CHECK (slot BETWEEN 0 AND 23),
	hour BIGINT NOT NULL,
	n    BIGINT NOT NULL,
	PRIMARY KEY (city, kind, slot)
);
