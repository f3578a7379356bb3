package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"slices"
	"strings"
	"sync"

	"gorod/internal/platform/fault"
)

// What web/build.mjs made. Without it, as in a fresh clone, the folder is empty
// but for a file that keeps it.
//
//go:embed all:dist
var dist embed.FS

// assets are the built files, compressed once at the first request.
type assets struct {
	names  map[string]string // "css/app.css" -> "css/app-1A2B3C4D.css"
	files  fs.FS
	mu     sync.Mutex
	packed map[string]*asset
}

// asset is a file as it is served.
type asset struct {
	kind string // content type
	body []byte
	gzip []byte // nil where it gains nothing
	tag  string
}

func shippedAssets() (*assets, error) {
	files, err := fs.Sub(dist, "dist")
	if err != nil {
		return nil, fmt.Errorf("open assets: %w", err)
	}
	return openAssets(files)
}

func openAssets(files fs.FS) (*assets, error) {
	a := &assets{files: files, packed: map[string]*asset{}}
	manifest, err := fs.ReadFile(files, "manifest.json")
	if errors.Is(err, fs.ErrNotExist) {
		return a, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read manifest of assets: %w", err)
	}
	if err := json.Unmarshal(manifest, &a.names); err != nil {
		return nil, fmt.Errorf("read manifest of assets: %w", err)
	}
	return a, nil
}

func (a *assets) built() bool { return len(a.names) > 0 }

// URL implements view.Assets.
func (a *assets) URL(name string) string {
	if name == "manifest.webmanifest" && a.built() {
		return "/manifest.webmanifest" // made by the server: it names the city
	}
	if hashed, ok := a.names[name]; ok {
		return "/assets/" + hashed
	}
	return ""
}

// find gives a file by its name in the folder.
func (a *assets) find(name string) (*asset, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if found, ok := a.packed[name]; ok {
		return found, nil
	}
	body, err := fs.ReadFile(a.files, name)
	if err != nil {
		return nil, fault.Missing.New("fault.missing").Because(err)
	}
	found := newAsset(name, body)
	a.packed[name] = found
	return found, nil
}

func newAsset(name string, body []byte) *asset {
	sum := sha256.Sum256(body)
	made := &asset{kind: kindOf(name), body: body, tag: `"` + hex.EncodeToString(sum[:8]) + `"`}
	if packs(made.kind) && len(body) >= packFrom {
		made.gzip = gzipped(body, gzip.BestCompression)
	}
	return made
}

// kindOf is the content type by the name's ending; our own list first, because
// what a machine knows of endings differs.
func kindOf(name string) string {
	switch path.Ext(name) {
	case ".js", ".mjs":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	case ".woff2":
		return "font/woff2"
	case ".webmanifest":
		return "application/manifest+json"
	case ".txt":
		return "text/plain; charset=utf-8"
	}
	if kind := mime.TypeByExtension(path.Ext(name)); kind != "" {
		return kind
	}
	return "application/octet-stream"
}

// yearLong is for files whose name holds the hash of their content.
const yearLong = "public, max-age=31536000, immutable"

func (s *Server) serveAsset(w http.ResponseWriter, r *http.Request) error {
	name := path.Clean("/" + r.PathValue("name"))[1:]
	if name == "" || name == "manifest.json" || strings.HasPrefix(path.Base(name), ".") {
		return fault.Missing.New("fault.missing")
	}
	found, err := s.assets.find(name)
	if err != nil {
		return err
	}
	serveBytes(w, r, found, yearLong)
	return nil
}

// serveWorker serves the service worker under the address from which it may
// look after the whole site.
func (s *Server) serveWorker(w http.ResponseWriter, r *http.Request) error {
	name, ok := s.assets.names["js/sw.js"]
	if !ok {
		return fault.Missing.New("fault.missing")
	}
	found, err := s.assets.find(name)
	if err != nil {
		return err
	}
	serveBytes(w, r, found, "no-cache")
	return nil
}

