-- What staff changed and what was erased of late: every process takes it out of
-- its memory of earlier messages. topic = 0: the problem was erased. Swept after
-- some days; who was away longer reads everything anew.
CREATE TABLE suggest_news (
	city    BIGINT NOT NULL,
	problem BIGINT NOT NULL,
	topic   BIGINT NOT NULL,
	at      BIGINT NOT NULL,
	PRIMARY KEY (city, problem)
);
CREATE INDEX suggest_news_at ON suggest_news (city, at);
