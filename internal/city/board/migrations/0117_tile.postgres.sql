-- Late is what package problem says of the promise everyone sees: it has passed
-- (problem.passed). The cells are those of web maps from now on, so that a tile
-- is one run of them.
ALTER TABLE board_fact ADD COLUMN late BIGINT NOT NULL DEFAULT 0;
UPDATE board_fact SET cell = grid.x | (grid.y << 1) FROM (
	SELECT city, problem, (x | (x << 1)) & 6148914691236517205 AS x, (y | (y << 1)) & 6148914691236517205 AS y FROM (
	SELECT city, problem, (x | (x << 2)) & 3689348814741910323 AS x, (y | (y << 2)) & 3689348814741910323 AS y FROM (
	SELECT city, problem, (x | (x << 4)) & 1085102592571150095 AS x, (y | (y << 4)) & 1085102592571150095 AS y FROM (
	SELECT city, problem, (x | (x << 8)) & 71777214294589695 AS x, (y | (y << 8)) & 71777214294589695 AS y FROM (
	SELECT city, problem, (x | (x << 16)) & 281470681808895 AS x, (y | (y << 16)) & 281470681808895 AS y FROM (
	SELECT city, problem,
		least(CAST(floor(least(greatest((lon + 180.0) / 360.0, 0.0), 1.0) * 2147483648.0) AS BIGINT), 2147483647) AS x,
		least(CAST(floor(least(greatest(0.5 - ln((1.0 + s) / (1.0 - s)) / (4.0 * pi()), 0.0), 1.0) * 2147483648.0) AS BIGINT), 2147483647) AS y
	FROM (SELECT city, problem, lon, sin(radians(least(greatest(lat, -85.0511287798066), 85.0511287798066))) AS s FROM board_fact) AS sines
	) AS spread16
	) AS spread8
	) AS spread4
	) AS spread2
	) AS spread1
) AS grid
WHERE grid.city = board_fact.city AND grid.problem = board_fact.problem;
-- Lists: what a list may be narrowed by further stands in each index, so that
-- rows that do not fit are passed over in it. Where a standing is asked for
-- beside something else, the two have an index of their own: what was solved
-- lies weeks behind what is new.
DROP INDEX board_new;
DROP INDEX board_district;
DROP INDEX board_topic;
DROP INDEX board_category;
DROP INDEX board_object;
DROP INDEX board_standing;
DROP INDEX board_house;
DROP INDEX board_cell;
CREATE INDEX board_new ON board_fact (city, visible, created, problem, standing, late, lat, lon);
CREATE INDEX board_district ON board_fact (city, visible, district, created, problem, standing, late, lat, lon);
CREATE INDEX board_municipality ON board_fact (city, visible, municipality, created, problem, standing, late, lat, lon);
CREATE INDEX board_topic ON board_fact (city, visible, topic, created, problem, district, municipality, standing, late, lat, lon);
CREATE INDEX board_category ON board_fact (city, visible, category, created, problem, district, municipality, standing, late, lat, lon);
CREATE INDEX board_object ON board_fact (city, visible, object, created, problem, district, municipality, standing, late, lat, lon);
CREATE INDEX board_standing ON board_fact (city, visible, standing, created, problem, late, lat, lon);
CREATE INDEX board_house ON board_fact (city, visible, house, created, problem, topic, standing, late, lat, lon);
CREATE INDEX board_district_standing ON board_fact (city, visible, district, standing, created, problem, late, lat, lon);
CREATE INDEX board_municipality_standing ON board_fact (city, visible, municipality, standing, created, problem, late, lat, lon);
CREATE INDEX board_topic_standing ON board_fact (city, visible, topic, standing, created, problem, district, municipality, late, lat, lon);
CREATE INDEX board_category_standing ON board_fact (city, visible, category, standing, created, problem, district, municipality, late, lat, lon);
CREATE INDEX board_object_standing ON board_fact (city, visible, object, standing, created, problem, district, municipality, late, lat, lon);
-- What is late: few rows of all.
CREATE INDEX board_late ON board_fact (city, visible, late, created, problem, topic, category, object, district, municipality, standing, lat, lon) WHERE late = 1;
-- The map from near, and the days that the spans of the cells leave over: the
-- indexes alone are read.
CREATE INDEX board_cell ON board_fact (city, visible, cell, created, created_day, object, standing, late, problem, lat, lon);
CREATE INDEX board_day ON board_fact (city, visible, created_day, cell, object, standing, late, problem, lat, lon, district, municipality);
-- How many problems that everyone may see lie in each cell, kept when a problem
-- changes and never counted when the map is read. level is how many times each
-- side of the map is halved; object 0 counts all; span is a run of days of
-- sending (cluster.go), 0 all time. lat and lon are sums in 1e-7 degrees,
-- problem is the sum of the keys: where n is 1 it is the problem's own.
DROP TABLE board_cluster;
CREATE TABLE board_cluster (
	city     BIGINT NOT NULL,
	level    INTEGER NOT NULL,
	object   BIGINT NOT NULL,
	span     INTEGER NOT NULL,
	cell     BIGINT NOT NULL,
	n        INTEGER NOT NULL,
	open     INTEGER NOT NULL,
	late     INTEGER NOT NULL,
	answered INTEGER NOT NULL,
	solved   INTEGER NOT NULL,
	silent   INTEGER NOT NULL,
	lat      BIGINT NOT NULL,
	lon      BIGINT NOT NULL,
	problem  BIGINT NOT NULL,
	PRIMARY KEY (city, level, object, span, cell)
) WITH (fillfactor = 80);
-- The cells of what is already there: by object and without, five levels, and
-- the spans that each is counted by (size 0 is all time).
INSERT INTO board_cluster (city, level, object, span, cell, n, open, late, answered, solved, silent, lat, lon, problem)
SELECT f.city, g.level, f.object * b.part, CASE WHEN g.days = 0 THEN 0 ELSE g.base | (f.created_day / CASE WHEN g.days = 0 THEN 1 ELSE g.days END) END, f.cell >> g.shift, count(*),
	sum(CASE WHEN f.standing = 'open' THEN 1 ELSE 0 END), 0, sum(CASE WHEN f.standing = 'answered' THEN 1 ELSE 0 END),
	sum(CASE WHEN f.standing = 'solved' THEN 1 ELSE 0 END), sum(CASE WHEN f.standing = 'silent' THEN 1 ELSE 0 END),
	sum(CAST(floor(f.lat * 10000000.0) AS BIGINT)), sum(CAST(floor(f.lon * 10000000.0) AS BIGINT)), sum(f.problem)
