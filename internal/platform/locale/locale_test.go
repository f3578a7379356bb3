package locale_test

import (
	"math"
	"slices"
	"testing"
	"time"

	"gorod/internal/platform/locale"
)

func TestLanguageIsMatched(t *testing.T) {
	t.Parallel()
	both, english := []locale.Lang{locale.RU, locale.EN}, []locale.Lang{locale.EN}
	for name, tt := range map[string]struct {
		header  string
		offered []locale.Lang
		exp     locale.Lang
	}{
		"empty header":              {"", both, locale.RU},
		"nothing offered":           {"en", nil, locale.RU},
		"region is ignored":         {"en-GB", both, locale.EN},
		"order decides":             {"en,ru", both, locale.EN},
		"quality beats order":       {"en;q=0.5, ru;q=0.9", both, locale.RU},
		"unknown is skipped":        {"de-DE,de;q=0.9,en;q=0.4", both, locale.EN},
		"refused":                   {"en;q=0, de", both, locale.RU},
		"only what is offered":      {"ru", english, locale.EN},
		"star is the first":         {"de, *;q=0.5", both, locale.RU},
		"upper case and spaces":     {" EN-us ; Q=0.7 ", both, locale.EN},
		"broken quality":            {"en;q=lots", both, locale.RU},
		"quality out of range":      {"en;q=7", both, locale.RU},
		"quality that is no number": {"en;q=NaN", both, locale.RU},
		"parameter is not quality":  {"en;level=1", both, locale.EN},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			want(t, string(locale.Match(tt.header, tt.offered)), string(tt.exp))
		})
	}
}

func FuzzMatch(f *testing.F) {
	f.Add("ru-RU,ru;q=0.9,en;q=0.8")
	f.Add("*;q=,;;=")
	f.Fuzz(func(t *testing.T, header string) {
		if got := locale.Match(header, locale.Langs()); !slices.Contains(locale.Langs(), got) {
			t.Errorf("matched %q, which was not offered", got)
		}
	})
}

func TestDatesAreWritten(t *testing.T) {
	t.Parallel()
	city := time.FixedZone("MSK", 3*60*60)
	now := time.Date(2026, 11, 21, 12, 0, 0, 0, city)
	friday := time.Date(2026, 11, 20, 18, 42, 0, 0, city)
	december := time.Date(2025, 12, 8, 9, 5, 0, 0, city)
	for _, tt := range []struct{ name, got, exp string }{
		{"day", locale.Date(locale.RU, friday, now), "20 ноября"},
		{"day in English", locale.Date(locale.EN, friday, now), "20 November"},
		{"day of another year", locale.Date(locale.RU, december, now), "8 декабря 2025"},
		{"full", locale.DateFull(locale.RU, friday), "пятница, 20 ноября 2026"},
		{"full in English", locale.DateFull(locale.EN, friday), "Friday, 20 November 2026"},
		{"moment", locale.DateTime(locale.RU, friday, now), "20 ноября, пятница, 18:42"},
		{"moment in English", locale.DateTime(locale.EN, friday, now), "20 November, Friday, 18:42"},
		{"moment of another year", locale.DateTime(locale.RU, december, now), "8 декабря 2025, понедельник, 09:05"},
		{"the year turns in the zone of the date", locale.Date(locale.RU,
			time.Date(2027, 1, 1, 0, 30, 0, 0, city), time.Date(2026, 12, 31, 21, 45, 0, 0, time.UTC)), "1 января"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			want(t, tt.got, tt.exp)
		})
	}
}

func TestAgo(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	const day = 24 * time.Hour
	for _, tt := range []struct {
		before time.Duration
		ru, en string
	}{
		{30 * time.Second, "только что", "just now"},
		{-30 * time.Second, "только что", "just now"},
		{time.Minute, "1 минуту назад", "1 minute ago"},
		{22 * time.Minute, "22 минуты назад", "22 minutes ago"},
		{59*time.Minute + 59*time.Second, "59 минут назад", "59 minutes ago"},
		{5 * time.Hour, "5 часов назад", "5 hours ago"},
		{2*day + 23*time.Hour, "2 дня назад", "2 days ago"},
		{31 * day, "1 месяц назад", "1 month ago"},
		{364 * day, "11 месяцев назад", "11 months ago"},
		{366 * day, "1 год назад", "1 year ago"},
		{5 * 366 * day, "5 лет назад", "5 years ago"},
		{-2 * day, "через 2 дня", "in 2 days"},
		{math.MinInt64 + 1, "через 292 года", "in 292 years"},
	} {
		t.Run(tt.ru, func(t *testing.T) {
			t.Parallel()
			want(t, locale.Ago(locale.RU, now.Add(-tt.before), now), tt.ru)
			want(t, locale.Ago(locale.EN, now.Add(-tt.before), now), tt.en)
		})
	}
}

func TestDuration(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		d      time.Duration
		ru, en string
	}{
		{0, "0 с", "0 s"},
		{45 * time.Second, "45 с", "45 s"},
		{20*time.Minute + 59*time.Second, "20 мин", "20 min"},
		{3*time.Hour + 20*time.Minute, "3 ч 20 мин", "3 h 20 min"},
		{3 * time.Hour, "3 ч", "3 h"},
		{52 * time.Hour, "2 дня 4 ч", "2 days 4 h"},
		{24*time.Hour + 59*time.Minute, "1 день", "1 day"},
		{-90 * time.Minute, "−1 ч 30 мин", "−1 h 30 min"},
		{math.MinInt64, "−106\u202f751 день 23 ч", "−106,751 days 23 h"},
	} {
		t.Run(tt.ru, func(t *testing.T) {
			t.Parallel()
			want(t, locale.Duration(locale.RU, tt.d), tt.ru)
			want(t, locale.Duration(locale.EN, tt.d), tt.en)
		})
	}
}

func TestNumbers(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, got, exp string }{
		{"nought", locale.Number(locale.RU, 0), "0"},
		{"three digits", locale.Number(locale.RU, 999), "999"},
		{"four digits", locale.Number(locale.RU, 1000), "1\u202f000"},
		{"six digits", locale.Number(locale.EN, 123456), "123,456"},
		{"smallest", locale.Number(locale.EN, math.MinInt64), "−9,223,372,036,854,775,808"},
		{"decimal", locale.Decimal(locale.RU, 1234.5, 2), "1\u202f234,5"},
		{"decimal in English", locale.Decimal(locale.EN, 1234.567, 2), "1,234.57"},
		{"whole decimal", locale.Decimal(locale.RU, 3, 2), "3"},
		{"no minus nought", locale.Decimal(locale.RU, -0.001, 2), "0"},
		{"negative decimal", locale.Decimal(locale.RU, -0.5, 1), "−0,5"},
		{"no number", locale.Decimal(locale.RU, math.NaN(), 1), "—"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			want(t, tt.got, tt.exp)
		})
	}
}

func TestAgoOfTheFarFutureDoesNotOverflow(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	want(t, locale.Ago(locale.RU, now.AddDate(5000, 0, 0), now), "через 292 года")
}
