-- Every blob that was begun. A pending one was never named by a photo: after a
-- day it is deleted. One blob may serve several photos.
CREATE TABLE media_blob (
	city    BIGINT NOT NULL,
	key     TEXT   NOT NULL,
	kept    BIGINT NOT NULL,
	created BIGINT NOT NULL,
	PRIMARY KEY (city, key)
);
CREATE INDEX media_blob_pending ON media_blob (created) WHERE kept = 0;

-- A photo as it may be shown. Draft is the hash of the key of the form that it
-- was uploaded with; problem is 0 until a message takes it.
CREATE TABLE media_photo (
	city    BIGINT NOT NULL,
	id      BIGINT NOT NULL,
	uid     TEXT   NOT NULL,
	blob    TEXT   NOT NULL,
	draft   TEXT   NOT NULL,
	problem BIGINT NOT NULL,
	sum     TEXT   NOT NULL,
	dhash   BIGINT NOT NULL,
	width   BIGINT NOT NULL,
	height  BIGINT NOT NULL,
	thumb_w BIGINT NOT NULL,
	thumb_h BIGINT NOT NULL,
	bytes   BIGINT NOT NULL,
	state   TEXT   NOT NULL CHECK (state IN ('fresh', 'used', 'hidden', 'erased')),
	created BIGINT NOT NULL,
	PRIMARY KEY (city, id)
);
CREATE UNIQUE INDEX media_photo_uid ON media_photo (city, uid);
CREATE UNIQUE INDEX media_photo_draft ON media_photo (city, draft, sum) WHERE state = 'fresh';
CREATE INDEX media_photo_blob ON media_photo (city, blob);
CREATE INDEX media_photo_fresh ON media_photo (created) WHERE state = 'fresh';

-- What the original told about when and where: staff only, for 90 days.
CREATE TABLE media_exif (
	city    BIGINT NOT NULL,
	photo   BIGINT NOT NULL,
	taken   BIGINT NOT NULL,
	zoned   BIGINT NOT NULL,
	lat     DOUBLE PRECISION NOT NULL,
	lon     DOUBLE PRECISION NOT NULL,
	until   BIGINT NOT NULL,
	PRIMARY KEY (city, photo)
);
CREATE INDEX media_exif_until ON media_exif (until);
