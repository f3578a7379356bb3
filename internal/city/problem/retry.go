package problem

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"

	"gorod/internal/city/resident"
)

// actorKey is whose retry keys they are. Without an account the key itself is
// the secret: channels make it long and random.
func actorKey(who resident.Who) string {
	switch {
	case who.System:
		return "city"
	case who.ID != 0:
		return fmt.Sprintf("p:%d", who.ID)
	case who.Problem != 0:
		return fmt.Sprintf("f:%d", who.Problem)
	}
	return ""
}

// asked is a command as its giver meant it: without what the channel found out
// by itself, which may differ when the same form comes again from another
// network.
func asked(c Command) Command {
	switch c := c.(type) {
	case Send:
		c.Sender, c.Offered, c.Model, c.Asked, c.Place.Beside = Sender{}, nil, 0, 0, ""
		return c
	case Dispute:
		c.Sender = Sender{}
		return c
	case GiveContact:
		c.Contact.Language = ""
		return c
	}
	return c
}

// sumOf is the hash of what is asked for: a key with another sum is another
// command. The version seen is no part of it: a retry after success carries
// the old one. It is made with the service's own key: a phone is short enough
// to be found by trying all of them, and sums outlive an erasure.
func (s *Service) sumOf(o Order) string {
	body, err := json.Marshal(struct {
		Problem int64
		Verb    Verb
		Command Command
	}{o.Problem, o.Command.verb(), asked(o.Command)})
	if err != nil {
		panic("problem: a command that cannot be written as JSON: " + err.Error())
	}
	sum := hmac.New(sha256.New, s.FollowKey)
	sum.Write([]byte("gorod command "))
	sum.Write(body)
	return hex.EncodeToString(sum.Sum(nil))
}

// FollowSecret makes the secret of a problem's follow link and its short code from
// the service's own key and the problem's outside id. They are not stored, only
// their hashes: a stolen database opens no problem, letters can carry the link
// years later, and who repeats the first command with its retry key gets the
// same ones, so an answer lost on a bad network costs nobody their problem.
func (s *Service) FollowSecret(uid string) (secret, code string) {
	derive := func(purpose string) []byte {
		mac := hmac.New(sha256.New, s.FollowKey)
		mac.Write([]byte(purpose))
		mac.Write([]byte(uid))
		return mac.Sum(nil)
	}
	letters := base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)
	secret = letters.EncodeToString(derive("gorod follow link "))[:32]
	var b strings.Builder
	for _, c := range derive("gorod follow code ")[:8] {
		b.WriteByte('0' + c%10)
	}
	return secret, b.String()
}
