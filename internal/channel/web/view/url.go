package view

import (
	"net/url"
	"strconv"
)

// problemURL is the address of a problem's page.
func problemURL(number int64) string { return "/problem/" + strconv.FormatInt(number, 10) }

// ThingURL is the address of the page of an object of the city.
func ThingURL(id string) string { return "/object/" + url.PathEscape(id) }
