package board_test

import "testing"

// TestWhatIsSeen tries what looks like something else, or like nothing.
func TestWhatIsSeen(t *testing.T) {
	name := func(s string) func(*demo) said {
		return func(d *demo) said { return d.Do(d.Hanneke, "rename_case", with{"name": s}) }
	}
	note := func(s string) func(*demo) said {
		return func(d *demo) said {
			return d.Do(d.Iris, "edit_card", with{"card": d.Draft(d.Iris, false, nil), "text": s, "base": ""})
		}
	}
	hold(t, []rule{
		{"a soft hyphen", name("Zilver\u00adlinde"), "invalid bad_text"},
		{"a zero width space", name("Zilver\u200blinde"), "invalid bad_text"},
		{"a byte order mark", name("\ufeffZilverlinde"), "invalid bad_text"},
		{"an override of direction", name("Zilver\u202eednil"), "invalid bad_text"},
		{"an isolate", name("Zilver\u2066linde\u2069"), "invalid bad_text"},
		{"a line separator", name("Zilver\u2028linde"), "invalid bad_text"},
		{"a paragraph separator", name("Zilver\u2029linde"), "invalid bad_text"},
		{"a tag", name("Zilver\U000e0041linde"), "invalid bad_text"},
		{"joiners alone", name("\u200d\u200c"), "invalid name_empty"},
		{"a variation selector alone", name("\ufe0f"), "invalid name_empty"},
		{"blank letters", name("\u3164\u2800 \uffa0"), "invalid name_empty"},
		{"blanks", name(" \u00a0\u2003 "), "invalid name_empty"},
		{"a family as one emoji", name("\U0001f469\u200d\U0001f467"), "ok"},
		{"a heart in colour", name("\u2764\ufe0f"), "ok"},
		{"a non-joiner in a word", name("\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"), "ok"},
		{"letters with marks beside them", name("e\u0301e\u0301n"), "ok"},
		{"a sign", name("?"), "ok"},
		{"an override of direction in a text", note("adres \u202eneg"), "invalid bad_text"},
		{"an isolate in a text", note("adres \u2067neg\u2069"), "invalid bad_text"},
		{"pasted hyphens in a text", note("op\u00advang\u200b"), "ok"},
		{"no visible way to be called", func(d *demo) said {
			return d.Do(d.Hanneke, "add_person", with{"name": "Fenna", "calls": "\u200d", "kind": "child", "class": "shared"})
		}, "ok"},
	})
	d := zilverlinde(t)
	d.Do(d.Hanneke, "add_person", with{"name": "Fenna", "calls": "\u200d", "kind": "child", "class": "shared"})
	if p := d.State.Persons[d.State.Family[len(d.State.Family)-1]]; p.Name.Body != "Fenna" || p.Calls.Body != "" {
		t.Errorf("called %q", p.Calls.Body)
	}
}
