-- The object of the city that a problem is about, such as a lamp with a number:
-- «what else is open at this one», the newest first.
ALTER TABLE problem ADD COLUMN city_object TEXT NOT NULL DEFAULT '';
CREATE INDEX problem_city_object ON problem (city, city_object, created) WHERE city_object <> '';
