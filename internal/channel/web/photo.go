package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"gorod/internal/channel/web/view"
	"gorod/internal/city/media"
	"gorod/internal/city/problem"
	"gorod/internal/platform/fault"
)

// photosTaken are the photos of a form: taken in this step or before.
type photosTaken struct {
	ids    []int64
	photos []media.Photo
	shown  []view.Photo
	bodies []photoBody
	errors view.FieldErrors
}

// drop forgets a photo by its name.
func (t *photosTaken) drop(uid string) {
	for i, p := range t.shown {
		if p.ID == uid {
			t.shown = slices.Delete(t.shown, i, i+1)
			t.photos = slices.Delete(t.photos, i, i+1)
			t.ids = slices.Delete(t.ids, i, i+1)
			return
		}
	}
}

// readWithPhotos reads a form whose input photos holds files and whose hidden
// inputs photo name those that were taken before. A file is kept under the
// form's key the moment it arrives, so that no later mistake loses it; what is
// wrong with one becomes a sentence at the input. A form whose key cannot be one
// of ours gets another and is not done (web.bad_form). Whatever is refused, what
// was read is there.
func (s *Server) readWithPhotos(r *http.Request, v *visit) (*form, photosTaken, error) {
	var taken photosTaken
	renewed := false
	renew := func(f *form) {
		if !goodKey(f.get("key")) {
			f.values.Set("key", s.newKey())
			renewed = true
		}
	}
	f, err := readForm(r, v, func(f *form, input string, data []byte) error {
		if input != "photos" {
			return nil
		}
		renew(f) // the key stands before the files in every form of ours
		return s.takePhoto(r, v, f, data, &taken)
	})
	if f.has("key") {
		renew(f)
	}
	if err == nil && renewed {
		err = fault.Invalid.New("web.bad_form")
	}
	if fault.Of(err) == nil && err != nil && !isTooLarge(err) {
		return f, taken, err
	}
	if failed := s.photosBefore(r, v, f, &taken); failed != nil {
		return f, taken, failed
	}
	return f, taken, err
}

// goodKey tells whether a key is as long as those that we make; a short one
// could be another form's.
func goodKey(key string) bool { return len(key) >= 22 && len(key) <= 100 }

// takePhoto keeps one file.
func (s *Server) takePhoto(r *http.Request, v *visit, f *form, data []byte, taken *photosTaken) error {
	if data == nil {
		taken.wrong(s.say(v, "media.too_heavy", maxFileSize>>20-1))
		return nil
	}
	p, err := s.Media.Upload(r.Context(), v.City.ID, f.get("key"), data)
	if refused := fault.Of(err); refused != nil {
		taken.wrong(s.phraseOf(v, err))
		return nil
	}
	if err != nil {
		return err
	}
	s.addPhoto(v, f.get("key"), p, taken)
	return nil
}

// wrong notes what is wrong with a file, each sentence once.
func (t *photosTaken) wrong(sentence string) {
	e := view.FieldError{Name: "photos", Text: sentence}
	if !slices.Contains(t.errors, e) {
		t.errors = append(t.errors, e)
	}
}

func (s *Server) addPhoto(v *visit, key string, p media.Photo, taken *photosTaken) {
	if slices.Contains(taken.ids, p.ID) {
		return
	}
	shown := s.draftPhoto(v, key, p)
	shown.Alt = s.say(v, "web.photo_n", len(taken.ids)+1)
	taken.ids = append(taken.ids, p.ID)
	taken.photos = append(taken.photos, p)
	taken.shown = append(taken.shown, shown)
	body := photoBody{ID: p.UID, Thumb: shown.Thumb, Width: p.ThumbW, Height: p.ThumbH}
	if p.Position.Known() {
		body.Lat, body.Lon = p.Position.Lat, p.Position.Lon
	}
	taken.bodies = append(taken.bodies, body)
}

// photosBefore finds the photos that an earlier step took.
func (s *Server) photosBefore(r *http.Request, v *visit, f *form, taken *photosTaken) error {
	named := f.all("photo")
	if len(named) == 0 || f.get("key") == "" {
		return nil
	}
	before, missing, err := s.Media.Named(r.Context(), v.City.ID, f.get("key"), named)
	if refused := fault.Of(err); refused != nil {
		taken.wrong(s.phraseOf(v, err))
		return nil
	}
	if err != nil {
		return err
	}
	now := *taken
	*taken = photosTaken{errors: now.errors}
	for _, p := range before {
		s.addPhoto(v, f.get("key"), p, taken)
	}
	for _, p := range now.photos {
		s.addPhoto(v, f.get("key"), p, taken)
	}
	if missing > 0 {
		taken.wrong(s.say(v, "media.gone"))
	}
	return nil
}

// draftLife is how long the address of a photo that was not sent yet works.
const draftLife = 24 * time.Hour

