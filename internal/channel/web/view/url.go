package view

import "strconv"

// problemURL is the address of a problem's page.
func problemURL(number int64) string { return "/problem/" + strconv.FormatInt(number, 10) }
