-- What organisations did in a period: reads the indexes alone.
CREATE INDEX board_org_received ON board_fact (city, created_day, executor, district, problem);
CREATE INDEX board_org_answered ON board_fact (city, answered_day, executor, district, took, on_time, ending, disputed, problem);
