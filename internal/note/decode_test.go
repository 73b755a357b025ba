package note_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/casustafel/casustafel/internal/note"
)

func TestWhatIsNotTaken(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]error{
		``:                         note.ErrForm,
		`null`:                     note.ErrForm,
		`{}`:                       note.ErrForm,
		`5`:                        note.ErrForm,
		`"a"`:                      note.ErrForm,
		`["a"]`:                    note.ErrForm,
		`[-1]`:                     note.ErrForm,
		`[-0]`:                     note.ErrForm,
		`[+1]`:                     note.ErrForm,
		`[1.5]`:                    note.ErrForm,
		`[1.0]`:                    note.ErrForm,
		`[1e3]`:                    note.ErrForm,
		`[1E0]`:                    note.ErrForm,
		`[01]`:                     note.ErrForm,
		`[00]`:                     note.ErrForm,
		`[0x1]`:                    note.ErrForm,
		`[true]`:                   note.ErrForm,
		`[null]`:                   note.ErrForm,
		`[NaN]`:                    note.ErrForm,
		`[[]]`:                     note.ErrForm,
		`[["a"]]`:                  note.ErrForm,
		`[[1,2]]`:                  note.ErrForm,
		`[[1,["a"]]]`:              note.ErrForm,
		`[[[1]]]`:                  note.ErrForm,
		`[[1,null]]`:               note.ErrForm,
		`[[-1,"a"]]`:               note.ErrForm,
		`[[1.5,"a"]]`:              note.ErrForm,
		`[1,]`:                     note.ErrForm,
		`[,1]`:                     note.ErrForm,
		`[1 2]`:                    note.ErrForm,
		`[1][2]`:                   note.ErrForm,
		`[1]x`:                     note.ErrForm,
		`[1`:                       note.ErrForm,
		`[[0,"a]]`:                 note.ErrForm,
		`[[0,"\`:                   note.ErrForm,
		`[[0,"\x41"]]`:             note.ErrForm,
		`[[0,"\u12"]]`:             note.ErrForm,
		`[[0,"\u12g4"]]`:           note.ErrForm,
		"[[0,\"a\nb\"]]":           note.ErrForm,
		"[[0,\"\xff\"]]":           note.ErrForm,
		"[[0,\"\xed\xa0\xbd\"]]":   note.ErrForm, // half a pair, as bytes
		`[[0,"\ud83d"]]`:           note.ErrHalfPair,
		`[[0,"\ud83d","\ude00"]]`:  note.ErrHalfPair,
		`[[0,"\ude00\ud83d"]]`:     note.ErrHalfPair,
		`[[0,"\ud83d\ud83d"]]`:     note.ErrHalfPair,
		`[[0,"\ud83dx"]]`:          note.ErrHalfPair,
		`[[0,"\uD83D\n"]]`:         note.ErrHalfPair,
		`[[0,"\uDE00"]]`:           note.ErrHalfPair,
		`[[0,"\ud83d\u0061"]]`:     note.ErrHalfPair,
		`[[0,"a\nb"]]`:             note.ErrLineBreak,
		`[[0,"a\rb"]]`:             note.ErrLineBreak,
		`[[0,"a\u000ab"]]`:         note.ErrLineBreak,
		`[[0,"a\u000Db"]]`:         note.ErrLineBreak,
		`[99999999999999999999]`:   note.ErrTooMuch,
		`[[18446744073709551617]]`: note.ErrTooMuch,
		`[9007199254740993,1]`:     note.ErrTooMuch,
		`[1000000,1000000]`:        note.ErrTooMuch,
		`[` + strings.Repeat(`[0],`, 200_000) + `1]`: note.ErrTooMuch,
		`[[0,"` + strings.Repeat("a", 1<<20) + `"]]`: note.ErrTooMuch,
		strings.Repeat(`[`, 500_000):                 note.ErrForm,
	} {
		c, err := note.Decode([]byte(raw))
		if !errors.Is(err, want) {
			t.Errorf("%.60s: %v, not %v", raw, err, want)
		}
		if encoded(t, c) != `[]` {
			t.Errorf("%.60s leaves %.60s", raw, encoded(t, c))
		}
	}
}

// What is read is written as the editor writes it.
func TestCanonicalForm(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]string{
		`[]`:                               `[]`,
		` [ 1 , [ 2 , "a" , "" ] ] `:       `[1,[2,"a",""]]`,
		`[0]`:                              `[]`,
		`[[0]]`:                            `[]`,
		`[[0,""]]`:                         `[]`,
		`[[2,""]]`:                         `[[2]]`,
		`[1,2,3]`:                          `[6]`,
		`[[1],[2]]`:                        `[[3]]`,
		`[[0,"a"],[0,"b","c"]]`:            `[[0,"ab","c"]]`,
		`[1,0,2]`:                          `[3]`,
		`[[1],[0,"a"]]`:                    `[[1],[0,"a"]]`,
		`[[0,"\ud83d\uDE00\u00e9\"\\\/"]]`: `[[0,"😀é\"\\/"]]`,
		`[[0,"\t\b\f\u0000"]]`:             `[[0,"\t\b\f\u0000"]]`,
		`[[0,"",""]]`:                      `[[0,"",""]]`,
		"[[0,\"\u2028\"]]":                 `[[0,"\u2028"]]`,
	} {
		if got := encoded(t, decoded(t, raw)); got != want {
			t.Errorf("%s becomes %s, not %s", raw, got, want)
		}
	}
}

// It is read as part of a message, too, and from the bytes of it.
func TestWithinAMessage(t *testing.T) {
	t.Parallel()
	var message struct {
		Changes note.Changes `json:"changes"`
	}
	if err := json.Unmarshal([]byte(`{"changes":[3,[0,"\ud83d"]]}`), &message); !errors.Is(err, note.ErrHalfPair) {
		t.Errorf("half a pair in a message: %v", err)
	}
	if err := json.Unmarshal([]byte(`{"changes":[3,[0,"\ud83d\ude00"]]}`), &message); err != nil || message.Changes.After() != 5 {
		t.Errorf("%v %v", message.Changes, err)
	}
}
