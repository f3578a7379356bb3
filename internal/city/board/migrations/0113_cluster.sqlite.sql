-- How many problems that everyone may see lie in each cell, kept when a
-- problem changes and never counted when the map is read. level is how many
-- times each axis of the earth is halved; object 0 and standing '' count all.
-- lat and lon are sums in 1e-7 degrees, problem is the sum of the keys: where
-- n is 1 it is the problem's own.
CREATE TABLE board_cluster (
	city     BIGINT NOT NULL,
	level    BIGINT NOT NULL,
	object   BIGINT NOT NULL,
	standing TEXT   NOT NULL,
	cell     BIGINT NOT NULL,
	n        BIGINT NOT NULL,
	lat      BIGINT NOT NULL,
	lon      BIGINT NOT NULL,
	problem  BIGINT NOT NULL,
	PRIMARY KEY (city, level, object, standing, cell)
) WITHOUT ROWID;