// draftPhoto is a photo before sending: its address carries a mark that only
// its author's form has, because nobody else may see it.
func (s *Server) draftPhoto(v *visit, key string, p media.Photo) view.Photo {
	photo := publicPhoto(p)
	until := strconv.FormatInt(v.Now.Add(draftLife).Unix(), 10)
	mark := "?k=" + url.QueryEscape(s.keys.sign("photo "+p.UID, until))
	photo.URL += mark
	photo.Thumb += mark
	return photo
}

// publicPhoto is a photo as pages show it.
func publicPhoto(p media.Photo) view.Photo {
	return view.Photo{ID: p.UID, URL: "/photos/" + p.UID + "/full", Thumb: "/photos/" + p.UID + "/thumb", Width: p.ThumbW, Height: p.ThumbH}
}

// photoBody is a photo as a script reads it.
type photoBody struct {
	ID     string  `json:"id"` // for the input photo
	Thumb  string  `json:"thumb"`
	Width  int     `json:"width"`
	Height int     `json:"height"`
	Lat    float64 `json:"lat,omitempty"` // where it was taken, to be offered as the place
	Lon    float64 `json:"lon,omitempty"`
}

// takePhotos answers POST /photos: key and files under the input photos.
func (s *Server) takePhotos(w http.ResponseWriter, r *http.Request) error {
	v := s.visitOf(r)
	_, taken, err := s.readWithPhotos(r, v)
	if err != nil {
		return err
	}
	body := struct {
		Photos []photoBody `json:"photos"`
		Errors []string    `json:"errors,omitempty"`
	}{Photos: taken.bodies}
	for _, e := range taken.errors {
		body.Errors = append(body.Errors, e.Text)
	}
	if len(taken.bodies) == 0 {
		body.Photos = []photoBody{}
		if len(taken.errors) > 0 {
			writeJSON(w, http.StatusUnprocessableEntity, body)
			return nil
		}
	}
	writeJSON(w, http.StatusOK, body)
	return nil
}

// showPhoto serves a picture to whom may see it: everyone for a photo on a
// public card, else the author, who joined or the staff of that problem, and
// the bearer of a draft's mark. For all others there is none.
func (s *Server) showPhoto(w http.ResponseWriter, r *http.Request) error {
	v := s.visitOf(r)
	size, ok := map[string]media.Size{"full": media.Full, "thumb": media.Thumb}[r.PathValue("size")]
	if !ok {
		return fault.Missing.New("media.missing")
	}
	p, err := s.Media.Find(r.Context(), v.City.ID, r.PathValue("uid"))
	if err != nil {
		return err
	}
	public, err := s.maySee(r, v, p)
	if err != nil {
		return err
	}
	blob, err := s.Media.Open(r.Context(), p, size)
	if err != nil {
		return err
	}
	defer blob.Close()
	h := w.Header()
	h.Set("Content-Type", "image/jpeg")
	h.Set("Content-Disposition", `inline; filename="`+p.UID+`.jpg"`)
	h.Set("Cache-Control", "private, no-cache") // a photo may be hidden any minute
	if public {
		h.Set("Cache-Control", "public, max-age=300")
	}
	h.Set("ETag", `"`+p.UID+string(size)+`"`)
	http.ServeContent(w, r, "", time.Time{}, blob)
	return nil
}

// maySee tells whether everyone may see a photo; Missing for who may not.
func (s *Server) maySee(r *http.Request, v *visit, p media.Photo) (public bool, err error) {
	missing := fault.Missing.New("media.missing")
	if p.State == media.Erased {
		return false, missing
	}
	if p.Problem == 0 {
		until, ok := s.keys.open("photo "+p.UID, r.URL.Query().Get("k"))
		if !ok || v.Now.Unix() > whole(until) {
			return false, missing
		}
		return false, nil
	}
	who := v.Who
	for _, key := range v.followed {
		if key == p.Problem {
			who.Problem = key
		}
	}
	card, err := s.Problems.FindByID(r.Context(), who, p.Problem)
	if err != nil {
		return false, err
	}
	return card.State.Visible() && !card.IsAuthor && !card.Staff, seesPhoto(card, p.ID)
}

// seesPhoto is nil when a reader's card shows a photo.
func seesPhoto(card problem.Card, photo int64) error {
	for _, e := range card.Feed {
		if !slices.Contains(photosIn(e.Data), photo) {
			continue
		}
		if slices.Contains(card.State.HiddenPhotos, photo) && !card.Staff {
			break
		}
		if card.IsAuthor || card.Staff || judged(card.State, photo) {
			return nil
		}
	}
	return fault.Missing.New("media.missing")
}

// judged tells whether a moderator has let a photo through: those of a message
// that waits or was refused are for its author and the staff.
func judged(state problem.State, photo int64) bool {
	for _, m := range state.Messages {
		if slices.Contains(m.Photos, photo) {
			return m.Verdict == "accepted"
		}
	}
	for _, a := range state.Answers {
		if slices.Contains(a.Photos, photo) {
			return a.Verdict == "passed"
		}
	}
	for _, m := range state.Replies {
		if slices.Contains(m.Photos, photo) {
			return false // between the author and the moderator
		}
	}
	return true // of a people's controller, on the spot
}
