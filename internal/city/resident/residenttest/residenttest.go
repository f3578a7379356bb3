// Package residenttest gives other packages' tests people to act as and a
// service whose passwords cost nothing.
package residenttest

import (
	"bytes"

	"gorod/internal/city/resident"
	"gorod/internal/platform/event"
	"gorod/internal/platform/sqldb"
)

// City is the city that the samples live in.
const City = 1

// Password opens every account that tests make; it keeps the rules.
const Password = "тихая река 1612"

// Cheap is a cost of hashing for tests only.
func Cheap() resident.Argon { return resident.Argon{Memory: 64, Passes: 1, Lanes: 1} }

// Service is a service over a test's database.
func Service(db *sqldb.DB, bus *event.Bus) *resident.Service {
	return resident.New(resident.Service{DB: db, Bus: bus, Key: bytes.Repeat([]byte{7}, 32), Argon: Cheap()})
}

// Staff is a person of the staff in some roles, bound to an organisation.
func Staff(id int64, org string, roles ...resident.Role) resident.Who {
	return resident.Who{City: City, ID: id, Org: org, Roles: roles}
}

// Anna is a resident with an account.
func Anna() resident.Who { return resident.Who{City: City, ID: 901} }

// Nobody is somebody without an account.
func Nobody() resident.Who { return resident.Who{City: City} }

// Administrator may change people.
func Administrator() resident.Who { return Staff(990, "adm", resident.Administrator) }

// Draft is an account that an administrator may add.
func Draft(login string, roles ...resident.Role) resident.Draft {
	return resident.Draft{
		Name: "Соколова Вера Павловна", Login: login, Email: login + "@zarechny.example", Phone: "2-10-11",
		Position: map[string]string{"ru": "модератор", "en": "moderator"}, Org: "adm", Roles: roles,
	}
}

// PackPerson is a row of the pack for a login.
func PackPerson(login string, roles ...resident.Role) resident.PackPerson {
	d := Draft(login, roles...)
	return resident.PackPerson{ID: login, Name: d.Name, Roles: d.Roles, Org: d.Org, Position: d.Position,
		Phone: d.Phone, Email: d.Email, Login: d.Login}
}
