package identity

import "strings"

// Mailbox is where mail to an address ends up: what stands behind a plus in front
// of the @ only sorts it there. Whoever is kept away under one address of a
// mailbox is kept away under all.
func Mailbox(login string) string {
	login = strings.ToLower(strings.TrimSpace(login))
	local, domain, isAddress := strings.Cut(login, "@")
	if !isAddress {
		return login
	}
	if name, _, tagged := strings.Cut(local, "+"); tagged && name != "" {
		local = name
	}
	return local + "@" + domain
}
