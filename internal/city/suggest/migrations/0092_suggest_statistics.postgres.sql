-- What the statistics count of a record: the week of sending by the city's
-- calendar, the topic it has now, what was offered, taken and right (packed,
-- see outcome in statistics.go), the object that the author named when the page
-- asked, and when a moderator accepted it.
ALTER TABLE suggest_audit ADD COLUMN week BIGINT NOT NULL DEFAULT 0;
ALTER TABLE suggest_audit ADD COLUMN final BIGINT NOT NULL DEFAULT 0;
ALTER TABLE suggest_audit ADD COLUMN outcome BIGINT NOT NULL DEFAULT 0;
ALTER TABLE suggest_audit ADD COLUMN asked BIGINT NOT NULL DEFAULT 0;
ALTER TABLE suggest_audit ADD COLUMN decided BIGINT NOT NULL DEFAULT 0;

-- Rows of before: the week by UTC; they did not say what was accepted, and are
-- taken for it.
UPDATE suggest_audit SET
	week = (at / 86400000000 + 3) / 7,
	final = CASE WHEN corrected_to <> 0 THEN corrected_to ELSE chosen END,
	decided = CASE WHEN corrected_at <> 0 THEN corrected_at ELSE at END;
UPDATE suggest_audit SET outcome =
	256
	+ CASE WHEN final <> chosen THEN 64 ELSE 0 END
	+ LEAST(3, CASE WHEN offered = 'null' THEN 0 ELSE json_array_length(offered::json) END)
	+ 4 * CASE WHEN manual <> 0 OR offered = 'null' THEN 0
		WHEN chosen = (offered::json->0->>'topic')::bigint THEN 1
		WHEN chosen = (offered::json->1->>'topic')::bigint THEN 2
		WHEN chosen = (offered::json->2->>'topic')::bigint THEN 3
		ELSE 0 END
	+ 16 * CASE WHEN offered = 'null' THEN 0
		WHEN final = (offered::json->0->>'topic')::bigint THEN 1
		WHEN final = (offered::json->1->>'topic')::bigint THEN 2
		WHEN final = (offered::json->2->>'topic')::bigint THEN 3
		ELSE 0 END;

-- All that the statistics read; they never touch a row.
CREATE INDEX suggest_audit_week ON suggest_audit (city, week, final, outcome);
