-- The group of states that lists and the map are narrowed by, in one column:
-- a list of «open» problems is then a run of one index, not a merge of five.
ALTER TABLE board_fact ADD COLUMN standing TEXT NOT NULL DEFAULT '' CHECK (standing IN ('', 'open', 'answered', 'solved', 'silent'));
UPDATE board_fact SET standing = CASE
	WHEN status IN ('moderation', 'question', 'work', 'interim', 'review') THEN 'open'
	WHEN status = 'answered' THEN 'answered'
	WHEN status IN ('confirmed', 'controlled') THEN 'solved'
	WHEN status = 'silent' THEN 'silent'
	ELSE '' END;
-- A list is a run of one of these, newest first. What else a list may be
-- narrowed by follows the order, so that rows that do not fit are passed over
-- in the index alone.
DROP INDEX board_new;
DROP INDEX board_district;
DROP INDEX board_topic;
DROP INDEX board_status;
DROP INDEX board_cell;
CREATE INDEX board_new ON board_fact (city, visible, created, problem, lat, lon);
CREATE INDEX board_district ON board_fact (city, visible, district, created, problem, standing, lat, lon);
CREATE INDEX board_topic ON board_fact (city, visible, topic, created, problem, district, standing, lat, lon);
CREATE INDEX board_category ON board_fact (city, visible, category, created, problem, district, standing, lat, lon);
CREATE INDEX board_object ON board_fact (city, visible, object, created, problem, district, standing, lat, lon);
CREATE INDEX board_standing ON board_fact (city, visible, standing, created, problem, lat, lon);
CREATE INDEX board_house ON board_fact (city, visible, house, created, problem);
-- The map from near: reads the index alone.
CREATE INDEX board_cell ON board_fact (city, visible, cell, lat, lon, created, problem, number, status, standing, topic, category, object, district);
