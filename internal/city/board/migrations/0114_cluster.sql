-- The cells of what is already there: four ways of narrowing, five levels.
INSERT INTO board_cluster (city, level, object, standing, cell, n, lat, lon, problem)
SELECT city, levels.level, 0, '', cell >> levels.shift, count(*),
	sum(CAST(floor(lat * 10000000.0) AS BIGINT)), sum(CAST(floor(lon * 10000000.0) AS BIGINT)), sum(problem)
FROM board_fact
CROSS JOIN (SELECT 12 AS level, 38 AS shift UNION ALL SELECT 14, 34 UNION ALL SELECT 16, 30 UNION ALL SELECT 18, 26 UNION ALL SELECT 20, 22) AS levels
WHERE visible = 1
GROUP BY city, levels.level, cell >> levels.shift;
INSERT INTO board_cluster (city, level, object, standing, cell, n, lat, lon, problem)
SELECT city, levels.level, object, '', cell >> levels.shift, count(*),
	sum(CAST(floor(lat * 10000000.0) AS BIGINT)), sum(CAST(floor(lon * 10000000.0) AS BIGINT)), sum(problem)
FROM board_fact
CROSS JOIN (SELECT 12 AS level, 38 AS shift UNION ALL SELECT 14, 34 UNION ALL SELECT 16, 30 UNION ALL SELECT 18, 26 UNION ALL SELECT 20, 22) AS levels
WHERE visible = 1 AND object <> 0
GROUP BY city, levels.level, cell >> levels.shift, object;
INSERT INTO board_cluster (city, level, object, standing, cell, n, lat, lon, problem)
SELECT city, levels.level, 0, standing, cell >> levels.shift, count(*),
	sum(CAST(floor(lat * 10000000.0) AS BIGINT)), sum(CAST(floor(lon * 10000000.0) AS BIGINT)), sum(problem)
FROM board_fact
CROSS JOIN (SELECT 12 AS level, 38 AS shift UNION ALL SELECT 14, 34 UNION ALL SELECT 16, 30 UNION ALL SELECT 18, 26 UNION ALL SELECT 20, 22) AS levels
WHERE visible = 1 AND standing <> ''
GROUP BY city, levels.level, cell >> levels.shift, standing;
INSERT INTO board_cluster (city, level, object, standing, cell, n, lat, lon, problem)
SELECT city, levels.level, object, standing, cell >> levels.shift, count(*),
	sum(CAST(floor(lat * 10000000.0) AS BIGINT)), sum(CAST(floor(lon * 10000000.0) AS BIGINT)), sum(problem)
FROM board_fact
CROSS JOIN (SELECT 12 AS level, 38 AS shift UNION ALL SELECT 14, 34 UNION ALL SELECT 16, 30 UNION ALL SELECT 18, 26 UNION ALL SELECT 20, 22) AS levels
WHERE visible = 1 AND object <> 0 AND standing <> ''
GROUP BY city, levels.level, cell >> levels.shift, object, standing;
