package media

import (
	"time"

	"gorod/internal/platform/sqldb"
)

const photoColumns = `id, uid, blob, problem, dhash, width, height, thumb_w, thumb_h, bytes, state, created`

func scanPhoto(row sqldb.Scanner) (Photo, error) {
	var p Photo
	var hash, created int64
	err := row.Scan(&p.ID, &p.UID, &p.blob, &p.Problem, &hash, &p.Width, &p.Height, &p.ThumbW, &p.ThumbH, &p.Bytes, &p.State, &created)
	p.Hash, p.Created = Hash(hash), time.UnixMicro(created).UTC()
	return p, err
}

func insertBlob(tx *sqldb.Tx, city int64, key string) error {
	_, err := tx.Exec(`INSERT INTO media_blob (city, key, kept, created) VALUES ($1, $2, 0, $3)`, city, key, tx.Micros())
	return err
}

// keepBlob tells whether the blob is still there to be kept.
func keepBlob(tx *sqldb.Tx, city int64, key string) (bool, error) {
	n, err := tx.Exec(`UPDATE media_blob SET kept = 1 WHERE city = $1 AND key = $2`, city, key)
	return n > 0, err
}

func deleteBlob(tx *sqldb.Tx, city int64, key string) error {
	_, err := tx.Exec(`DELETE FROM media_blob WHERE city = $1 AND key = $2`, city, key)
	return err
}

// blobUsers counts the photos that show a blob.
func blobUsers(tx *sqldb.Tx, city int64, key string) (int64, error) {
	return sqldb.One(tx, sqldb.Int, `
		SELECT count(*) FROM media_photo WHERE city = $1 AND blob = $2 AND state <> 'erased'`, city, key)
}

// insertPhoto tells whether the photo is new in its draft.
func insertPhoto(tx *sqldb.Tx, city int64, p Photo, draft, sum string) (bool, error) {
	n, err := tx.Exec(`
		INSERT INTO media_photo (city, id, uid, blob, draft, problem, sum, dhash, width, height, thumb_w, thumb_h, bytes, state, created)
		VALUES ($1, $2, $3, $4, $5, 0, $6, $7, $8, $9, $10, $11, $12, 'fresh', $13)
		ON CONFLICT DO NOTHING`,
		city, p.ID, p.UID, p.blob, draft, sum, int64(p.Hash), p.Width, p.Height, p.ThumbW, p.ThumbH, p.Bytes, tx.Micros())
	return n > 0, err
}

func findUpload(tx *sqldb.Tx, city int64, draft, sum string) (Photo, error) {
	return sqldb.One(tx, scanPhoto, `
		SELECT `+photoColumns+`
		FROM media_photo
		WHERE city = $1 AND draft = $2 AND sum = $3 AND state <> 'erased'
		ORDER BY id
		LIMIT 1`, city, draft, sum)
}

// drafted lists what a draft holds, in the order of uploading.
func drafted(tx *sqldb.Tx, city int64, draft string, limit int) ([]Photo, error) {
	return sqldb.List(tx, scanPhoto, `
		SELECT `+photoColumns+`
		FROM media_photo
		WHERE city = $1 AND draft = $2 AND state = 'fresh'
		ORDER BY created, id
		LIMIT $3`, city, draft, limit)
}

func findPhoto(tx *sqldb.Tx, city, id int64) (Photo, error) {
	return sqldb.One(tx, scanPhoto, `SELECT `+photoColumns+` FROM media_photo WHERE city = $1 AND id = $2`, city, id)
}

func findByUID(tx *sqldb.Tx, city int64, uid string) (Photo, error) {
	return sqldb.One(tx, scanPhoto, `
		SELECT `+photoColumns+`
		FROM media_photo
		WHERE city = $1 AND uid = $2 AND state <> 'erased'`, city, uid)
}

// findInDraft finds a photo of a draft, also one that a message has taken
// meanwhile: a retried form names it again.
func findInDraft(tx *sqldb.Tx, city int64, draft, uid string) (Photo, error) {
	return sqldb.One(tx, scanPhoto, `
		SELECT `+photoColumns+`
		FROM media_photo
		WHERE city = $1 AND draft = $2 AND uid = $3 AND state <> 'erased'`, city, draft, uid)
}

// usePhoto binds a fresh photo to a problem; one that is bound to it already
// stays as it is.
func usePhoto(tx *sqldb.Tx, city, problem, id int64) (bool, error) {
	n, err := tx.Exec(`
		UPDATE media_photo
		SET problem = $3, state = CASE WHEN state = 'fresh' THEN 'used' ELSE state END
		WHERE city = $1 AND id = $2 AND state <> 'erased' AND (state = 'fresh' OR problem = $3)`, city, id, problem)
	return n > 0, err
}

