-- The share of kept promises counts what is past its day without any answer:
-- read from the index alone, as what is overdue.
DROP INDEX board_open;
CREATE INDEX board_open ON board_fact (city, status, due, topic, district, answered_day);
