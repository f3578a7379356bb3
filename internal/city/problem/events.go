package problem

import (
	"embed"

	"gorod/internal/platform/sqldb"
)

// NewsPrefix begins the kind of every event that this package publishes; the
// kind of the feed's entry follows: problem.sent, problem.accepted, … Subject
// is the key of the problem, Seq the number of the entry in its feed.
const NewsPrefix = "problem."

// News lists every kind of event that this package publishes.
func News() []string {
	var kinds []string
	for _, d := range samples() {
		kinds = append(kinds, NewsPrefix+string(d.kind()))
	}
	return kinds
}

// samples is one empty entry of each kind.
func samples() []Data {
	return []Data{Sent{}, TopicChanged{}, Asked{}, Replied{}, Lapsed{}, Accepted{}, Refused{}, TakenBack{},
		Redirected{}, RedirectAsked{}, RedirectDeclined{}, Given{}, SentBack{}, Passed{}, Solved{}, SolvedOnSpot{},
		SolvedAsked{}, FellSilent{}, Disputed{}, Reopened{}, DueMoved{}, TextHidden{}, PhotoHidden{},
		TextShown{}, PhotoShown{}, Erased{},
		ContactGiven{}, ContactForgotten{}, Claimed{}, Joined{}, Left{}, Noted{}}
}

//go:embed migrations/*.sql
var files embed.FS

// Migrations are the tables of this package.
func Migrations() sqldb.Migrations { return sqldb.Migrations{Owner: "problem", Files: files} }
