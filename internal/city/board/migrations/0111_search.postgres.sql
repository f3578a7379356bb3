-- Stems of what everyone may read, by the key of the problem. Stemmed in Go,
-- so the configuration is 'simple' on both sides.
CREATE TABLE board_search (
	problem BIGINT PRIMARY KEY,
	words   tsvector NOT NULL
);
CREATE INDEX board_search_words ON board_search USING gin (words);
