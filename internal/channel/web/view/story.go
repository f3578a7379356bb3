package view

import (
	"embed"
	"io/fs"
	"reflect"
	"time"

	"gorod/internal/platform/locale"
)

// Story is one page in one state, with invented data that never change: the
// storybook shows it, tests render it in every language.
type Story struct {
	Name  string // the page
	State string // empty, one, many, error, long words, no rights, …
	Page  Page
}

// In is the story's page in another language. The invented town's own data
// stay Russian, as a town without translations shows them.
func (s Story) In(lang locale.Lang) Page {
	v := reflect.ValueOf(s.Page)
	if v.Kind() == reflect.Pointer {
		v = v.Elem()
	}
	page := reflect.New(v.Type())
	page.Elem().Set(v)
	page.Elem().FieldByName("Base").FieldByName("Lang").Set(reflect.ValueOf(lang))
	if reflect.ValueOf(s.Page).Kind() == reflect.Pointer {
		return page.Interface().(Page)
	}
	return page.Elem().Interface().(Page)
}

// Stories are all pages in all their states, in Russian; see In.
func Stories() []Story {
	var all []Story
	for _, some := range [][]Story{
		homeStories(), problemStories(), thingStories(), listStories(), statsStories(), houseStories(), areaStories(), watchStories(), embedStories(), personStories(), plainStories(), staffStories(),
	} {
		all = append(all, some...)
	}
	return all
}

// storyNow is Friday, 27 November 2026, 18:42 in the invented town.
func storyNow() time.Time { return time.Date(2026, 11, 27, 15, 42, 0, 0, time.UTC) }

// storyAt is what all stories share: a guest on one page of the invented town.
func storyAt(path, active, title string) Base {
	return Base{
		Lang: locale.RU, City: "Заречный", Path: path, Active: active, Title: title, Now: storyNow(),
		Zone:      time.FixedZone("MSK", 3*60*60),
		Languages: locale.Langs(),
	}
}

// storyDay is a moment of November 2026 in the town's time.
func storyDay(day, hour, minute int) time.Time {
	return time.Date(2026, 11, day, hour, minute, 0, 0, time.FixedZone("MSK", 3*60*60))
}

//go:embed story
var storyFiles embed.FS

// StoryFiles are the pictures of the stories, to be served under /story/.
func StoryFiles() fs.FS {
	sub, err := fs.Sub(storyFiles, "story")
	if err != nil {
		panic("view: embedded story files: " + err.Error()) // cannot be: the folder is built in
	}
	return sub
}

func storyPhoto(id, name, alt, caption string) Photo {
	url := "/story/" + name + ".svg"
	return Photo{ID: id, URL: url, Thumb: url, Width: 288, Height: 187, Alt: alt, Caption: caption}
}

// longWord is what breaks a layout that trusts words to be short.
const longWord = "Достопримечательнейшеблагоустроительныйнеперенасыщенно-электросветотехнический"
