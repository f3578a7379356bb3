-- The kind of place that a rule is about (yard, street, park …); empty: any.
ALTER TABLE routing_rule ADD COLUMN ground TEXT NOT NULL DEFAULT '';
