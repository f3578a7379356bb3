package web

import "slices"

// route is one address of the site.
type route struct {
	pattern string // of http.ServeMux
	do      handle
	body    int64     // bytes that a body may have; 0: smallBody
	rate    rateClass // "": not limited
	// bare routes need to know neither city nor person: files.
	bare bool
	// personal answers belong to one person: never stored, never indexed.
	personal bool
	// staff routes are for people with a role; guests are sent to sign in.
	staff bool
	// owing routes are open to who still has to set up a second factor; all
	// others lead there.
	owing bool
	// door routes are what is open of one's own to whose password is still an
	// administrator's: signing in, setting a password, leaving.
	door bool
}

// photoForm is what a form with photos may weigh: ten of them and the text.
const photoForm = 10*maxFileSize + smallBody

// routes are all addresses of the site, the residents' here, the desks' in
// staff_routes.go.
func (s *Server) routes() []route {
	all := []route{
		// Reporting. The form is one; step and the names of other buttons say what
		// is wanted.
		{pattern: "GET /{$}", do: s.showHome},
		{pattern: "POST /report", do: s.takeReport, body: photoForm, rate: rateSend},
		{pattern: "GET /report", do: s.showHome},
		{pattern: "GET /sent/{number}", do: s.showSent, personal: true},
		{pattern: "POST /report/contact", do: s.contactAfterSending, rate: rateSend, personal: true},

		// What the form's script asks for; JSON.
		{pattern: "GET /suggest", do: s.tellTopic, rate: rateSuggest},
		{pattern: "POST /suggest", do: s.suggestTopics, rate: rateSuggest, personal: true},
		{pattern: "GET /near", do: s.listNear, rate: rateSuggest},
		{pattern: "POST /near", do: s.matchNear, rate: rateSuggest, personal: true},
		{pattern: "GET /addresses", do: s.findAddresses, rate: rateSuggest},
		{pattern: "GET /here", do: s.nameHere, rate: rateSuggest},
		{pattern: "GET /objects", do: s.listThings, rate: rateSuggest},
		{pattern: "POST /photos", do: s.takePhotos, body: photoForm, rate: rateUpload, personal: true},
		{pattern: "GET /photos/{uid}/{size}", do: s.showPhoto},

		// One problem.
		{pattern: "GET /problem/{number}", do: s.showProblem},
		{pattern: "POST /problem/{number}/join", do: s.joinProblem, rate: rateSend},
		{pattern: "POST /problem/{number}/leave", do: s.leaveProblem, rate: rateSend},
		{pattern: "POST /problem/{number}/confirm", do: s.confirmProblem, rate: rateSend, personal: true},
		{pattern: "POST /problem/{number}/dispute", do: s.disputeProblem, body: photoForm, rate: rateSend, personal: true},
		{pattern: "POST /problem/{number}/reply", do: s.replyProblem, body: photoForm, rate: rateSend, personal: true},
		{pattern: "POST /problem/{number}/withdraw", do: s.withdrawProblem, rate: rateSend, personal: true},
		{pattern: "POST /problem/{number}/contact", do: s.contactOfProblem, rate: rateSend, personal: true},
		{pattern: "POST /problem/{number}/consent", do: s.withdrawContact, rate: rateSend, personal: true},
		{pattern: "POST /problem/{number}/notify", do: s.notifyProblem, rate: rateSend, personal: true},
		{pattern: "GET /problem/{number}/mend", do: s.mendProblem, personal: true},
		{pattern: "GET /problem/{number}/erase", do: s.askEraseProblem, personal: true},
		{pattern: "POST /problem/{number}/erase", do: s.eraseProblem, rate: rateSend, personal: true},
		{pattern: "GET /follow", do: s.showFollow},
		{pattern: "POST /follow", do: s.followByCode, rate: rateSignIn, personal: true},
		{pattern: "GET /follow/{secret}", do: s.followByLink, rate: rateSignIn, personal: true},

		// One object of the city: a lamp, a stop.
		{pattern: "GET /object/{id}", do: s.showThing},

		// Lists, map, figures.
		{pattern: "GET /stats", do: s.showStats},
		{pattern: "GET /stats.json", do: s.statsJSON},
		{pattern: "GET /stats/topics.csv", do: s.statsTopicsCSV},
		{pattern: "GET /stats/areas.csv", do: s.statsAreasCSV},

		// Who is here.
		{pattern: "GET /signin", do: s.showSignIn, personal: true},
		{pattern: "POST /signin", do: s.askEntry, rate: rateSignIn, personal: true},
		{pattern: "POST /signin/code", do: s.enterCode, rate: rateSignIn, personal: true},
		{pattern: "GET /signin/link/{secret}", do: s.showLink, rate: rateSignIn, personal: true},
		{pattern: "POST /signin/link", do: s.enterLink, rate: rateSignIn, personal: true},
		{pattern: "GET /signin/staff", do: s.showStaffSignIn, personal: true, owing: true, door: true},
		{pattern: "POST /signin/staff", do: s.staffSignIn, rate: rateSignIn, personal: true, owing: true, door: true},
		{pattern: "GET /signin/second", do: s.showSecond, personal: true, owing: true, door: true},
		{pattern: "POST /signin/second", do: s.enterSecond, rate: rateSignIn, personal: true, owing: true, door: true},
		{pattern: "GET /signin/password", do: s.showPassword, personal: true, owing: true, door: true},
		{pattern: "POST /signin/password", do: s.changePassword, rate: rateSignIn, personal: true, owing: true, door: true},
		{pattern: "POST /signout", do: s.signOut, personal: true, owing: true, door: true},
		{pattern: "GET /cabinet", do: s.showCabinet, personal: true},
		{pattern: "POST /cabinet/contact", do: s.saveContact, rate: rateSend, personal: true},
		{pattern: "POST /cabinet/notify", do: s.saveNotify, rate: rateSend, personal: true},
		{pattern: "GET /unsubscribe/{secret}", do: s.askUnsubscribe, personal: true},
		{pattern: "POST /unsubscribe/{secret}", do: s.unsubscribe, rate: rateSend, personal: true},
		{pattern: "POST /cabinet/consent", do: s.withdrawConsent, rate: rateSend, personal: true},
		{pattern: "POST /cabinet/session", do: s.endSession, rate: rateSend, personal: true},
		{pattern: "GET /cabinet/export", do: s.exportMine, rate: rateSignIn, personal: true},
		{pattern: "GET /cabinet/erase", do: s.askErase, personal: true},
		{pattern: "POST /cabinet/erase", do: s.eraseMine, rate: rateSignIn, personal: true},

		// Parts of the city on other sites.
		{pattern: "GET /embed", do: s.embedCode},
		{pattern: "GET /embed/{show}", do: s.showEmbed},
		{pattern: "GET /widget.js", do: s.serveWidget, bare: true},

		// Subscriptions to places.
		{pattern: "GET /watch", do: s.showWatches, personal: true},
		{pattern: "GET /watch/new", do: s.newWatch, personal: true},
		{pattern: "POST /watch/new", do: s.saveWatch, rate: rateSend, personal: true},
		{pattern: "GET /watch/{id}", do: s.watchByID, personal: true},
		{pattern: "POST /watch/{id}", do: s.saveWatch, rate: rateSend, personal: true},
		{pattern: "GET /watch/feed/{token}", do: s.watchFeed, rate: rateSuggest},

		// Texts and settings.
		{pattern: "GET /rules", do: s.textPage("rules")},
		{pattern: "GET /about", do: s.textPage("about")},
		{pattern: "GET /privacy", do: s.textPage("consent/contact")},
		{pattern: "GET /consent/{purpose}", do: s.showConsent},
		{pattern: "GET /data", do: s.showData},
		{pattern: "GET /source", do: s.showSource},
		{pattern: "GET /prefs", do: s.showPrefs, owing: true},
		{pattern: "POST /prefs", do: s.savePrefs, owing: true},

		// For machines.
		{pattern: "GET /assets/{name...}", do: s.serveAsset, bare: true},
		{pattern: "GET /sw.js", do: s.serveWorker, bare: true},
		{pattern: "GET /manifest.webmanifest", do: s.appManifest},
		{pattern: "GET /robots.txt", do: s.robots},
		{pattern: "/", do: s.missing},
	}
	return slices.Concat(all, s.mapRoutes(), s.areaRoutes(), s.houseRoutes(), s.staffRoutes())
}
