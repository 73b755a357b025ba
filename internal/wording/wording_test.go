package wording

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/casustafel/casustafel/wordings"
)

func TestWhatTheProgramShipsWith(t *testing.T) {
	t.Parallel()
	hints, err := Parse(wordings.Lines)
	if err != nil {
		t.Fatal(err)
	}
	if len(hints) < 40 || len(hints) > 80 {
		t.Errorf("%d hints", len(hints))
	}
	for _, hint := range hints {
		if !strings.HasSuffix(hint.Why, ".") || strings.Contains(hint.Why, "!") {
			t.Errorf("%q is no calm sentence", hint.Why)
		}
	}
}

func TestOneLine(t *testing.T) {
	t.Parallel()
	hints, err := Parse([]byte("\ufeff# opmerking\n\n\"Dader*  |  losse  handjes\", \"daderloos\", \"Omdat.\", \"de naam | (ex-)partner\"\r\n"))
	want := []Hint{{Terms: []string{"dader*", "losse handjes"}, Except: []string{"daderloos"}, Why: "Omdat.", Instead: []string{"de naam", "(ex-)partner"}}}
	if err != nil || !reflect.DeepEqual(hints, want) {
		t.Errorf("%+v, %v", hints, err)
	}
	if hints, err := Parse(nil); err != nil || hints == nil || len(hints) != 0 {
		t.Errorf("an empty file: %v, %v", hints, err)
	}
}

func TestMistakesAreNamedWithTheirLine(t *testing.T) {
	t.Parallel()
	good := `"woord", "", "Omdat.", "iets"` + "\n"
	many := strings.Builder{}
	for i := range mostHints + 1 {
		fmt.Fprintf(&many, "woord%d, , w, i\n", i)
	}
	for name, c := range map[string]struct{ file, says string }{
		"three fields":       {good + `"a", "", "b"`, "line 2: it has 3 fields"},
		"semicolons":         {`"a";"";"b";"c"`, "line 1"},
		"no terms":           {good + `" | ", "", "b", "c"`, "line 2: it has no terms"},
		"no why":             {good + `"aap", "", " ", "c"`, "line 2: it does not say why"},
		"nothing instead":    {good + `"aap", "", "b", ""`, "line 2: it has nothing to write instead"},
		"twice":              {good + "\n" + good, `line 3: "woord" is in line 1 already`},
		"star within":        {good + `"da*der", "", "b", "c"`, `line 2: "da*der"`},
		"star alone":         {good + `"*", "", "b", "c"`, "line 2"},
		"a short stem":       {good + `"da*", "", "b", "c"`, "line 2"},
		"a sign":             {good + `"niet-westers", "", "b", "c"`, "line 2"},
		"bad except":         {good + `"aap", "n*t", "b", "c"`, `line 2: "n*t"`},
		"an open quote":      {good + `"aap, "", "b", "c"`, "line 2"},
		"a long why":         {good + `"aap", "", "` + strings.Repeat("e", 301) + `", "c"`, "line 2: why takes 300"},
		"a long term":        {good + `"` + strings.Repeat("e", 81) + `", "", "b", "c"`, "line 2: a term takes 80"},
		"not UTF-8":          {"\xff", "UTF-8"},
		"far too long":       {strings.Repeat("#\n", mostBytes), "bytes"},
		"more than it takes": {many.String(), "line 401: there may be 400"},
	} {
		if _, err := Parse([]byte(c.file)); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
