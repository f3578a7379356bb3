package web

import "gorod/internal/city/resident"

// staffRoutes are the addresses of the desks. Each has staff: true; desk tells
// which roles open it, and package problem checks every command again.
func (s *Server) staffRoutes() []route {
	const (
		moderator   = resident.Moderator
		executor    = resident.Executor
		coordinator = resident.Coordinator
		controller  = resident.Controller
		people      = resident.PeopleController
		analyst     = resident.Analyst
		admin       = resident.Administrator
		operator    = resident.Operator
	)
	return []route{
		{pattern: "GET /staff", do: s.showStaffHome, staff: true},

		// One's own second factor: open before there is a role, which may need it.
		{pattern: "GET /staff/security", do: s.guestToDoor(s.showSecurity), personal: true, owing: true},
		{pattern: "POST /staff/security", do: s.guestToDoor(s.confirmSecond), rate: rateSignIn, personal: true, owing: true},
		{pattern: "POST /staff/security/start", do: s.guestToDoor(s.startSecond), rate: rateSignIn, personal: true, owing: true},
		{pattern: "POST /staff/security/change", do: s.guestToDoor(s.changeSecond), rate: rateSignIn, personal: true, owing: true},
		{pattern: "GET /staff/security/qr.png", do: s.guestToDoor(s.showQR), personal: true, owing: true},

		{pattern: "GET /staff/find", do: s.findAtDesk, staff: true},
		{pattern: "GET /staff/problem/{number}", do: s.showStaffProblem, staff: true},
		{pattern: "POST /staff/problem/{number}/hide", do: s.desk(s.hideInProblem, moderator, controller), staff: true},

		{pattern: "GET /staff/moderation", do: s.desk(s.showModeration, moderator), staff: true},
		{pattern: "GET /staff/moderation/{number}", do: s.desk(s.showModeration, moderator), staff: true},
		{pattern: "POST /staff/moderation/{number}", do: s.desk(s.judgeMessage, moderator), staff: true},

		{pattern: "GET /staff/answers", do: s.desk(s.showReview, moderator, controller), staff: true},
		{pattern: "GET /staff/answers/{number}", do: s.desk(s.showReview, moderator, controller), staff: true},
		{pattern: "POST /staff/answers/{number}", do: s.desk(s.judgeAnswer, moderator, controller), staff: true},

		{pattern: "GET /staff/work", do: s.desk(s.showWork, executor, coordinator), staff: true},
		{pattern: "GET /staff/work/{number}", do: s.desk(s.showAnswer, executor, coordinator), staff: true},
		{pattern: "POST /staff/work/{number}", do: s.desk(s.giveAnswer, executor, coordinator), body: photoForm, staff: true},
		{pattern: "POST /staff/work/{number}/redirect", do: s.desk(s.askRedirect, executor), staff: true},

		{pattern: "GET /staff/coordination", do: s.desk(s.showCoordination, coordinator), staff: true},
		{pattern: "GET /staff/coordination/{number}", do: s.desk(s.showCoordination, coordinator), staff: true},
		{pattern: "POST /staff/coordination/{number}", do: s.desk(s.coordinate, coordinator), staff: true},

		{pattern: "GET /staff/control", do: s.desk(s.showControl, controller, people), staff: true},
		{pattern: "GET /staff/control.csv", do: s.desk(s.controlCSV, controller), staff: true},
		{pattern: "GET /staff/control-list.csv", do: s.desk(s.controlListCSV, controller, people), staff: true},
		{pattern: "GET /staff/control/{number}", do: s.desk(s.showControl, controller, people), staff: true},
		{pattern: "POST /staff/control/{number}", do: s.desk(s.control, controller, people), staff: true},

		{pattern: "GET /staff/houses", do: s.desk(s.showStaffHouses, executor, operator, admin), staff: true},
		{pattern: "POST /staff/houses/outages", do: s.desk(s.announceOutage, executor, operator, admin), staff: true},
		{pattern: "POST /staff/houses/outages/{id}", do: s.desk(s.outageAtDesk, executor, operator, admin), staff: true},
		{pattern: "POST /staff/houses/notices", do: s.desk(s.tellHouses, executor, admin), staff: true},
		{pattern: "POST /staff/houses/notices/{id}/withdraw", do: s.desk(s.withdrawNotice, executor, admin), staff: true},

		{pattern: "GET /staff/suggest", do: s.desk(s.showSuggest, analyst, admin), staff: true},
		{pattern: "GET /staff/suggest/{table}", do: s.desk(s.suggestCSV, analyst, admin), staff: true},
		{pattern: "POST /staff/suggest/export", do: s.desk(s.exportSuggest, analyst, admin), rate: rateSuggest, staff: true},
		{pattern: "POST /staff/suggest/models/{version}", do: s.desk(s.useModel, admin), staff: true},

		{pattern: "GET /staff/people", do: s.desk(s.showPeople, admin), staff: true},
		{pattern: "GET /staff/people/{person}", do: s.desk(s.showPeople, admin), staff: true}, // {person} may be «new»
		{pattern: "POST /staff/people/{person}", do: s.desk(s.savePerson, admin), staff: true},
		{pattern: "POST /staff/people/{person}/password", do: s.desk(s.resetPassword, admin), rate: rateSignIn, staff: true},
		{pattern: "POST /staff/people/{person}/second", do: s.desk(s.resetSecond, admin), rate: rateSignIn, staff: true},
		{pattern: "POST /staff/people/{person}/block", do: s.desk(s.blockPerson, admin), staff: true},

		{pattern: "GET /staff/organisations", do: s.desk(s.showOrganisations, admin), staff: true},
		{pattern: "GET /staff/organisations/{id}", do: s.desk(s.showOrganisations, admin), staff: true},
		{pattern: "POST /staff/organisations/{id}", do: s.desk(s.saveOrganisation, admin), staff: true},

		{pattern: "GET /staff/pack", do: s.desk(s.showPack, admin), staff: true},
		{pattern: "POST /staff/pack/back", do: s.desk(s.packBack, admin), staff: true},
		{pattern: "GET /staff/jobs", do: s.desk(s.showJobs, admin), staff: true},
		{pattern: "POST /staff/jobs/retry", do: s.desk(s.retryJob, admin), staff: true},
		{pattern: "POST /staff/jobs/drop", do: s.desk(s.dropJob, admin), staff: true},
		{pattern: "GET /staff/audit", do: s.desk(s.showAudit, admin), staff: true},
		{pattern: "GET /staff/audit.csv", do: s.desk(s.auditCSV, admin), staff: true},
		// In a demonstration everyone may look: the codes for signing in are here.
		{pattern: "GET /staff/outbox", do: s.showOutbox, personal: true},
		{pattern: "GET /staff/outbox/{id}", do: s.showOutbox, personal: true},
	}
}
