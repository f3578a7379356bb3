package pack

// Switched is the kind of event that says that another version of a city's
// pack came into force. Subject is the version; Seq too, for a version may come
// into force more than once: a consumer reads what is in force now.
const Switched = "pack.switched"
