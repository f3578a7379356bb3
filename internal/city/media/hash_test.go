package media_test

import (
	"bytes"
	"image"
	"image/jpeg"
	"testing"

	"golang.org/x/image/draw"

	"gorod/internal/city/media"
)

func TestHammingCountsDifferingBits(t *testing.T) {
	t.Parallel()
	if d := media.Hamming(0b1011, 0b0010); d != 2 {
		t.Errorf("distance %d, want 2", d)
	}
	if d := media.Hamming(0, ^media.Hash(0)); d != 64 {
		t.Errorf("distance %d, want 64", d)
	}
}

func TestTheSamePhotoIsRecognised(t *testing.T) {
	t.Parallel()
	worst := 0
	for s := range uint64(5) {
		original := scene(s, 300, 225) // the size of a photo has no part in its hash
		hash := prepared(t, asJPEG(t, original, 92)).Hash
		copies := map[string][]byte{
			"png":         asPNG(t, original),
			"quality 30":  asJPEG(t, original, 30),
			"a third":     asJPEG(t, scaled(original, 100, 75), 85),
			"brighter":    asJPEG(t, brighter(original), 85),
			"sent onward": asJPEG(t, scaled(saved(t, original), 240, 180), 70),
		}
		for name, file := range copies {
			got := prepared(t, file).Hash
			worst = max(worst, media.Hamming(hash, got))
			if !media.Similar(hash, got) {
				t.Errorf("scene %d, %s: %d bits apart", s, name, media.Hamming(hash, got))
			}
		}
	}
	t.Logf("copies differ in up to %d bits", worst)
}

func TestDifferentPhotosAreNotAlike(t *testing.T) {
	t.Parallel()
	var hashes []media.Hash
	for s := range uint64(60) {
		hashes = append(hashes, prepared(t, asJPEG(t, scene(s, 160, 120), 85)).Hash)
	}
	closest := 64
	for i, a := range hashes {
		for _, b := range hashes[:i] {
			closest = min(closest, media.Hamming(a, b))
			if media.Similar(a, b) {
				t.Errorf("%016x and %016x are %d bits apart", a, b, media.Hamming(a, b))
			}
		}
	}
	t.Logf("different scenes differ in at least %d bits", closest)
}

func TestPicturesWithoutDetailAreSimilarToNothing(t *testing.T) {
	t.Parallel()
	wall := prepared(t, asPNG(t, image.NewGray(image.Rect(0, 0, 50, 50)))).Hash
	if media.Similar(wall, wall) {
		t.Errorf("two black pictures (%016x) are called the same photo", wall)
	}
}

func TestAHashWithoutDetailIsSimilarToNoneThatHasSome(t *testing.T) {
	t.Parallel()
	const plain, hardly = media.Hash(0x3f), media.Hash(0x7f)
	if media.Similar(plain, hardly) || media.Similar(hardly, plain) || !media.Similar(hardly, hardly) {
		t.Error("six bits are no detail, seven are")
	}
}

func TestTheHashIsOfTheUprightPicture(t *testing.T) {
	t.Parallel()
	picture := scene(5, 300, 200)
	c := atPetersburg
	c.turn = 6
	lying := prepared(t, withSegments(asJPEG(t, store(picture, 6), 90), exifSegment(c))).Hash
	if upright := prepared(t, asJPEG(t, picture, 90)).Hash; !media.Similar(upright, lying) {
		t.Errorf("%016x and %016x", upright, lying)
	}
}

func scaled(m image.Image, w, h int) image.Image {
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.CatmullRom.Scale(out, out.Rect, m, m.Bounds(), draw.Src, nil)
	return out
}

func brighter(m *image.RGBA) *image.RGBA {
	out := image.NewRGBA(m.Rect)
	for i, v := range m.Pix {
		out.Pix[i] = clip(float64(v) * 1.25)
	}
	return out
}

func saved(t *testing.T, m image.Image) image.Image {
	t.Helper()
	out, err := jpeg.Decode(bytes.NewReader(asJPEG(t, m, 75)))
	if err != nil {
		t.Fatal(err)
	}
	return out
}
