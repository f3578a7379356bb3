package resident

// The events of this package. Subject is the key of the thing named.
const (
	// CodeAsked: a code has to go out by SMS; the subject is an entry (Letter).
	CodeAsked = "resident.code_asked"
	// LinkAsked: a link has to go out by e-mail; the subject is an entry (Letter).
	LinkAsked = "resident.link_asked"
	// ConsentWithdrawn: the subject is the key of a consent (ConsentIn).
	ConsentWithdrawn = "resident.consent_withdrawn"
	// PersonErased: the subject is a person; whoever holds words or contacts of
	// that person erases them.
	PersonErased = "resident.person_erased"
)
