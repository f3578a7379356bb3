package main

import (
	"strings"
	"testing"

	"gorod/packs"
)

func TestACityIsFilledAndVerifiedFromTheCommandLine(t *testing.T) {
	t.Parallel()
	config, db := settle(t)
	gorod(config, db, "generate", "--problems=30").expect(t, 1, "import a pack first")
	gorod(config, db, "import", folder(t, packs.Zarechny())).expect(t, 0)
	gorod(config, db, "generate").expect(t, 2, "--problems")
	gorod(config, db, "generate", "--problems=0").expect(t, 1, "from 1 to")
	gorod(config, db, "generate", "--problems=30", "--years=1", "--until=2026-11-20").expect(t, 0, "30 problems in the city")
	gorod(config, db, "verify").expect(t, 0, "30 problems, 0 flaws, 0 stale board rows")
	gorod(config, db, "verify", "--sample=10").expect(t, 0, "10 problems, 0 flaws, 0 stale board rows")
	gorod(config, db, "generate", "--problems=30", "--until=2026-11-20").expect(t, 1, "--into-nonempty")
	gorod(config, db, "generate", "--problems=5", "--into-nonempty", "--plain").expect(t, 0, "5 problems in the city")
	gorod(config, db, "verify").expect(t, 0, "35 problems, 0 flaws, 0 stale board rows")
}

func TestAServedCityIsNotFilled(t *testing.T) {
	t.Parallel()
	config, db := settle(t)
	gorod(config, db, "import", folder(t, packs.Zarechny())).expect(t, 0)
	serve(t, config, db)
	said := child(config, db, "generate", "--problems=30")
	out, err := said.CombinedOutput()
	if err == nil || !strings.Contains(string(out), "stop the server first") {
		t.Errorf("said %q, %v", out, err)
	}
}