// holdPhoto locks a photo that is not erased and gives it.
func holdPhoto(tx *sqldb.Tx, city, id int64) (Photo, error) {
	return sqldb.One(tx, scanPhoto, `
		UPDATE media_photo SET blob = blob
		WHERE city = $1 AND id = $2 AND state IN ('fresh', 'used')
		RETURNING `+photoColumns, city, id)
}

func hidePhoto(tx *sqldb.Tx, city, id int64) (bool, error) {
	n, err := tx.Exec(`
		UPDATE media_photo SET state = 'hidden' WHERE city = $1 AND id = $2 AND state IN ('used', 'hidden')`, city, id)
	return n > 0, err
}

// erasePhoto blanks a photo and gives the key of its blob; "" when there was
// nothing to erase any more.
func erasePhoto(tx *sqldb.Tx, city, id int64) (string, error) {
	blobs, err := sqldb.List(tx, sqldb.Text, `
		UPDATE media_photo SET state = 'erased', draft = '', sum = '', dhash = 0
		WHERE city = $1 AND id = $2 AND state <> 'erased'
		RETURNING blob`, city, id)
	if err != nil || len(blobs) == 0 {
		return "", err
	}
	_, err = tx.Exec(`DELETE FROM media_exif WHERE city = $1 AND photo = $2`, city, id)
	return blobs[0], err
}

func insertExif(tx *sqldb.Tx, city, photo int64, f Facts, until int64) error {
	if f.Taken.Wall.IsZero() && !f.Position.Known() {
		return nil
	}
	taken, zoned := int64(0), int64(0)
	if !f.Taken.Wall.IsZero() {
		taken = f.Taken.Wall.UnixMicro()
	}
	if f.Taken.Zoned {
		zoned = 1
	}
	_, err := tx.Exec(`
		INSERT INTO media_exif (city, photo, taken, zoned, lat, lon, until) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		city, photo, taken, zoned, f.Position.Lat, f.Position.Lon, until)
	return err
}

func copyExif(tx *sqldb.Tx, city, from, to int64) error {
	_, err := tx.Exec(`
		INSERT INTO media_exif (city, photo, taken, zoned, lat, lon, until)
		SELECT city, CAST($3 AS BIGINT), taken, zoned, lat, lon, until FROM media_exif WHERE city = $1 AND photo = $2`, city, from, to)
	return err
}

func findExif(tx *sqldb.Tx, city, photo int64) (Exif, error) {
	return sqldb.One(tx, func(row sqldb.Scanner) (Exif, error) {
		var e Exif
		var taken, zoned int64
		err := row.Scan(&taken, &zoned, &e.Position.Lat, &e.Position.Lon)
		if taken != 0 {
			e.Taken.Wall = time.UnixMicro(taken).UTC()
		}
		e.Taken.Zoned = zoned != 0
		return e, err
	}, `
		SELECT taken, zoned, lat, lon
		FROM media_exif
		WHERE city = $1 AND photo = $2 AND until > $3`, city, photo, tx.Micros())
}

// key names a row of some city, for the sweep that serves all of them.
type key struct {
	city int64
	id   int64
	blob string
}

// staleFresh lists photos that no message took.
func staleFresh(tx *sqldb.Tx, before int64, limit int) ([]key, error) {
	return sqldb.List(tx, func(row sqldb.Scanner) (key, error) {
		var k key
		err := row.Scan(&k.city, &k.id)
		return k, err
	}, `
		SELECT city, id FROM media_photo
		WHERE state = 'fresh' AND created <= $1
		ORDER BY created
		LIMIT $2`, before, limit)
}

// stillborn lists blobs that no photo came to name.
func stillborn(tx *sqldb.Tx, before int64, limit int) ([]key, error) {
	return sqldb.List(tx, func(row sqldb.Scanner) (key, error) {
		var k key
		err := row.Scan(&k.city, &k.blob)
		return k, err
	}, `
		SELECT city, key FROM media_blob
		WHERE kept = 0 AND created <= $1
		ORDER BY created
		LIMIT $2`, before, limit)
}

// claimStillborn deletes the row of a blob that was never kept, so that a slow
// upload cannot name it any more.
func claimStillborn(tx *sqldb.Tx, city int64, blob string) (bool, error) {
	n, err := tx.Exec(`DELETE FROM media_blob WHERE city = $1 AND key = $2 AND kept = 0`, city, blob)
	return n > 0, err
}

func dropExif(tx *sqldb.Tx, now int64, limit int) (int64, error) {
	return tx.Exec(`
		DELETE FROM media_exif WHERE (city, photo) IN (
			SELECT city, photo FROM media_exif WHERE until <= $1 LIMIT $2)`, now, limit)
}
