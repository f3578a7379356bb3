package web

import (
	"net/http"

	"gorod/internal/city/place"
)

// policyWith is the policy of a page of a city whose map comes from one other
// host: images and data may be fetched from there, nothing else, and from
// nowhere else.
func policyWith(m place.MapSource) string {
	origin := m.Origin()
	if origin == "" {
		return policy
	}
	return "default-src 'self'; img-src 'self' data: blob: " + origin + "; connect-src 'self' " + origin +
		"; worker-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
}

// allowMap widens the policy of an answer by the host of the city's map.
func allowMap(w http.ResponseWriter, m place.MapSource) {
	if m.Origin() != "" {
		w.Header().Set("Content-Security-Policy", policyWith(m))
	}
}
