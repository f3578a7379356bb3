package web

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"gorod/internal/city/place"
	"gorod/internal/platform/fault"
)

// fileServer is a server whose city has its map in a file.
func fileServer(t *testing.T, m place.MapSource) func(name, asked string) (*httptest.ResponseRecorder, error) {
	t.Helper()
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "map"), 0o700); err != nil {
		t.Fatal(err)
	}
	for name, body := range map[string]string{"map/city.pmtiles": "PMTiles and ten bytes", "secret": "not for anybody"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(body), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s := &Server{City: City{Settings: Settings{MapDir: filepath.Join(dir, "map")}}, log: slog.New(slog.NewTextHandler(io.Discard, nil))}
	return func(name, asked string) (*httptest.ResponseRecorder, error) {
		v := &visit{City: place.City{Settings: place.Settings{Map: m}}}
		r := httptest.NewRequestWithContext(context.WithValue(t.Context(), visitKey{}, v), http.MethodGet, "/map/file/x", nil)
		r.SetPathValue("name", name)
		if asked != "" {
			r.Header.Set("Range", asked)
		}
		w := httptest.NewRecorder()
		return w, s.mapFile(w, r)
	}
}

func TestAFileOfTheMapIsServedInParts(t *testing.T) {
	t.Parallel()
	get := fileServer(t, place.MapSource{Kind: place.MapOfFile, File: "city.pmtiles"})
	for _, c := range []struct {
		asked, body, of string
		status          int
	}{
		{"bytes=0-6", "PMTiles", "bytes 0-6/21", http.StatusPartialContent},
		{"bytes=12-15", "ten ", "bytes 12-15/21", http.StatusPartialContent},
		{"bytes=16-16383", "bytes", "bytes 16-20/21", http.StatusPartialContent},
		{"", "PMTiles and ten bytes", "", http.StatusOK},
	} {
		w, err := get("city.pmtiles", c.asked)
		if err != nil {
			t.Fatal(err)
		}
		if w.Code != c.status || w.Body.String() != c.body || w.Header().Get("Content-Range") != c.of {
			t.Errorf("%s: %d %q %q", c.asked, w.Code, w.Body, w.Header().Get("Content-Range"))
		}
		if w.Header().Get("ETag") == "" || w.Header().Get("Accept-Ranges") != "bytes" {
			t.Errorf("%s: %v", c.asked, w.Header())
		}
	}
	if w, err := get("city.pmtiles", "bytes=900-"); err != nil || w.Code != http.StatusRequestedRangeNotSatisfiable {
		t.Errorf("a part beyond the end: %d, %v", w.Code, err)
	}
}

func TestOnlyTheConfiguredFileIsServed(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		m    place.MapSource
		name string
	}{
		{place.MapSource{Kind: place.MapOfFile, File: "city.pmtiles"}, "other.pmtiles"},
		{place.MapSource{Kind: place.MapOfFile, File: "gone.pmtiles"}, "gone.pmtiles"},
		{place.MapSource{Kind: place.MapOfPack, File: "city.pmtiles"}, "city.pmtiles"},
	} {
		if _, err := fileServer(t, c.m)(c.name, ""); fault.KindOf(err) != fault.Missing {
			t.Errorf("%v %s: %v", c.m, c.name, err)
		}
	}
	if w, err := fileServer(t, place.MapSource{Kind: place.MapOfFile, File: "../secret"})("../secret", ""); err == nil {
		t.Errorf("a file beside the folder is served: %s", w.Body)
	}
}
