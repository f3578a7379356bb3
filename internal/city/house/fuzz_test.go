package house

import (
	"os"
	"strings"
	"testing"
	"time"

	"gorod/internal/city/place"
)

func FuzzAddresses(f *testing.F) {
	lines, err := os.ReadFile("testdata/addresses.txt")
	if err != nil {
		f.Fatal(err)
	}
	for line := range strings.Lines(string(lines)) {
		list, _, _ := strings.Cut(line, " => ")
		f.Add(list)
	}
	f.Add("17-я линия В.О., д. 1-3к2 (чет), кв. 1-")
	reg := fuzzRegister()
	f.Fuzz(func(t *testing.T, list string) {
		found, left := ParseAddresses(list)
		if len(left) > len(list)+1 {
			t.Errorf("%d parts left of %d bytes", len(left), len(list))
		}
		for _, s := range found {
			if s.Street == "" || !s.Whole && len(s.Spans) == 0 {
				t.Errorf("a stretch without street or houses: %+v", s)
			}
			for _, h := range s.Spans {
				if h.To > 0 && (h.From < 1 || h.To < h.From || h.To > maxNumber) || h.To == 0 && h.Number == "" {
					t.Errorf("a span that cannot be: %+v", h)
				}
			}
			reg.match(s, nil)
		}
	})
}

func fuzzRegister() *register {
	return newRegister([]place.House{
		{ID: 1, Street: "ул. Садовая", Number: "1"}, {ID: 2, Street: "ул. Садовая", Number: "5", Building: "2", Letter: "А"},
		{ID: 3, Street: "17-я линия В.О.", Number: "4/2"}, {ID: 4, Street: "пер. Речной", Number: "12к3"},
	}, nil, nil)
}

func FuzzOutageLists(f *testing.F) {
	f.Add("hot-water", "№,район,улица,дом,корпус/литера,период 1,период 2\n1,,ул. Садовая,5,2,01.12.2026 - 14.12.2026,-\n")
	f.Add("power", "date_start;time_start;date_end;time_end;улица, дома\n21-11-2026;09:00;21-11-2026;16:30;ул. Садовая, д. 1, 3-7 (нечет)\n")
	f.Add("cold-water", "начало;окончание;адреса\n21 ноября 2026 09:00;21 ноября 2026 17:00;Садовая ул., вся; Речной 3\n")
	reg := fuzzRegister()
	f.Fuzz(func(t *testing.T, layout, list string) {
		var report Report
		told := readOutages(Layout(layout), strings.NewReader(list), time.UTC, &report)
		for _, d := range reg.drafts(told, ListImport{Layout: Layout(layout)}, nil, &report) {
			if !d.To.After(d.From) || len(d.Houses) == 0 || d.Key == "" {
				t.Errorf("an outage that cannot be: %+v", d)
			}
		}
		if report.Matched > report.Addresses {
			t.Errorf("%d matched of %d", report.Matched, report.Addresses)
		}
	})
}

func FuzzPassports(f *testing.F) {
	f.Add("id,built_year,area_total,elevators_count\n1,до 1917,\"1 234,5\",нет\n")
	f.Add("<d><passports_houses><address>ул. Садовая, д. 1</address><data_buildingdate>1903 г.</data_buildingdate></passports_houses></d>")
	f.Add("адрес;is_alarm\nСадовая 5 к 2 лит А;да\n")
	reg := fuzzRegister()
	f.Fuzz(func(t *testing.T, file string) {
		var report Report
		for _, p := range readPassports(PassportImport{}, strings.NewReader(file), reg, nil, &report) {
			if _, ok := reg.find(p.House); !ok || p.Built != 0 && (p.Built < oldest || p.Built > newest) || p.AreaTotal < 0 {
				t.Errorf("a passport that cannot be: %+v", p)
			}
		}
	})
}
