// Package packtest gives other packages' tests a city: a tiny pack in memory
// and an import of any pack into a test's database.
package packtest

import (
	"bytes"
	"context"
	"io/fs"
	"testing"
	"testing/fstest"

	"gorod/internal/city/deadline"
	"gorod/internal/city/org"
	"gorod/internal/city/pack"
	"gorod/internal/city/place"
	"gorod/internal/city/resident"
	"gorod/internal/city/routing"
	"gorod/internal/city/topic"
	"gorod/internal/platform/event"
	"gorod/internal/platform/sqldb"
)

// Files is a valid pack of a village with one district, two houses and two
// topics, in which every kind of file occurs. It has no problem at all.
func Files() fstest.MapFS {
	files := fstest.MapFS{}
	for _, group := range []map[string]string{city(), rules(), texts()} {
		for name, text := range group {
			files[name] = &fstest.MapFile{Data: []byte(text)}
		}
	}
	return files
}

// city are the settings, areas, houses, objects and people.
func city() map[string]string {
	return map[string]string{
		"city.toml": `id = "tiny"
zone = "Europe/Moscow"
languages = ["ru", "en"]
main_language = "ru"
bounds = [30.0, 60.0, 30.1, 60.1]
center = [30.05, 60.05]

[name]
ru = "Крошкино"
en = "Kroshkino"

[phones]
emergency = "112"
dispatcher = "2-00"

[limits]
messages_per_day = 10
messages_per_address = 300
auto_close_days = 20
ask_before_close_days = 3
question_days = 5
repeat_days = 30
photos = 10
photo_mb = 15
refuse_repeats = true

[sign_in]
sms = false
email = true

[appeal]
url = "https://tiny.example/appeal"

[appeal.name]
ru = "Обращение"
en = "Appeal"

[map.attribution]
ru = "Выдумано"
en = "Invented"
`,
		"areas/areas.geojson": `{"type":"FeatureCollection","features":[
{"type":"Feature","properties":{"id":"tiny","kind":"city","parent":"","name.ru":"Крошкино","name.en":"Kroshkino"},"geometry":{"type":"Polygon","coordinates":[[[30,60],[30.1,60],[30.1,60.1],[30,60.1],[30,60]]]}},
{"type":"Feature","properties":{"id":"north","kind":"district","parent":"tiny","name.ru":"Север","name.en":"North"},"geometry":{"type":"Polygon","coordinates":[[[30,60.05],[30.1,60.05],[30.1,60.1],[30,60.1],[30,60.05]]]}}
]}
`,
		"streets.csv": `id,name.ru,name.en,kind,aliases
1,Мостовая,Mostovaya,ул,Большая Мостовая
`,
		"houses.csv": `id,street,kind,house,building,structure,letter,address,settlement,lat,lon,district,municipality,year,floors,entrances,flats,purpose,manager
101,Мостовая,ул,1,,,,"Крошкино, ул. Мостовая, д. 1",,60.06,30.05,north,,1970,5,2,40,apartment,uk
102,Мостовая,ул,2,1,,А,"Крошкино, ул. Мостовая, д. 2, корп. 1, лит. А",,60.061,30.051,north,,,,,,other,
`,
		"object_fields.csv": `id,type,name.ru,name.en,unit.ru,unit.en
height,number,Высота,Height,м,m
`,
		"object_kinds.csv": `id,letter,snap,fields,name.ru,name.en
lamp,Л,40,height,Фонарь,Street lamp
bin,У,,,Урна,Litter bin
`,
		"objects.csv": `id,kind,number,name.ru,name.en,lat,lon,owner,field.height
lamp-1,lamp,Л-1,Фонарь,Lamp,60.06,30.05,uk,8.5
`,
		"organisations.csv": `id,kind,name.ru,name.en,short.ru,short.en,parent,inn,phone,email,hours.ru,dispatcher,address
adm,authority,Управа,Office,,,,,2-01,adm@tiny.example,,,
uk,company,Уютный дом,Cosy House,,,adm,7801000001,,,,2-02,
`,
		"house_passports.csv": `id,built_year,floor_count_max,elevators_count,is_alarm,wall_material,source,as_of
101,1970,5,0,0,Кирпичные,Реестр,2026-01-01
`,
		"companies.csv": `organisation,licence,licence_since,site,reception.ru,reception.en,dispatcher
uk,78-1,2015-04-27,https://uk.example,вт 16:00–19:00,Tue 16:00–19:00,2-05
`,
		"cleaning.csv": `id,organisation,what,houses,days,opens,closes,season_from,season_to,note
uk-stairs,uk,stairs,101,mo;th,09:00,12:00,,,
`,
		"people.csv": `id,name,roles,organisation,position.ru,position.en,phone,email,areas,login
1,Соколова Вера,moderator,adm,модератор,moderator,2-03,vera@tiny.example,,vera
2,Котов Пётр,executor;controller,uk,мастер,foreman,,,north,petr
`,
	}
}

