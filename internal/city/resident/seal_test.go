package resident

import (
	"testing"
	"time"
)

func TestEveryPartOfARowOfTheLogIsUnderItsHash(t *testing.T) {
	t.Parallel()
	base := AuditEntry{Seq: 7, Person: 5, Act: Act{Action: "looked", Object: "ab", Result: "c", Detail: "d"}, Address: "e", prev: "f"}
	change := func(f func(*AuditEntry)) AuditEntry { e := base; f(&e); return e }
	seen := map[string]string{base.seal(1): "the row", base.seal(2): "another city"}
	for name, e := range map[string]AuditEntry{
		"another number":      change(func(e *AuditEntry) { e.Seq = 8 }),
		"another time":        change(func(e *AuditEntry) { e.At = time.UnixMicro(1) }),
		"another person":      change(func(e *AuditEntry) { e.Person = 6 }),
		"another role":        change(func(e *AuditEntry) { e.Roles = []Role{Moderator} }),
		"the city itself":     change(func(e *AuditEntry) { e.System = true }),
		"another action":      change(func(e *AuditEntry) { e.Act.Action = "changed" }),
		"a letter moved":      change(func(e *AuditEntry) { e.Act.Object, e.Act.Result = "a", "bc" }),
		"another result":      change(func(e *AuditEntry) { e.Act.Result = Denied }),
		"another detail":      change(func(e *AuditEntry) { e.Act.Detail = "" }),
		"another address":     change(func(e *AuditEntry) { e.Address = "x" }),
		"another row before":  change(func(e *AuditEntry) { e.prev = "g" }),
		"a letter moved back": change(func(e *AuditEntry) { e.Act.Detail, e.Address = "", "de" }),
	} {
		sum := e.seal(1)
		if other := seen[sum]; other != "" {
			t.Errorf("%s has the hash of %s", name, other)
		}
		seen[sum] = name
	}
}
