-- Work to be done later. A row lives until the work is done; a dead letter
-- stays until a person retries or drops it.
CREATE TABLE job (
	id          BIGINT PRIMARY KEY,
	city        BIGINT NOT NULL,
	kind        TEXT   NOT NULL,
	args        TEXT   NOT NULL,
	unique_key  TEXT,
	state       TEXT   NOT NULL CHECK (state IN ('ready', 'running', 'dead')),
	run_at      BIGINT NOT NULL,
	attempt     BIGINT NOT NULL,
	fence       BIGINT NOT NULL,
	lease_until BIGINT NOT NULL,
	error       TEXT   NOT NULL,
	created     BIGINT NOT NULL
);
CREATE UNIQUE INDEX job_unique ON job (city, kind, unique_key) WHERE unique_key IS NOT NULL;
CREATE INDEX job_due ON job (state, run_at);
-- The last slot of the schedule that was enqueued, so that several nodes
-- enqueue each slot once.
CREATE TABLE job_slot (
	name TEXT   PRIMARY KEY,
	slot BIGINT NOT NULL
);
