-- What is open in a house, read without a look at what is long solved there.
CREATE INDEX board_house_open ON board_fact (city, house, created, problem) WHERE visible = 1 AND standing = 'open';
-- What an organisation has to do with, newest first: its topics are counted and
-- its list is read in the index alone.
CREATE INDEX board_executor ON board_fact (city, executor, created, problem, visible, topic);
