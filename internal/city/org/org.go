package org

import "strings"

// ID names an organisation of the pack.
type ID string

// Kind says what an organisation is.
type Kind string

// The kinds of organisations.
const (
	Authority    Kind = "authority"
	Institution  Kind = "institution"
	Company      Kind = "company" // managing company of houses
	Supplier     Kind = "supplier"
	Inspectorate Kind = "inspectorate"
)

// Organisation acts as executor, coordinator or controller. Its JSON is what the
// table of organisations keeps.
type Organisation struct {
	ID         ID                `json:"id,omitempty"`
	Kind       Kind              `json:"kind,omitempty"`
	Name       map[string]string `json:"name,omitempty"`
	Short      map[string]string `json:"short,omitempty"`
	Parent     ID                `json:"parent,omitempty"`
	INN        string            `json:"inn,omitempty"`
	Phone      string            `json:"phone,omitempty"`
	Email      string            `json:"email,omitempty"`
	Hours      string            `json:"hours,omitempty"`
	Dispatcher string            `json:"dispatcher,omitempty"` // emergency dispatcher's phone, round the clock
	Address    string            `json:"address,omitempty"`
	Open       bool              `json:"open,omitempty"` // false: kept for old problems, gets no new ones
}

// ShortName is the name for lists: the short one where there is one.
func (o Organisation) ShortName(lang, main string) string {
	for _, names := range []map[string]string{o.Short, o.Name} {
		for _, l := range []string{lang, main} {
			if s := strings.TrimSpace(names[l]); s != "" {
				return s
			}
		}
	}
	return string(o.ID)
}
