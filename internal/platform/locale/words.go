package locale

// words is what dates, durations and numbers of one language are made of.
type words struct {
	decimal, group     string
	months             [12]string // after a day: «8 декабря»
	weekdays           [7]string  // from Sunday, as time.Weekday
	justNow, ago, then string     // ago and then hold the amount at {}
	minute, hour, day  noun       // after «назад» and «через»: accusative
	month, year        noun
	h, min, s          string
}

// noun is a counted thing by plural form.
type noun map[form]string

// wordsOf gives the words of a language, Russian where it is not known.
func wordsOf(lang Lang) *words {
	if lang == EN {
		return &english
	}
	return &russian
}

var russian = words{
	decimal: ",", group: "\u202f",
	months: [12]string{
		"января", "февраля", "марта", "апреля", "мая", "июня",
		"июля", "августа", "сентября", "октября", "ноября", "декабря",
	},
	weekdays: [7]string{"воскресенье", "понедельник", "вторник", "среда", "четверг", "пятница", "суббота"},
	justNow:  "только что", ago: "{} назад", then: "через {}",
	minute: noun{one: "минуту", few: "минуты", many: "минут"},
	hour:   noun{one: "час", few: "часа", many: "часов"},
	day:    noun{one: "день", few: "дня", many: "дней"},
	month:  noun{one: "месяц", few: "месяца", many: "месяцев"},
	year:   noun{one: "год", few: "года", many: "лет"},
	h:      "ч", min: "мин", s: "с",
}

var english = words{
	decimal: ".", group: ",",
	months: [12]string{
		"January", "February", "March", "April", "May", "June",
		"July", "August", "September", "October", "November", "December",
	},
	weekdays: [7]string{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"},
	justNow:  "just now", ago: "{} ago", then: "in {}",
	minute: noun{one: "minute", other: "minutes"},
	hour:   noun{one: "hour", other: "hours"},
	day:    noun{one: "day", other: "days"},
	month:  noun{one: "month", other: "months"},
	year:   noun{one: "year", other: "years"},
	h:      "h", min: "min", s: "s",
}