// serveBytes serves a file, compressed where the browser takes it, or only says
// that it has not changed.
func serveBytes(w http.ResponseWriter, r *http.Request, a *asset, cache string) {
	h := w.Header()
	h.Set("Cache-Control", cache)
	h.Set("ETag", a.tag)
	h.Set("Content-Type", a.kind)
	h.Add("Vary", "Accept-Encoding")
	if slices.Contains(etags(r.Header.Get("If-None-Match")), a.tag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	body := a.body
	if a.gzip != nil && takesGzip(r) {
		h.Set("Content-Encoding", "gzip")
		body = a.gzip
	}
	h.Set("Content-Length", fmt.Sprint(len(body)))
	w.WriteHeader(http.StatusOK)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // who left does not read it
	}
}

// etags reads a list of entity tags; weak ones count, as for GET they do.
func etags(header string) []string {
	var tags []string
	for tag := range strings.SplitSeq(header, ",") {
		tags = append(tags, strings.TrimPrefix(strings.TrimSpace(tag), "W/"))
	}
	return tags
}

// packFrom is the size under which compression gains nothing but work.
const packFrom = 1 << 10

// packs tells which content types are worth compressing.
func packs(kind string) bool {
	return strings.HasPrefix(kind, "text/") || strings.HasPrefix(kind, "application/json") ||
		strings.Contains(kind, "+json") || strings.Contains(kind, "xml")
}

func takesGzip(r *http.Request) bool {
	for part := range strings.SplitSeq(r.Header.Get("Accept-Encoding"), ",") {
		name, weight, _ := strings.Cut(strings.TrimSpace(part), ";")
		if strings.TrimSpace(name) == "gzip" {
			return strings.TrimSpace(weight) != "q=0"
		}
	}
	return false
}

func gzipped(body []byte, level int) []byte {
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, level)
	if err != nil {
		return nil
	}
	if _, err := z.Write(body); err != nil || z.Close() != nil || b.Len() >= len(body) {
		return nil
	}
	return b.Bytes()
}

// packed compresses answers on their way, unless they are a person's own
// (no-store): a secret beside a text that an attacker can put there could be
// guessed from the length of the compressed answer (BREACH).
func packed(next http.Handler) http.Handler {
	writers := &sync.Pool{New: func() any {
		z, _ := gzip.NewWriterLevel(io.Discard, gzip.BestSpeed) // the level is a valid one
		return z
	}}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !takesGzip(r) || r.Method == http.MethodHead {
			next.ServeHTTP(w, r)
			return
		}
		p := &packer{ResponseWriter: w, writers: writers}
		defer p.close()
		next.ServeHTTP(p, r)
	})
}

// packer decides at the first write: pages come in one write, so that its
// length is the page's.
type packer struct {
	http.ResponseWriter
	writers *sync.Pool
	status  int
	begun   bool
	z       *gzip.Writer
}

// WriteHeader waits for the first bytes, which decide about compression.
func (p *packer) WriteHeader(status int) {
	if status < 200 || p.begun {
		p.ResponseWriter.WriteHeader(status)
		return
	}
	if p.status == 0 {
		p.status = status
	}
}

// Write sends bytes, compressed or not.
func (p *packer) Write(b []byte) (int, error) {
	p.begin(b)
	if p.z != nil {
		return p.z.Write(b)
	}
	return p.ResponseWriter.Write(b)
}

// Unwrap gives http.ResponseController the writer underneath.
func (p *packer) Unwrap() http.ResponseWriter { return p.ResponseWriter }

func (p *packer) begin(b []byte) {
	if p.begun {
		return
	}
	p.begun = true
	h := p.Header()
	fit := h.Get("Content-Encoding") == "" && packs(h.Get("Content-Type")) && !strings.Contains(h.Get("Cache-Control"), "no-store")
	if fit {
		h.Add("Vary", "Accept-Encoding")
	}
	if fit && len(b) >= packFrom {
		h.Set("Content-Encoding", "gzip")
		h.Del("Content-Length")
		p.z = p.writers.Get().(*gzip.Writer)
		p.z.Reset(p.ResponseWriter)
	}
	if p.status != 0 {
		p.ResponseWriter.WriteHeader(p.status)
	}
}

func (p *packer) close() {
	if !p.begun {
		p.begin(nil)
	}
	if p.z != nil {
		_ = p.z.Close() // who left does not read it
		p.z.Reset(io.Discard)
		p.writers.Put(p.z)
	}
}
