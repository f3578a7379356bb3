package history

import (
	"regexp"
	"strings"
)

// Plain is how names are compared: without quotes, case, doubled spaces and
// spaces around hyphens, slashes and after numero signs.
func Plain(name string) string {
	name = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`"«»„“”'`, r) {
			return ' '
		}
		return r
	}, strings.ToLower(name))
	name = strings.Join(strings.Fields(name), " ")
	return strings.NewReplacer(" -", "-", "- ", "-", "№ ", "№", " / ", "/", " /", "/", "/ ", "/").Replace(name)
}

// TaxNumber finds the tax number that the portal puts behind some names.
var TaxNumber = regexp.MustCompile(`\s*\(ИНН (\d{10}|\d{12})\)\s*$`)

// LegalForms are the legal forms of organisations as registers spell them out,
// each followed by its short form, the longer first.
func LegalForms() []string {
	return []string{
		"общество с ограниченной ответственностью", "ооо",
		"открытое акционерное общество", "оао",
		"закрытое акционерное общество", "зао",
		"публичное акционерное общество", "пао",
		"непубличное акционерное общество", "нао",
		"акционерное общество", "ао",
		"санкт-петербургское государственное унитарное предприятие", "спб гуп",
		"санкт-петербургское государственное казенное учреждение", "спб гку",
		"санкт-петербургское государственное бюджетное учреждение", "спб гбу",
		"товарищество собственников жилья", "тсж",
	}
}

// PlainOrg is the name of an organisation as it is compared: as Plain, and
// without its tax number, ё, commas, and the city's own name at the end, with
// legal forms shortened.
func PlainOrg(name string) string {
	name = strings.NewReplacer("ё", "е", ",", " ").Replace(Plain(TaxNumber.ReplaceAllString(name, "")))
	name = strings.NewReplacer(LegalForms()...).Replace(strings.Join(strings.Fields(name), " "))
	return strings.TrimSuffix(name, " санкт-петербурга")
}