// rules are topics, terms, routes, clauses and the like.
func rules() map[string]string {
	return map[string]string{
		"outage_topics.csv": `topic,resource
8,hot_water
`,
		"fields.csv": `id,kind,label.ru,label.en,hint.ru,hint.en,choices,choices.ru,choices.en
meeting_date,date,Когда было собрание,Date of the meeting,,,,,
own_statement,choice,Как было,What happened,Увидите только вы,Only you see it,did_not_vote;voted_otherwise,не голосовал;голосовал иначе,I did not vote;I voted otherwise
`,
		"topics.csv": `id,object_id,object.ru,object.en,category_id,category.ru,category.en,name.ru,name.en,widget,evidence,help.ru,help.en,public,open,season_from,season_to,season.ru,season.en,extra,esia,proposal,interim,extension,replaced_by,synonyms.ru,synonyms.en,first.ru,first.en,objects
8,1,Двор,Yard,2,Дороги,Roads,Яма,Pothole,near,photo,Снимите яму.,Photograph it.,1,1,,,,,,0,0,1,1,,дыра в асфальте,hole,,,
9,1,Двор,Yard,3,Свет,Light,Не горит фонарь,Lamp out,point,none,,,1,1,10-01,04-30,Зимой.,In winter.,stairs!;floor,0,0,1,1,,темно,dark,Позвоните.,Ring.,lamp;bin
`,
		"terms.csv": `topic,stage,amount,unit,valid_from
*,moderation,1,wd,2020-01-01
*,processing,10,wd,2020-01-01
category:2,processing,5,wd,2020-01-01
*,review,1,wd,2020-01-01
`,
		"routing.csv": `id,topic,area,house,executor,coordinator,controller,note.ru,note.en,valid_from
1,*,*,*,adm,adm,adm,,,2020-01-01
2,category:2,north,*,@manager,adm,,,,2020-01-01
3,9,*,102,uk,,adm,,,2021-01-01
`,
		"clauses.csv": `code,short.ru,short.en,text.ru,text.en,next
2.1,Не видно,Not visible,Снимите ближе.,Closer please.,mend
4.1,Не город,Not the city,Напишите обращение.,Write an appeal.,appeal
`,
		"next_steps.csv": `when,kind,text.ru,text.en,value
rejected,appeal,Отправьте обращение.,Send an appeal.,https://tiny.example/appeal
emergency,call,Звоните.,Ring.,112
`,
		"templates.csv": `id,topic,outcome,text.ru,text.en
any,*,not_ours,Это не мы: {address}.,Not us: {address}.
hole,8,done,"Заделали {date}.","Mended {date}."
`,
		"examples.csv": `topic,text
8,Яма у подъезда
9,"Темно, фонарь не горит"
`,
		"calendar/2026.xml": `<?xml version="1.0" encoding="UTF-8"?>
<calendar year="2026" lang="ru" date="2025.09.24" country="ru">
<holidays><holiday id="1" title="Новый год" /></holidays>
<days><day d="01.01" t="1" h="1" /></days>
</calendar>
`,
	}
}

// texts are pages, the map, photos and the story.
func texts() map[string]string {
	return map[string]string{
		"texts/rules.ru.md": "# Правила\n", "texts/rules.en.md": "# Rules\n",
		"texts/about.ru.md": "# О Крошкине\n", "texts/about.en.md": "# About\n",
		"texts/consent/contact.ru.md": "# Связаться\n", "texts/consent/contact.en.md": "# Contact\n",
		"texts/consent/publish_photo.ru.md": "# Фото\n", "texts/consent/publish_photo.en.md": "# Photo\n",
		"texts/consent/newsletter.ru.md": "# Новости\n", "texts/consent/newsletter.en.md": "# News\n",
		"base/roads.geojson": `{"type":"FeatureCollection","features":[
{"type":"Feature","properties":{"class":"main","name":"ул. Мостовая"},"geometry":{"type":"LineString","coordinates":[[30.04,60.06],[30.06,60.061]]}}
]}
`,
		"base/buildings.geojson": `{"type":"FeatureCollection","features":[
{"type":"Feature","properties":{"house":101},"geometry":{"type":"Polygon","coordinates":[[[30.05,60.06],[30.0501,60.06],[30.0501,60.0601],[30.05,60.06]]]}}
]}
`,
		"photos/pothole.jpg": "not read",
		"story.ndjson":       `{"key":"hole","day":-3,"time":"10:10","author":"anna","via":"web","text":"Яма","topic":8,"house":101,"mark":"near","photos":["pothole.jpg"],"then":[{"after":"16h","do":"accept","by":"vera"},{"after":"2d","do":"answer","by":"petr","outcome":"done","text":"Заделали."},{"after":"2h","do":"confirm","by":"anna"}]}` + "\n",
	}
}

// With is Files with one file changed: the first occurrence of old is replaced.
// It panics where old does not occur, for then the test tests nothing.
func With(file, old, new string) fstest.MapFS {
	files := Files()
	before := files[file].Data
	after := bytes.Replace(before, []byte(old), []byte(new), 1)
	if bytes.Equal(before, after) {
		panic("packtest: " + file + " does not hold " + old)
	}
	files[file] = &fstest.MapFile{Data: after}
	return files
}

// Service is a service over a test's database, with owners of its own.
func Service(db *sqldb.DB, bus *event.Bus, residents *resident.Service) *pack.Service {
	places := place.New(db)
	return pack.New(db, bus, pack.Owners{
		Places: places, Topics: topic.New(db), Organisations: org.New(db), Deadlines: deadline.New(db, places),
		Routes: routing.New(db, places), Residents: residents,
	})
}

// Import brings a pack into force and gives its city; a pack with errors ends
// the test.
func Import(tb testing.TB, s *pack.Service, fsys fs.FS) place.City {
	tb.Helper()
	p, report := pack.Read(fsys)
	for _, problem := range report.Problems {
		if problem.Severity == pack.Error {
			tb.Errorf("%s %s: %s %v", problem.Where(), problem.Field, problem.Reason, problem.Args)
		}
	}
	if _, err := s.Import(context.Background(), p, report, nil); err != nil {
		tb.Fatal(err)
	}
	c, err := s.Places.CityByKey(context.Background(), p.City.Key)
	if err != nil {
		tb.Fatal(err)
	}
	return c
}
