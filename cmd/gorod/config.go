package main

import (
	"gorod/internal/platform/conf"
)

type settingsCommand struct {
	Example bool `help:"Print a settings file with every setting and its default, commented out."`
}

// Run prints the settings; secrets are masked.
func (c *settingsCommand) Run(con *console) error {
	if c.Example {
		return conf.Example(con.out)
	}
	settings, err := con.settings()
	if err != nil {
		return err
	}
	return settings.Print(con.out)
}
