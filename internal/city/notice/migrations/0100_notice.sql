-- One piece of news for one recipient by one way. Recipient: p:<person>, or
-- author, who sent the problem without an account. No text, no address.
CREATE TABLE notice (
	city      BIGINT NOT NULL,
	id        BIGINT NOT NULL,
	problem   BIGINT NOT NULL,
	seq       BIGINT NOT NULL,
	recipient TEXT   NOT NULL,
	way       TEXT   NOT NULL CHECK (way IN ('email', 'sms')),
	state     TEXT   NOT NULL CHECK (state IN ('waiting', 'sent', 'dropped')),
	created   BIGINT NOT NULL,
	done      BIGINT NOT NULL,
	PRIMARY KEY (city, id)
);
CREATE UNIQUE INDEX notice_once ON notice (city, problem, seq, recipient, way);
CREATE INDEX notice_created ON notice (created);

-- What a person wants to hear; no row: the defaults.
CREATE TABLE notice_setting (
	city       BIGINT NOT NULL,
	person     BIGINT NOT NULL,
	email      TEXT   NOT NULL,
	sms        TEXT   NOT NULL,
	quiet_from BIGINT NOT NULL,
	quiet_to   BIGINT NOT NULL,
	PRIMARY KEY (city, person)
);

-- Problems whose author without an account wants no more letters.
CREATE TABLE notice_off (
	city    BIGINT NOT NULL,
	problem BIGINT NOT NULL,
	at      BIGINT NOT NULL,
	PRIMARY KEY (city, problem)
);

-- What a demo would have sent.
CREATE TABLE outbox_caught (
	city      BIGINT NOT NULL,
	id        BIGINT NOT NULL,
	way       TEXT   NOT NULL,
	recipient TEXT   NOT NULL,
	subject   TEXT   NOT NULL,
	text      TEXT   NOT NULL,
	html      TEXT   NOT NULL,
	links     TEXT   NOT NULL,
	at        BIGINT NOT NULL,
	PRIMARY KEY (city, id)
);
CREATE INDEX outbox_caught_at ON outbox_caught (at);