FROM board_fact f
CROSS JOIN (SELECT 0 AS part UNION ALL SELECT 1) AS b
CROSS JOIN (SELECT 12 AS level, 38 AS shift, 0 AS base, 0 AS days UNION ALL SELECT 12, 38, 1048576, 1 UNION ALL SELECT 12, 38, 2097152, 8 UNION ALL SELECT 12, 38, 3145728, 64 UNION ALL SELECT 12, 38, 4194304, 512 UNION ALL SELECT 14, 34, 0, 0 UNION ALL SELECT 14, 34, 2097152, 8 UNION ALL SELECT 14, 34, 3145728, 64 UNION ALL SELECT 14, 34, 4194304, 512 UNION ALL SELECT 16, 30, 0, 0 UNION ALL SELECT 16, 30, 2097152, 8 UNION ALL SELECT 16, 30, 3145728, 64 UNION ALL SELECT 16, 30, 4194304, 512 UNION ALL SELECT 18, 26, 0, 0 UNION ALL SELECT 18, 26, 3145728, 64 UNION ALL SELECT 18, 26, 4194304, 512 UNION ALL SELECT 20, 22, 0, 0) AS g
WHERE f.visible = 1 AND (b.part = 0 OR f.object <> 0)
GROUP BY 1, 2, 3, 4, 5;
-- The same by area, for maps and tables of areas.
CREATE TABLE board_area (
	city     BIGINT NOT NULL,
	kind     TEXT   NOT NULL CHECK (kind IN ('district', 'municipality')),
	area     TEXT   NOT NULL,
	object   BIGINT NOT NULL,
	span     INTEGER NOT NULL,
	n        INTEGER NOT NULL,
	open     INTEGER NOT NULL,
	late     INTEGER NOT NULL,
	answered INTEGER NOT NULL,
	solved   INTEGER NOT NULL,
	silent   INTEGER NOT NULL,
	PRIMARY KEY (city, kind, object, span, area)
) WITH (fillfactor = 80);
INSERT INTO board_area (city, kind, area, object, span, n, open, late, answered, solved, silent)
SELECT f.city, k.kind, CASE WHEN k.kind = 'district' THEN f.district ELSE f.municipality END, f.object * b.part,
	CASE WHEN g.days = 0 THEN 0 ELSE g.base | (f.created_day / CASE WHEN g.days = 0 THEN 1 ELSE g.days END) END, count(*),
	sum(CASE WHEN f.standing = 'open' THEN 1 ELSE 0 END), 0, sum(CASE WHEN f.standing = 'answered' THEN 1 ELSE 0 END),
	sum(CASE WHEN f.standing = 'solved' THEN 1 ELSE 0 END), sum(CASE WHEN f.standing = 'silent' THEN 1 ELSE 0 END)
FROM board_fact f
CROSS JOIN (SELECT 0 AS part UNION ALL SELECT 1) AS b
CROSS JOIN (SELECT 'district' AS kind UNION ALL SELECT 'municipality') AS k
CROSS JOIN (SELECT 0 AS base, 0 AS days UNION ALL SELECT 2097152, 8 UNION ALL SELECT 3145728, 64 UNION ALL SELECT 4194304, 512) AS g
WHERE f.visible = 1 AND (b.part = 0 OR f.object <> 0) AND CASE WHEN k.kind = 'district' THEN f.district ELSE f.municipality END <> ''
GROUP BY 1, 2, 3, 4, 5;
