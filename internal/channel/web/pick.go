package web

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"gorod/internal/channel/web/view"
	"gorod/internal/city/topic"
)

// showTree shows all topics, with what was typed in hidden inputs.
func (s *Server) showTree(w http.ResponseWriter, r *http.Request, v *visit, d *draft) error {
	book, err := s.dictionary(r.Context(), v)
	if err != nil {
		return err
	}
	p := view.TopicPickPage{Base: s.base(v, "report", s.say(v, "home.pick_title")), Query: strings.TrimSpace(d.form.get("q"))}
	p.Path = "/"
	p.Kept = d.kept()
	p.Objects = s.objects(v, book, d.topic)
	if p.Recent, err = s.recentTopics(r.Context(), v, book); err != nil {
		return err
	}
	if p.Query == "" {
		return s.show(w, p)
	}
	found, err := s.searchAll(r.Context(), v, p.Query)
	if err != nil {
		return err
	}
	for _, t := range found {
		p.Found = append(p.Found, s.pickChoice(v, book, t))
	}
	return s.show(w, p)
}

// searchAll finds topics by their words in the visitor's language, then by those
// in the city's other languages: synonyms are written in the main one.
func (s *Server) searchAll(ctx context.Context, v *visit, query string) ([]topic.Topic, error) {
	var list []topic.Topic
	for _, lang := range append([]string{string(v.Lang)}, v.City.Languages...) {
		found, err := s.Topics.Search(ctx, v.City.ID, lang, query)
		if err != nil {
			return nil, err
		}
		for _, t := range found {
			if !slices.ContainsFunc(list, func(o topic.Topic) bool { return o.ID == t.ID }) {
				list = append(list, t)
			}
		}
	}
	return list, nil
}

// kept are all inputs but those that the next step sets itself.
func (d *draft) kept() []view.Kept {
	var names []string
	for name := range d.form.values {
		if !slices.Contains([]string{"step", "topic", "manual", "q", "photo", "join", "remove", "key", "answer", "split", "unsplit"}, name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	list := []view.Kept{{Name: "key", Value: d.key}}
	for _, name := range names {
		for _, value := range d.form.all(name) {
			list = append(list, view.Kept{Name: name, Value: value})
		}
	}
	for _, p := range d.photos.shown {
		list = append(list, view.Kept{Name: "photo", Value: p.ID})
	}
	return list
}

// objects are the topics as a tree, in the order of the pack. What cannot be
// chosen today stays in its place and says why not.
func (s *Server) objects(v *visit, book *dictionary, chosen topic.ID) []view.TopicObject {
	var list []view.TopicObject
	at := map[topic.ID]int{}
	for _, t := range book.all {
		i, ok := at[t.Object]
		if !ok {
			i = len(list)
			at[t.Object] = i
			list = append(list, view.TopicObject{Name: v.text(t.ObjectName), Icon: iconOf(t.ObjectName)})
		}
		o := &list[i]
		o.Count++
		name := v.text(t.CategoryName)
		k := slices.IndexFunc(o.Categories, func(c view.TopicCategory) bool { return c.Name == name })
		if k < 0 {
			k = len(o.Categories)
			o.Categories = append(o.Categories, view.TopicCategory{Name: name})
		}
		choice := s.pickChoice(v, book, t)
		choice.Icon, choice.Path = "", "" // both stand above it
		choice.Chosen = t.ID == chosen
		o.Open = o.Open || choice.Chosen
		o.Categories[k].Topics = append(o.Categories[k].Topics, choice)
	}
	return list
}

// pickChoice is a topic of the tree: what it covers, by which words it is found,
// why it cannot be chosen.
func (s *Server) pickChoice(v *visit, book *dictionary, t topic.Topic) view.TopicChoice {
	c := s.topicChoice(v, t)
	c.Why = s.whyNot(v, book, t)
	var words []string
	for lang, name := range t.Name {
		if lang != string(v.Lang) {
			words = append(words, name)
		}
	}
	for _, synonyms := range t.Synonyms {
		words = append(words, synonyms)
	}
	slices.Sort(words)
	c.Words = strings.Join(words, "; ")
	return c
}

// whyNot says why a topic is not taken on this day of the city; "": it is.
func (s *Server) whyNot(v *visit, book *dictionary, t topic.Topic) string {
	switch {
	case t.Open && t.InSeason(v.Now.In(v.zone())):
		return ""
	case t.Open:
		return s.seasonOf(v, t)
	}
	if next, ok := book.topics[t.ReplacedBy]; ok && next.Open {
		return s.say(v, "web.topic_moved", v.text(next.Name))
	}
	return s.say(v, "problem.topic_closed")
}

// seasonOf says when a topic is taken.
func (s *Server) seasonOf(v *visit, t topic.Topic) string {
	if said := v.text(t.Season); said != "" {
		return said
	}
	return s.say(v, "problem.out_of_season")
}

// mostRecent is how many topics of theirs an author finds above the tree, and
// how many of their problems are looked at for them.
const (
	mostRecent    = 3
	recentLooksAt = 20
)

// recentTopics are what a signed-in author wrote about lately, the newest first.
func (s *Server) recentTopics(ctx context.Context, v *visit, book *dictionary) ([]view.TopicChoice, error) {
	if v.Who.ID == 0 {
		return nil, nil
	}
	items, err := s.Problems.Mine(ctx, v.Who, recentLooksAt)
	if err != nil {
		return nil, err
	}
	var list []view.TopicChoice
	seen := map[topic.ID]bool{}
	for _, it := range items {
		t, ok := book.topics[it.State.Topic.ID]
		if !ok || seen[t.ID] || it.State.Author != v.Who.ID || len(list) == mostRecent {
			continue
		}
		seen[t.ID] = true
		if c := s.pickChoice(v, book, t); !c.Off() {
			list = append(list, c)
		}
	}
	return list, nil
}

func (s *Server) topicChoice(v *visit, t topic.Topic) view.TopicChoice {
	return view.TopicChoice{ID: strconv.FormatInt(int64(t.ID), 10), Name: v.text(t.Name), Path: t.Path(string(v.Lang), v.City.Main),
		Icon: iconOf(t.ObjectName), Covers: s.covers(v, t)}
}

// mostSuch is how many examples a topic is explained by.
const mostSuch = 3

// covers is one line of what a topic is about: what people say for it; "" in a
// language in which nobody has said. Its help tells what to photograph, and stands
// below the topic that is chosen.
func (s *Server) covers(v *visit, t topic.Topic) string {
	var such []string
	for words := range strings.SplitSeq(t.Synonyms[string(v.Lang)], ";") {
		if words = strings.TrimSpace(words); words != "" && len(such) < mostSuch {
			such = append(such, words)
		}
	}
	if len(such) == 0 {
		return ""
	}
	return s.say(v, "web.topic_such", strings.Join(such, ", "))
}
