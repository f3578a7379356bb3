package see

import (
	"crypto/sha256"
	"crypto/subtle"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Metrics are the figures of this package. A nil *Metrics counts nothing.
type Metrics struct {
	requests *prometheus.HistogramVec
	jobs     *prometheus.HistogramVec
}

// Registry makes a registry with the figures of the process and of Go in it.
func Registry() *prometheus.Registry {
	r := prometheus.NewRegistry()
	r.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return r
}

// NewMetrics registers the figures of requests and jobs; a second time on one
// registry is an error.
//
//	gorod_request_seconds{method,route,class}   histogram; its _count counts requests
//	gorod_job_seconds{kind,result}              histogram; its _count counts tries
func NewMetrics(registry prometheus.Registerer) (*Metrics, error) {
	m := &Metrics{
		requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "gorod_request_seconds",
			Help: "Seconds from the first byte of a request to the end of its answer.",
			// Pages are promised in 2 to 5 ms, so the low end is fine.
			Buckets: []float64{.001, .002, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10},
		}, []string{"method", "route", "class"}),
		jobs: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name:    "gorod_job_seconds",
			Help:    "Seconds that one try of a job took.",
			Buckets: []float64{.005, .01, .05, .1, .5, 1, 5, 30, 120, 300},
		}, []string{"kind", "result"}),
	}
	for _, c := range []prometheus.Collector{m.requests, m.jobs} {
		if err := registry.Register(c); err != nil {
			return nil, fmt.Errorf("register metrics: %w", err)
		}
	}
	return m, nil
}

func (m *Metrics) request(method, route string, status int, took time.Duration) {
	if m == nil {
		return
	}
	class := string(rune('0'+status/100)) + "xx"
	m.requests.WithLabelValues(method, route, class).Observe(took.Seconds())
}

func (m *Metrics) job(kind, result string, took time.Duration) {
	if m == nil {
		return
	}
	m.jobs.WithLabelValues(kind, result).Observe(took.Seconds())
}

// MetricsPage shows the figures to whoever sends the token as a bearer. With
// an empty token it is for this machine alone, and not for what a proxy on
// this machine passes on.
func MetricsPage(figures prometheus.Gatherer, token Secret) http.Handler {
	page := promhttp.HandlerFor(figures, promhttp.HandlerOpts{})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !mayRead(r, token) {
			// As if there were nothing: the page is nobody else's business.
			http.NotFound(w, r)
			return
		}
		page.ServeHTTP(w, r)
	})
}

func mayRead(r *http.Request, token Secret) bool {
	if token != "" {
		given, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
		a, b := sha256.Sum256([]byte(given)), sha256.Sum256([]byte(token.Reveal()))
		return ok && subtle.ConstantTimeCompare(a[:], b[:]) == 1
	}
	for _, forwarded := range []string{"Forwarded", "X-Forwarded-For", "X-Real-Ip", "Via"} {
		if r.Header.Get(forwarded) != "" {
			return false
		}
	}
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	return err == nil && net.ParseIP(host).IsLoopback()
}
