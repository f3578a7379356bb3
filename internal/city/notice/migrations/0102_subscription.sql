-- What people want to hear of a place, and the cells, houses and areas by which
-- something that happens there finds them.
CREATE TABLE notice_subscription (
	city    BIGINT NOT NULL,
	id      BIGINT NOT NULL,
	person  BIGINT NOT NULL,
	token   TEXT   NOT NULL,
	pace    TEXT   NOT NULL CHECK (pace IN ('once', 'daily', 'weekly', 'feed')),
	body    TEXT   NOT NULL,
	created BIGINT NOT NULL,
	PRIMARY KEY (city, id)
);
CREATE UNIQUE INDEX notice_subscription_token ON notice_subscription (city, token);
CREATE INDEX notice_subscription_person ON notice_subscription (city, person, id);
CREATE TABLE notice_subscription_key (
	city         BIGINT NOT NULL,
	key          TEXT   NOT NULL,
	subscription BIGINT NOT NULL,
	PRIMARY KEY (city, key, subscription)
);
CREATE INDEX notice_subscription_key_of ON notice_subscription_key (city, subscription);
-- What a subscription has to tell, or has told (sent): the key keeps an event
-- that is delivered twice from being told twice.
CREATE TABLE notice_item (
	city         BIGINT NOT NULL,
	subscription BIGINT NOT NULL,
	news         TEXT   NOT NULL CHECK (news IN ('new', 'answer', 'outage', 'house')),
	subject      BIGINT NOT NULL,
	seq          BIGINT NOT NULL,
	at           BIGINT NOT NULL,
	sent         BIGINT NOT NULL,
	PRIMARY KEY (city, subscription, news, subject, seq)
);
CREATE INDEX notice_item_waiting ON notice_item (city, subscription, sent, at);
CREATE INDEX notice_item_at ON notice_item (at);
