package app

import (
	"context"
	"net"
	"strconv"

	"gorod/internal/city/moderation"
	"gorod/internal/city/notice"
	"gorod/internal/city/place"
	"gorod/internal/city/suggest"
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

// explained is how many words a moderator is shown for a proposal.
const explained = 4

// advise proposes topics for the moderator's desk, with the words that spoke
// for each.
func (a *App) advise(ctx context.Context, city int64, text string, _ place.Place) ([]moderation.Proposal, error) {
	in := suggest.Input{Text: text}
	advice, err := a.Suggest.Propose(ctx, city, in)
	if err != nil {
		return nil, err
	}
	var list []moderation.Proposal
	for _, p := range advice.Best {
		words, err := a.Suggest.Explain(ctx, city, in, p.Topic, explained)
		if err != nil {
			return nil, err
		}
		because := make([]string, 0, len(words))
		for _, w := range words {
			because = append(because, w.Text)
		}
		list = append(list, moderation.Proposal{Topic: p.Topic, P: p.P, Because: because})
	}
	return list, nil
}
