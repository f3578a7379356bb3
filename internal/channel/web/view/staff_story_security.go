package view

import "time"

func (s staffTeller) security() []Story {
	tell := func(state string, change func(*SecurityPage)) Story {
		p := SecurityPage{Base: s.as("О. Белова", "security", "/staff/security", "Защита входа", "moderator"), Used: true, Start: s.command("/staff/security/start"),
			Confirm: s.command("/staff/security"), Change: s.command("/staff/security/change"), Leave: s.command("/signout")}
		change(&p)
		return Story{Name: "security", State: state, Page: p}
	}
	setup := &SecondSetup{Secret: "JBSW Y3DP EHPK 3PXP JBSW Y3DP EHPK 3PXP", Picture: "/story/qr.png", Size: 368, Until: s.before(-20 * time.Minute)}
	must := func(p *SecurityPage) { p.Required, p.Who.Roles, p.Who.Staff = true, nil, false }
	on := func(p *SecurityPage) { p.On, p.Since, p.Left = true, s.day(time.November, 3), 10 }
	return []Story{
		tell("offered", func(*SecurityPage) {}),
		tell("required", must),
		tell("being set up", func(p *SecurityPage) { p.Setup = setup }),
		tell("required, wrong code", func(p *SecurityPage) {
			must(p)
			p.Setup = setup
			p.Errors = FieldErrors{{Name: "code", Text: "Код не подходит. Возьмите тот, что в приложении сейчас; если не подходит и он, проверьте часы на телефоне."}}
		}),
		tell("recovery codes", func(p *SecurityPage) {
			on(p)
			p.Codes = []string{"7k2m-9qwe-4txc-0h5p", "b3dn-81vz-m6ks-r0ya", "2xwc-h7gj-95te-4qfp", "zz1k-0m8d-cv3r-6nhy", "e9sa-t4bw-7xjq-k25g",
				"4hpv-r6yd-0ncm-81tz", "q5ge-3wkx-ja97-bs2f", "m0tr-6c4h-vz8n-yp1d", "8fjb-k2qs-xe53-97wa", "v7cn-gd1t-4hmr-0zky"}
		}),
		tell("on", on),
		tell("error", func(p *SecurityPage) {
			on(p)
			p.Left = 1
			p.Errors = FieldErrors{{Name: "password", Text: "Пароль не подходит."}}
		}),
		tell("no rights", func(p *SecurityPage) { p.Used = false }),
	}
}
