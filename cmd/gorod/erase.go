package main

import (
	"fmt"

	"gorod/internal/app"
	"gorod/internal/city/place"
)

type eraseCommand struct {
	Number int64  `arg:"" help:"Number of the problem."`
	Reason string `required:"" placeholder:"TEXT" help:"On whose word, for the audit log: number and date of the request. No name and no contact: the log cannot be erased."`
}

// Run erases what the author of a problem left in it: for who asks on paper.
func (c *eraseCommand) Run(con *console) error {
	return withCity(con, app.Options{}, func(a *app.App, city place.City) error {
		done, err := a.Erase(con.ctx, city, c.Number, c.Reason)
		if err != nil {
			return err
		}
		if done.Before {
			fmt.Fprintf(con.out, "Nothing changed: problem %d was erased before.\n", c.Number)
			return nil
		}
		fmt.Fprintf(con.out, "Problem %d: erased for good: texts %d, photos %d, contact %s. The feed says so.\n", c.Number, done.Texts, done.Photos, yesNo(done.Contact))
		fmt.Fprintln(con.out, "What was learnt from the words and the files of the photos go with the next work of the queue.")
		if done.Account {
			fmt.Fprintln(con.out, "The author has an account: it stays, with everything else in it.")
		}
		return nil
	})
}

func yesNo(yes bool) string {
	if yes {
		return "yes"
	}
	return "no"
}
