//go:build browser

package browser

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
)

// counted is a body whose bytes are counted as they pass.
type counted struct {
	io.ReadCloser
	n *atomic.Int64
}

func (c counted) Read(b []byte) (int, error) {
	n, err := c.ReadCloser.Read(b)
	c.n.Add(int64(n))
	return n, err
}

// through is a door to a running city that counts what goes out of it: the
// requests of workers too, of which a page knows nothing.
func through(t *testing.T, city string) (address string, bytes, requests *atomic.Int64) {
	t.Helper()
	to, err := url.Parse(city)
	if err != nil {
		t.Fatal(err)
	}
	bytes, requests = &atomic.Int64{}, &atomic.Int64{}
	door := httptest.NewServer(&httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(to) },
		ModifyResponse: func(r *http.Response) error {
			requests.Add(1)
			r.Body = counted{r.Body, bytes}
			return nil
		},
	})
	t.Cleanup(door.Close)
	return door.URL, bytes, requests
}

// quiet waits until nothing has been asked for half a second, and tells when the
// last answer was.
func quiet(requests *atomic.Int64, limit time.Duration) time.Time {
	last, at := requests.Load(), time.Now()
	for began := time.Now(); time.Since(began) < limit && time.Since(at) < 500*time.Millisecond; time.Sleep(20 * time.Millisecond) {
		if n := requests.Load(); n != last {
			last, at = n, time.Now()
		}
	}
	return at
}

// TestWhatTheMapWeighs measures the map page of a running city: GOROD_MAP_CITY is
// its address. It has no bar: frames are drawn without a graphics card here.
func TestWhatTheMapWeighs(t *testing.T) {
	city := os.Getenv("GOROD_MAP_CITY")
	if city == "" {
		t.Skip("GOROD_MAP_CITY names no running city")
	}
	for _, width := range []int64{360, 1280} {
		address, bytes, requests := through(t, city)
		p := person(t, "who opens the map for the first time", address)
		p.do("take a window", chromedp.EmulateViewport(width, 800))
		began := time.Now()
		p.onMap("/map?view=map")
		shown := time.Since(began)
		idle := quiet(requests, time.Minute).Sub(began)
		t.Logf("%d px: %d requests, %.0f kB, map after %.1f s, quiet after %.1f s", width, requests.Load(), float64(bytes.Load())/1000, shown.Seconds(), idle.Seconds())
		for _, zoom := range []string{"10", "12", "14", "16"} {
			before := bytes.Load()
			p.onMap("/map?view=map&at=" + centre(p) + "," + zoom)
			quiet(requests, time.Minute)
			frames := p.pans()
			quiet(requests, time.Minute)
			slices.Sort(frames)
			t.Logf("%d px, zoom %s: %d frames while panning, half within %.0f ms, 95 of 100 within %.0f ms; %.0f kB with all tiles on the way",
				width, zoom, len(frames), frames[len(frames)/2], frames[len(frames)*95/100], float64(bytes.Load()-before)/1000)
		}
	}
}

// centre is the middle of the city, where most is reported.
func centre(p *tab) string {
	return ask[string](p, `(({lat, lon}) => lat + "," + lon)(document.querySelector("#map").dataset)`)
}

// pans drags the map to and fro for some seconds and gives the milliseconds
// between the frames that the page could draw meanwhile.
func (p *tab) pans() []float64 {
	p.t.Helper()
	ask[chromedp.Void](p, `document.querySelector(".map-canvas").scrollIntoView({block: "center"})`)
	at := ask[[]float64](p, `(() => { const r = document.querySelector(".map-canvas").getBoundingClientRect(); return [r.left + r.width / 2, r.top + r.height / 2]; })()`)
	ask[chromedp.Void](p, `(() => {
		globalThis.frames = [];
		let last = performance.now();
		const step = (now) => { globalThis.frames?.push(now - last); last = now; if (globalThis.frames) requestAnimationFrame(step); };
		requestAnimationFrame(step);
	})()`)
	x, y := at[0], at[1]
	for turn := range 3 {
		p.do("take the map", chromedp.MouseEvent(input.DispatchMouseEventTypeMousePressed, x, y, chromedp.ButtonLeft))
		for i := range 40 {
			far := float64(i) * 4
			if turn%2 == 1 {
				far = -far
			}
			p.do("drag the map", chromedp.MouseEvent(input.DispatchMouseEventTypeMouseMoved, x+far, y+far/2, chromedp.ButtonLeft))
		}
		p.do("let it go", chromedp.MouseEvent(input.DispatchMouseEventTypeMouseReleased, x+40, y, chromedp.ButtonLeft))
	}
	frames := ask[[]float64](p, `(() => { const seen = globalThis.frames; globalThis.frames = undefined; return seen; })()`)
	if len(frames) < 2 {
		p.fail("only %s frames were drawn", fmt.Sprint(len(frames)))
	}
	return frames
}
