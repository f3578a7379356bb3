package reading

// Danger is a danger to people that a text tells of, and where.
type Danger struct {
	Kind       DangerKind
	Call       Call
	Start, End int
}

// DangerKind is a kind of danger.
type DangerKind string

// The kinds of danger, the gravest first.
const (
	Fire      DangerKind = "fire"      // something burns, smoke in a house
	Gas       DangerKind = "gas"       // smell or leak of gas
	Explosion DangerKind = "explosion" // it exploded, or something looks like a bomb
	Weapon    DangerKind = "weapon"    // shooting, a knife, a threat to kill
	Injury    DangerKind = "injury"    // somebody is hurt, unconscious, drowning
	Collapse  DangerKind = "collapse"  // a part of a building fell or is about to
	Wires     DangerKind = "wires"     // sparks, a torn wire, current where it should not be
	Flooding  DangerKind = "flooding"  // water over wiring, boiling water from a pipe
	Ice       DangerKind = "ice"       // ice or snow falls on people
	Hole      DangerKind = "hole"      // an open manhole or pit that people fall into
	Lift      DangerKind = "lift"      // people are stuck in a lift
)

// Call is whom to call. Numbers are the city's data.
type Call string

// Who is called.
const (
	Rescue    Call = "rescue"    // the one number of all emergency services
	Firemen   Call = "fire"      // the fire service
	Police    Call = "police"    // the police
	Ambulance Call = "ambulance" // the ambulance
	GasCrew   Call = "gas"       // the emergency crew of the gas network
	HouseCrew Call = "house"     // the city's emergency line for houses, the dispatcher of lifts
)
