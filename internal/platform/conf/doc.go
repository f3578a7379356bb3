// Package conf reads the settings of a Gorod and remembers where each came
// from.
//
// A setting has a default that works: `gorod serve` needs none. A file (TOML)
// goes before the default, the environment before the file. The file is named
// by --config or GOROD_CONFIG, else it is ./gorod.toml where there is one.
// mail.smtp of the file is GOROD_MAIL_SMTP of the environment.
//
// A key that nobody knows is an error that names the nearest one: a misspelt
// setting that is silently ignored is found on the day it was needed. All
// errors are told at once. No secret is ever printed, in an error neither.
//
// What a city decides (topics, terms, limits a person) is data of its pack,
// not a setting; settings are what the machine and its operator decide.
package conf
