package app

import (
	"net"
	"strconv"

	"gorod/internal/city/notice"
	"gorod/internal/city/place"
	"gorod/internal/platform/see"
)

// post is the mail server of the settings; nil when there is none.
func (a *App) post(c place.City) notice.Post {
	mail := a.Settings.Mail
	if mail.SMTP == "" {
		return nil
	}
	host, port, err := net.SplitHostPort(mail.SMTP)
	if err != nil {
		host = mail.SMTP
	}
	number, err := strconv.Atoi(port)
	if err != nil {
		number = 0 // the default of the kind of security
	}
	security := notice.Security(mail.TLS)
	if mail.TLS == "none" {
		security = notice.Plain
	}
	return notice.Mailer{Host: host, Port: number, User: mail.User, Password: mail.Password, Security: security,
		From: mail.From, Name: c.Name[c.Main]}
}

// gateway is the SMS gateway of the settings; nil when there is none. The
// fields are those that most gateways take; the token goes in the header.
func (a *App) gateway() notice.Gateway {
	sms := a.Settings.SMS
	if sms.Gateway == "" {
		return nil
	}
	g := notice.HTTPGateway{URL: sms.Gateway, Fields: map[string]see.Secret{"to": "{digits}", "text": "{text}", "from": see.Secret(sms.From)}}
	if sms.Token.Reveal() != "" {
		g.Headers = map[string]see.Secret{"Authorization": see.Secret("Bearer " + sms.Token.Reveal())}
	}
	return g
}
