package replay

import (
	"bytes"
	"compress/gzip"
	"context"
	"os"
	"path/filepath"
	"testing"

	"gorod/internal/city/pack/packtest"
	"gorod/internal/city/pack/portal"
	"gorod/internal/city/pack/portal/history"
	"gorod/internal/city/problem"
	"gorod/internal/city/schema"
	"gorod/internal/platform/event"
	"gorod/internal/platform/id"
	"gorod/internal/platform/sqldbtest"
	"gorod/packs"
)

// realFolder is GOROD_DATA, or shared/data beside the checkout.
func realFolder(t *testing.T) string {
	t.Helper()
	data := os.Getenv("GOROD_DATA")
	if data == "" {
		data = "../../../../shared/data"
	}
	if _, err := os.Stat(filepath.Join(data, "ourspb", "problems.ndjson.gz")); err != nil {
		t.Skipf("SKIPPED: no real histories in %s; set GOROD_DATA to the folder of real data", data)
	}
	return data
}

// realSample is how many histories of the real file are replayed here; all of
// them are by `gorod replay`.
const realSample = 300

// spread takes every so-manyth line of the file: the years differ.
func spread(t *testing.T, path string) *bytes.Reader {
	t.Helper()
	in, err := os.Open(path)
	must(t, err)
	defer in.Close()
	unzipped, err := gzip.NewReader(in)
	must(t, err)
	var body bytes.Buffer
	zip := gzip.NewWriter(&body)
	scan := history.Lines(unzipped)
	const every = 48832 / realSample
	for i := 0; scan.Scan() && i < realSample*every; i++ {
		if i%every == 0 {
			_, err := zip.Write(append(scan.Bytes(), '\n'))
			must(t, err)
		}
	}
	must(t, scan.Err())
	must(t, zip.Close())
	return bytes.NewReader(body.Bytes())
}

func TestASampleOfRealHistoriesIsReplayedWhole(t *testing.T) {
	t.Parallel()
	data := realFolder(t)
	folder := filepath.Join(t.TempDir(), "spb")
	must(t, portal.Build(data, packs.Zarechny(), folder, func(string) {}))
	db := sqldbtest.New(schema.Migrations()...).SQLite(t)
	loading := packtest.Service(db, &event.Bus{}, nil)
	city := packtest.Import(t, loading, os.DirFS(folder))
	silent := problem.New(problem.Service{DB: db, Places: loading.Places, Topics: loading.Topics, Routes: loading.Routes,
		Deadlines: loading.Deadlines, IDs: id.Source{}})
	r := &Runner{City: city.ID, Problems: silent, Topics: loading.Topics, Orgs: loading.Organisations, Workers: 4}
	report, err := r.Run(context.Background(), spread(t, filepath.Join(data, "ourspb", "problems.ndjson.gz")))
	must(t, err)
	if report.Replayed != realSample || report.Refused > 0 || report.StatusDiffers > 0 {
		t.Errorf("replayed %d, refused %d, status differs %d: %v", report.Replayed, report.Refused, report.StatusDiffers, report.Examples)
	}
	t.Logf("%d histories, commands %v, not represented %v", report.Replayed, report.Commands, report.NotRepresented)
	n, flaws, err := silent.Verify(context.Background(), city.ID, nil)
	if err != nil || n != realSample || len(flaws) > 0 {
		t.Errorf("verified %d, %v, flaws %v", n, err, flaws)
	}
}
