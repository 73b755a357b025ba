package casework_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/casustafel/casustafel/internal/casework"
)

// A practice case stays one, from its log and from a snapshot; a case of before
// there were any is none.
func TestPracticeStays(t *testing.T) {
	for data, want := range map[string]bool{`{"name":{"id":"N"},"practice":true}`: true, `{"name":{"id":"N"}}`: false} {
		change, err := casework.DecodeChange("case_opened", []byte(data))
		if err != nil {
			t.Fatal(err)
		}
		state, err := casework.NewState("C").Apply(casework.Event{Seq: 1, At: time.Now(), Change: change},
			casework.Event{Seq: 2, At: time.Now(), Change: &casework.CaseClosed{}})
		if err != nil {
			t.Fatal(err)
		}
		raw, err := json.Marshal(state)
		if err != nil {
			t.Fatal(err)
		}
		kept := casework.NewState("C")
		if err := json.Unmarshal(raw, kept); err != nil || state.Practice != want || kept.Practice != want {
			t.Errorf("%s: %v, from a snapshot %v, %v", data, state.Practice, kept.Practice, err)
		}
		if written, err := json.Marshal(change); err != nil || string(written) != data {
			t.Errorf("%s is written as %s, %v", data, written, err)
		}
	}
}
