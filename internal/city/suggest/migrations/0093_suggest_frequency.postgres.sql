-- How often a city hears of a topic is a row of its pack too.
ALTER TABLE suggest_example DROP CONSTRAINT suggest_example_kind_check;
ALTER TABLE suggest_example ADD CONSTRAINT suggest_example_kind_check
	CHECK (kind IN ('example', 'name', 'synonym', 'help', 'frequency'));
