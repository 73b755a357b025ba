package identity

import "strings"

// BrowserOf is the kind of browser that calls itself agent, as words of our own:
// "firefox windows", "safari ios", "other". What an agent says is not kept.
func BrowserOf(agent string) string {
	word := func(table [][2]string) string {
		for _, row := range table {
			if strings.Contains(agent, row[0]) {
				return row[1]
			}
		}
		return ""
	}
	brand := word(brands)
	if brand == "" {
		return "other"
	}
	return strings.TrimSpace(brand + " " + word(systems))
}

// Each browser names those that it wants to pass for; the one that tells it
// apart comes first.
var (
	brands  = [][2]string{{"Edg", "edge"}, {"OPR/", "opera"}, {"SamsungBrowser/", "samsung"}, {"Firefox/", "firefox"}, {"FxiOS/", "firefox"}, {"CriOS/", "chrome"}, {"Chrome/", "chrome"}, {"Safari/", "safari"}}
	systems = [][2]string{{"iPhone", "ios"}, {"iPad", "ios"}, {"Android", "android"}, {"Windows", "windows"}, {"Mac OS X", "mac"}, {"CrOS", "chromeos"}, {"Linux", "linux"}}
)
