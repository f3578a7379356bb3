package app

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"gorod/internal/app/story"
	"gorod/internal/city/pack"
	"gorod/internal/city/place"
	"gorod/internal/city/resident"
	"gorod/internal/city/suggest"
	"gorod/internal/platform/fault"
)

// refresh says that a city is there already. What an earlier version of Gorod
// has loaded is loaded again: it lacks what only this one reads out of the pack.
func (a *App) refresh(ctx context.Context, city place.City, p *pack.Pack, report pack.Report, tell Telling) error {
	versions, err := a.Packs.Versions(ctx, city.ID)
	if err != nil {
		return fmt.Errorf("look at the versions of the pack: %w", err)
	}
	for _, v := range versions {
		if v.State != pack.Current || !v.Stale() {
			continue
		}
		tell.Say("an earlier version of Gorod has made this city: its pack is loaded again")
		password, err := a.Residents.Demo(ctx, DemoPassword)
		if err != nil {
			return fmt.Errorf("make demo password: %w", err)
		}
		_, err = a.ImportPack(ctx, p, report, password, nil)
		return err
	}
	tell.Say("the city is there already; it is served as it was left")
	return nil
}

// DemoPassword is what every account of a demo has. A demo is no secret, and
// its town is invented.
const DemoPassword = "gorod-demo-2026"

// Telling is how a demo tells what it does, and how far it is.
type Telling struct {
	Say func(line string)
	Bar func(what string, done, total int)
}

// Demo loads a pack with its people and plays its life up to now: the invented
// story, or the recorded histories that the pack of a real city brings along. A
// folder that has a city already is left as it is, except that a replay that
// was interrupted goes on.
func (a *App) Demo(ctx context.Context, files fs.FS, tell Telling) (place.City, error) {
	p, report := pack.Read(files)
	if err := report.Err(); err != nil {
		return place.City{}, fmt.Errorf("read pack: %w", err)
	}
	if city, err := a.Places.CityByKey(ctx, p.City.Key); err == nil && city.Version != 0 {
		if err := a.refresh(ctx, city, p, report, tell); err != nil {
			return city, err
		}
		return city, a.remember(ctx, city, files, tell)
	}
	password, err := a.Residents.Demo(ctx, DemoPassword)
	if err != nil {
		return place.City{}, fmt.Errorf("make demo password: %w", err)
	}
	tell.Say("loading the pack and training the suggestion from its examples")
	if _, err := a.ImportPack(ctx, p, report, password, nil); err != nil {
		return place.City{}, err
	}
	city, err := a.Places.CityByKey(ctx, p.City.Key)
	if err != nil {
		return city, err
	}
	if len(p.Story) > 0 {
		tell.Say(fmt.Sprintf("living through the last weeks: %d problems", len(p.Story)))
		if err := a.live(ctx, city, p, files, tell.Say); err != nil {
			return city, err
		}
	}
	if len(p.HouseStory) > 0 {
		player := story.Houses{City: city, Houses: a.Houses}
		if err := player.Play(ctx, p.HouseStory, a.DB.Now()); err != nil {
			return city, fmt.Errorf("play the life of houses: %w", err)
		}
	}
	return city, a.remember(ctx, city, files, tell)
}

// rememberedFile marks a data folder whose histories were replayed to the end.
const rememberedFile = "histories.done"

// replayHands is how many histories are replayed at once.
const replayHands = 16

// remember replays the recorded histories of a pack, once a data folder.
func (a *App) remember(ctx context.Context, city place.City, files fs.FS, tell Telling) error {
	done := filepath.Join(a.Settings.Data, rememberedFile)
	if _, err := os.Stat(done); err == nil {
		return nil
	}
	body, err := fs.ReadFile(files, pack.HistoriesFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read histories of the pack: %w", err)
	}
	tell.Say("replaying the recorded histories; an interrupted replay goes on at the next start")
	runner := a.Replay(city.ID)
	runner.Workers = replayHands
	runner.Progress = func(done, total int) { tell.Bar("replayed", done, total) }
	report, err := runner.Run(ctx, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("replay the histories: %w", err)
	}
	tell.Say(fmt.Sprintf("%d problems replayed, %d refused; making lists, map and statistics", report.Replayed, report.Refused))
	if _, err := a.Problems.Quiet().TellPassed(ctx, city.ID); err != nil {
		return err
	}
	if err := a.Board.Rebuild(ctx, city.ID, func(done int) { tell.Bar("board", done, report.Replayed) }); err != nil {
		return fmt.Errorf("make the board: %w", err)
	}
	return os.WriteFile(done, nil, 0o600)
}

// live plays the story of a pack. Nobody is told of it while it plays: the
// letters of five weeks ago would arrive today.
func (a *App) live(ctx context.Context, city place.City, p *pack.Pack, files fs.FS, say func(string)) error {
	staff, err := story.Staff(ctx, a.Residents, city.ID)
	if err != nil {
		return err
	}
	photos, err := fs.Sub(files, "photos")
	if err != nil {
		return fmt.Errorf("open photos of the pack: %w", err)
	}
	problems := a.Problems.Quiet()
	player := story.Player{City: city, Problems: problems, Media: a.Media, Staff: staff, Photos: photos,
		Advise: func(ctx context.Context, in suggest.Input) (suggest.Advice, error) {
			return a.Suggest.Propose(ctx, city.ID, in)
		}}
	_, refused, err := player.Play(ctx, p.Story, a.DB.Now())
	if err != nil {
		return fmt.Errorf("play the story: %w", err)
	}
	broken := 0
	for _, r := range refused {
		if f := fault.Of(r); f != nil && f.Phrase == "problem.out_of_season" {
			continue // a story of autumn, played in spring
		}
		broken++
		say(r.Error())
	}
	if broken > 0 {
		return errors.New("the pack's story does not keep the rules of its city")
	}
	if _, err := problems.TellPassed(ctx, city.ID); err != nil {
		return err
	}
	if err := a.Board.Rebuild(ctx, city.ID, nil); err != nil {
		return fmt.Errorf("make the board: %w", err)
	}
	return nil
}

// SignIns lists one account of each role, for the first page of a demo.
func (a *App) SignIns(ctx context.Context, city place.City) ([]SignIn, error) {
	staff, err := story.Staff(ctx, a.Residents, city.ID)
	if err != nil {
		return nil, err
	}
	var list []SignIn
	for _, role := range resident.Roles() {
		best := resident.Person{}
		for _, person := range staff {
			// The lowest key is the first line of the pack: the same every time.
			if len(person.Roles) > 0 && person.Roles[0] == role && (best.ID == 0 || person.ID < best.ID) {
				best = person
			}
		}
		if best.ID != 0 {
			list = append(list, SignIn{Role: role, Login: best.Login})
		}
	}
	return list, nil
}

// SignIn is how to come in as somebody of a role.
type SignIn struct {
	Role  resident.Role
	Login string
}
