package identity

import "testing"

func TestMailbox(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"joris@example.org":          "joris@example.org",
		" Joris@Example.ORG ":        "joris@example.org",
		"joris+werk@example.org":     "joris@example.org",
		"joris+werk+nog@example.org": "joris@example.org",
		"+werk@example.org":          "+werk@example.org",
		"joris+werk":                 "joris+werk",
		"joris":                      "joris",
		"":                           "",
	} {
		if got := Mailbox(typed); got != want {
			t.Errorf("%q: %q, not %q", typed, got, want)
		}
	}
}
