-- A file that comes again under the key of its form is the same photo also after
-- a message has taken it: who presses «Отправить» twice sends one message.
CREATE INDEX media_photo_again ON media_photo (city, draft, sum);
UPDATE media_photo SET sum = sum || ':' || CAST(id AS TEXT)
WHERE state <> 'erased' AND EXISTS (
	SELECT 1 FROM media_photo other
	WHERE other.city = media_photo.city AND other.draft = media_photo.draft AND other.sum = media_photo.sum
		AND other.state <> 'erased' AND other.id < media_photo.id);
DROP INDEX media_photo_again;
DROP INDEX media_photo_draft;
CREATE UNIQUE INDEX media_photo_draft ON media_photo (city, draft, sum) WHERE state <> 'erased';
