-- Figures of a district or a municipality in a period: reads the indexes alone.
-- A district is a few runs of each, one for each of its municipalities.
CREATE INDEX board_region_received ON board_fact (city, district, municipality, created_day, topic, ending, checked);
CREATE INDEX board_region_answered ON board_fact (city, district, municipality, answered_day, topic, took, on_time, ending, disputed);
