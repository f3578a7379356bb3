-- What desks select by and the row did not say: how often the problem was
-- handed over, and whether its newest answer was given back.
ALTER TABLE problem ADD COLUMN redirects BIGINT NOT NULL DEFAULT 0;
ALTER TABLE problem ADD COLUMN sent_back BIGINT NOT NULL DEFAULT 0;
UPDATE problem SET
	redirects = COALESCE((state::json->>'redirects')::bigint, 0),
	sent_back = CASE WHEN state::json->'answers'->-1->>'verdict' = 'returned' THEN 1 ELSE 0 END;

-- Queues: what waits in a status, the most urgent first. Everything that a
-- desk narrows or counts by stands in the index, so that neither reads rows
-- that it does not show.
DROP INDEX problem_queue;
CREATE INDEX problem_queue ON problem (city, status, stage_due, id, district, controller, executor, visible);
DROP INDEX problem_executor;
CREATE INDEX problem_executor ON problem (city, executor, status, stage_due, id, topic, district, controller, coordinator);
CREATE INDEX problem_disputed ON problem (city, status, stage_due, id, messages, district, controller, executor) WHERE messages > 1;
CREATE INDEX problem_sent_back ON problem (city, status, stage_due, id, district, controller, executor) WHERE sent_back = 1;
CREATE INDEX problem_redirected ON problem (city, status, stage_due, id, redirects, redirect_asked, district, controller, executor) WHERE redirects > 1;
CREATE INDEX problem_asked ON problem (city, coordinator, status, stage_due, id, district) WHERE redirect_asked = 1;
