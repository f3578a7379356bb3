// Package schema lists the tables of the whole city: the migrations of every
// capability, in the order of the capabilities. Numbers are unique across all
// of them (internal/arch checks), and the migrator merges by number.
package schema

import (
	"gorod/internal/city/board"
	"gorod/internal/city/deadline"
	"gorod/internal/city/house"
	"gorod/internal/city/media"
	"gorod/internal/city/notice"
	"gorod/internal/city/org"
	"gorod/internal/city/pack"
	"gorod/internal/city/place"
	"gorod/internal/city/problem"
	"gorod/internal/city/resident"
	"gorod/internal/city/routing"
	"gorod/internal/city/suggest"
	"gorod/internal/city/topic"
	"gorod/internal/platform/job"
	"gorod/internal/platform/sqldb"
)

// Migrations are the tables of a city and of the queue beside it.
func Migrations() []sqldb.Migrations {
	return []sqldb.Migrations{
		job.Migrations(), place.Migrations(), topic.Migrations(), org.Migrations(), resident.Migrations(),
		media.Migrations(), deadline.Migrations(), routing.Migrations(), house.Migrations(), problem.Migrations(), suggest.Migrations(),
		notice.Migrations(), board.Migrations(), pack.Migrations(),
	}
}
