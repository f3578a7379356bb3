package house

// The news of this package. Subject is the outage, or the entry of NewsWritten;
// Seq is its version.
const (
	OutageAnnounced = "house.outage_announced"
	OutageChanged   = "house.outage_changed" // moved, begun, other houses, called off
	OutageOver      = "house.outage_over"
	NewsWritten     = "house.news"
)

// AllNews lists every kind of event that this package publishes.
func AllNews() []string { return []string{OutageAnnounced, OutageChanged, OutageOver, NewsWritten} }
