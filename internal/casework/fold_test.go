package casework_test

import (
	"encoding/json"
	"errors"
	"flag"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/casustafel/casustafel/internal/casetest"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/note"
	"github.com/casustafel/casustafel/internal/policy"
	"github.com/casustafel/casustafel/policies"
)

var corpus = flag.String("corpus", "", "write a new testdata/corpus/NAME.json that holds every type of event that no corpus holds yet")

var parsed = sync.OnceValues(func() (*policy.Policy, error) { return policy.Parse(policies.Model, policies.Lines) })

func shipped(t testing.TB) *policy.Policy {
	t.Helper()
	p, err := parsed()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestAnewIsTheSame folds histories from the events as the log keeps them, and
// from a snapshot and the events after it: both give the state that the
// commands made.
func TestAnewIsTheSame(t *testing.T) {
	start := casetest.NewTable(shipped(t))
	for seed := range uint64(60) {
		table, events := start, []casework.Event{opening(start)}
		for _, s := range casetest.History(seed, 60, start) {
			next, out := table.Do(s)
			table, events = next, append(events, out.Events...)
		}
		log := toLog(t, events)
		want := wholeOf(t, table.State)
		if got := wholeOf(t, fold(t, casetest.Case, fromLog(t, log))); got != want {
			t.Fatalf("seed %d: from the log\n got  %s\n want %s", seed, got, want)
		}
		for _, at := range []int{1, len(log) / 2, len(log)} {
			if got := wholeOf(t, fromSnapshot(t, log, at)); got != want {
				t.Fatalf("seed %d: from a snapshot after %d\n got  %s\n want %s", seed, at, got, want)
			}
		}
	}
}

// opening is the event that began the table.
func opening(start casetest.Table) casework.Event {
	return casework.Event{Seq: 1, Actor: casetest.Cast()[0].User, At: casetest.Start, Change: &casework.CaseOpened{Name: start.State.Name}}
}

// fromSnapshot loads a case as a node does: the structure of a snapshot, the
// structure of the events after it, and then every text that is still kept.
func fromSnapshot(t testing.TB, log []logged, at int) *casework.State {
	t.Helper()
	events := fromLog(t, log)
	bodies := map[casework.TextID]string{}
	whole := fold(t, casetest.Case, events)
	raw, err := json.Marshal(fold(t, casetest.Case, events[:at]))
	if err != nil {
		t.Fatal(err)
	}
	events = withoutSteps(t, events, at)
	for _, e := range events {
		for _, x := range e.Change.Texts() {
			if !x.Redacted {
				bodies[x.ID] = x.Body
			}
			*x = casework.Text{ID: x.ID}
		}
	}
	s := casework.NewState(casetest.Case)
	if err := json.Unmarshal(raw, s); err != nil {
		t.Fatal(err)
	}
	if s, err = s.Apply(events[at:]...); err != nil {
		t.Fatal(err)
	}
	for _, c := range whole.Cards {
		if c.Text.ID != "" && !c.Text.Redacted {
			bodies[c.Text.ID] = c.Text.Body
		}
	}
	return s.WithTexts(func(x *casework.Text) { open(bodies, x) })
}

// withoutSteps puts how each note stands at the end in place of its steps after the
// first events; a text is not read step by step.
func withoutSteps(t testing.TB, events []casework.Event, first int) []casework.Event {
	t.Helper()
	kept := slices.Clone(events[:first])
	for i := first; i < len(events); i++ {
		step, ok := events[i].Change.(*casework.NoteWritten)
		if !ok {
			kept = append(kept, events[i])
			continue
		}
		later := slices.ContainsFunc(events[i+1:], func(e casework.Event) bool {
			next, ok := e.Change.(*casework.NoteWritten)
			return ok && next.Card == step.Card
		})
		if !later {
			e := events[i]
			e.Change = &casework.NoteStands{Card: step.Card, Text: step.Text, Writers: fold(t, casetest.Case, events[:i+1]).Cards[step.Card].Writers}
			kept = append(kept, e)
		}
	}
	return kept
}

// TestCorpus folds logs of earlier programs. A corpus is written once and kept
// for ever: a program that reads one otherwise has broken stored cases.
func TestCorpus(t *testing.T) {
	if *corpus != "" {
		writeCorpus(t, *corpus)
	}
	files, err := filepath.Glob("testdata/corpus/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no corpus: %v", err)
	}
	for _, file := range files {
		var log []logged
		read(t, file, &log)
		golden, err := os.ReadFile(file[:len(file)-len(".json")] + ".golden")
		if err != nil {
			t.Fatal(err)
		}
		if got := wholeOf(t, fold(t, casetest.Case, fromLog(t, log))); got != string(golden) {
			t.Errorf("%s folds to another state\n got %s", file, got)
		}
	}
	for typ := range unkept(t, files) {
		t.Errorf("no corpus holds %s: add a corpus with a new name", typ)
	}
}

// unkept are the types of event that no corpus holds.
func unkept(t *testing.T, files []string) map[string]bool {
	t.Helper()
	types := map[string]bool{}
	for _, typ := range casework.ChangeTypes() {
		types[typ] = true
	}
	for _, file := range files {
		var log []logged
		read(t, file, &log)
		for _, l := range log {
			delete(types, l.Type)
		}
	}
	return types
}

func read(t *testing.T, file string, into any) {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, into); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
}

// writeCorpus takes the first of the random histories that holds every type
// that no corpus holds yet. A corpus that is there is never written again.
func writeCorpus(t *testing.T, name string) {
	t.Helper()
	files, err := filepath.Glob("testdata/corpus/*.json")
	if err != nil {
		t.Fatal(err)
	}
	wanted := unkept(t, files)
	if len(wanted) == 0 || slices.Contains(files, "testdata/corpus/"+name+".json") {
		t.Fatalf("nothing to write to %s: %d types are in no corpus", name, len(wanted))
	}
	start := casetest.NewTable(shipped(t))
	for seed := uint64(0); ; seed++ {
		table, events, missing := start, []casework.Event{opening(start)}, maps.Clone(wanted)
		for _, s := range casetest.History(seed, 400, start) {
			next, out := table.Do(s)
			table = next
			for _, e := range out.Events {
				delete(missing, e.Change.Type())
			}
			events = append(events, out.Events...)
			if len(missing) == 0 {
				break
			}
		}
		if len(missing) > 0 {
			continue
		}
		raw, err := json.MarshalIndent(toLog(t, events), "", " ")
		if err != nil {
			t.Fatal(err)
		}
		for ending, body := range map[string]string{".json": string(raw) + "\n", ".golden": wholeOf(t, table.State)} {
			if err := os.WriteFile(filepath.Join("testdata/corpus", name+ending), []byte(body), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		return
	}
}

func TestUnknownEventIsRefused(t *testing.T) {
	for _, typ := range []string{"card_moved/2", "", "CARD_MOVED", "card_moved "} {
		if _, err := casework.DecodeChange(typ, []byte(`{}`)); !errors.Is(err, casework.ErrUnknownChange) {
			t.Errorf("type %q: %v, want that it is unknown", typ, err)
		}
	}
	if _, err := casework.DecodeChange("card_moved", []byte(`{"card":7}`)); err == nil || errors.Is(err, casework.ErrUnknownChange) {
		t.Errorf("a number for an id: %v, want that it cannot be read", err)
	}
}

// TestBrokenLog takes events that no command makes from the states before them.
func TestBrokenLog(t *testing.T) {
	begin := func(changes ...casework.Change) []casework.Change {
		return append([]casework.Change{&casework.CaseOpened{}, &casework.ColumnAdded{Column: "K"}, &casework.PersonAdded{Person: "P"},
			&casework.CardDrafted{Card: "C", Column: "K"}}, changes...)
	}
	for name, changes := range map[string][]casework.Change{
		"not opened":               {&casework.ColumnAdded{Column: "K"}},
		"opened twice":             begin(&casework.CaseOpened{}),
		"column twice":             begin(&casework.ColumnAdded{Column: "K"}),
		"person twice":             begin(&casework.PersonAdded{Person: "P"}),
		"card twice":               begin(&casework.CardDrafted{Card: "C", Column: "K"}),
		"card in no column":        begin(&casework.CardDrafted{Card: "D", Column: "no"}),
		"card of nobody":           begin(&casework.CardDrafted{Card: "D", Column: "K", Perspective: "no"}),
		"card becomes nobody's":    begin(&casework.CardReperspectived{Card: "C", Perspective: "no"}),
		"column into itself":       begin(&casework.ColumnRemoved{Column: "K", To: "K"}),
		"column into none":         begin(&casework.ColumnRemoved{Column: "K", To: "no"}),
		"no column renamed":        begin(&casework.ColumnRenamed{Column: "no"}),
		"no column labelled":       begin(&casework.ColumnLabelled{Column: "no"}),
		"no column moved":          begin(&casework.ColumnMoved{Column: "no"}),
		"no column removed":        begin(&casework.ColumnRemoved{Column: "no", To: "K"}),
		"no person changed":        begin(&casework.PersonChanged{Person: "no"}),
		"no person removed":        begin(&casework.PersonRemoved{Person: "no"}),
		"no person reclassed":      begin(&casework.PersonReclassed{Person: "no"}),
		"consent of nobody":        begin(&casework.ConsentRecorded{Person: "no"}),
		"no consent taken back":    begin(&casework.ConsentRecorded{Person: "P", Sharing: "table", Author: casework.Author{User: "V"}}, &casework.ConsentTakenBack{Person: "P", Sharing: "table"}),
		"custody by nobody":        begin(&casework.CustodyGiven{Custody: casework.Custody{Child: "P", Person: "no"}}),
		"custody of nobody":        begin(&casework.CustodyGiven{Custody: casework.Custody{Child: "no", Person: "P"}}),
		"custody twice":            begin(&casework.CustodyGiven{Custody: casework.Custody{Child: "P", Person: "P"}}, &casework.CustodyGiven{Custody: casework.Custody{Child: "P", Person: "P"}}),
		"no custody taken":         begin(&casework.CustodyTaken{Custody: casework.Custody{Child: "P", Person: "P"}}),
		"no card tabled":           begin(&casework.CardTabled{Card: "no"}),
		"card asked of nobody":     begin(&casework.CardAsked{CardDrafted: casework.CardDrafted{Card: "D", Column: "K"}}),
		"asked card in no column":  begin(&casework.CardAsked{CardDrafted: casework.CardDrafted{Card: "D", Column: "no"}, For: "U"}),
		"no card confirmed":        begin(&casework.CardConfirmed{Card: "no"}),
		"card confirmed unasked":   begin(&casework.CardConfirmed{Card: "C"}),
		"card declined unasked":    begin(&casework.CardDeclined{Card: "C"}),
		"card withdrawn unasked":   begin(&casework.CardWithdrawn{Card: "C"}),
		"no card retitled":         begin(&casework.CardRetitled{Card: "no"}),
		"no card edited":           begin(&casework.CardEdited{Card: "no"}),
		"no card labelled":         begin(&casework.CardLabelled{Card: "no"}),
		"no card moved":            begin(&casework.CardMoved{Card: "no", To: casework.Place{Column: "K"}}),
		"card moved to no column":  begin(&casework.CardMoved{Card: "C", To: casework.Place{Column: "no"}}),
		"no card archived":         begin(&casework.CardArchived{Card: "no"}),
		"no card restored":         begin(&casework.CardRestored{Card: "no"}),
		"no card linked":           begin(&casework.CardLinked{Card: "no", To: "C"}),
		"card linked to none":      begin(&casework.CardLinked{Card: "C", To: "no"}),
		"no card unlinked":         begin(&casework.CardUnlinked{Card: "no", To: "C"}),
		"no card reclassed":        begin(&casework.CardReclassed{Card: "no"}),
		"no card reperspectived":   begin(&casework.CardReperspectived{Card: "no"}),
		"no note begun":            begin(&casework.NoteBegun{Card: "no"}),
		"no note named":            begin(&casework.NoteNamed{Card: "no"}),
		"no card erased":           begin(&casework.TextsErased{Card: "no"}),
		"no person erased":         begin(&casework.TextsErased{Person: "no"}),
		"member attends twice":     begin(&casework.MemberAttends{Member: "U"}, &casework.MemberAttends{Member: "U"}),
		"absent member left":       begin(&casework.MemberLeft{Member: "U"}),
		"guest attends twice":      begin(&casework.GuestAttends{Guest: "G"}, &casework.GuestAttends{Guest: "G"}),
		"no guest left":            begin(&casework.GuestLeft{Guest: "no"}),
		"no guest erased":          begin(&casework.TextsErased{Guest: "no"}),
		"no column erased":         begin(&casework.TextsErased{Column: "no"}),
		"a second after the third": nil,
	} {
		s := casework.NewState("case")
		var err error
		for i, c := range changes {
			if s, err = s.Apply(casework.Event{Seq: int64(i) + 1, Change: c}); err != nil && i < len(changes)-1 {
				t.Fatalf("%s: the beginning does not fold: %v", name, err)
			}
		}
		if changes == nil {
			s = fold(t, "case", events(begin()...)[:3])
			_, err = s.Apply(casework.Event{Seq: 2, Change: &casework.CaseClosed{}})
		}
		if !errors.Is(err, casework.ErrBrokenLog) {
			t.Errorf("%s: %v, want a broken log", name, err)
		}
	}
}

// TestBrokenSteps takes steps that no command makes.
func TestBrokenSteps(t *testing.T) {
	hello, err := note.Decode([]byte(`[[0,"Hallo"]]`))
	if err != nil {
		t.Fatal(err)
	}
	begun := fold(t, "case", events(&casework.CaseOpened{}, &casework.ColumnAdded{Column: "K"}, &casework.CardDrafted{Card: "C", Column: "K"}))
	step := func(seq, ink int64, card casework.CardID) casework.Event {
		return casework.Event{Seq: seq, Ink: ink, Actor: "U", Change: &casework.NoteWritten{Card: card, Text: "T", Changes: hello}}
	}
	for name, steps := range map[string][]casework.Event{
		"in no note":              {step(3, 1, "no")},
		"not the first":           {step(3, 2, "C")},
		"one twice":               {step(3, 1, "C"), step(3, 1, "C")},
		"after an event to come":  {step(4, 1, "C")},
		"before the last event":   {step(2, 1, "C")},
		"of another text":         {step(3, 1, "C"), step(3, 2, "C")},
		"an event as a step":      {{Seq: 3, Ink: 1, Change: &casework.CaseClosed{}}},
		"a step as an event":      {{Seq: 4, Change: &casework.NoteWritten{Card: "C", Text: "T", Changes: hello}}},
		"stands before its steps": {step(3, 1, "C"), {Seq: 3, Ink: 1, Change: &casework.NoteStands{Card: "C"}}},
		"stands for no note":      {{Seq: 3, Ink: 1, Change: &casework.NoteStands{Card: "no"}}},
	} {
		if _, err := begun.Apply(steps...); !errors.Is(err, casework.ErrBrokenLog) {
			t.Errorf("%s: %v, want a broken log", name, err)
		}
	}
	if s, err := begun.Apply(step(3, 1, "C")); err != nil || s.Cards["C"].Text.Body != "Hallo" || s.Head() != 4 {
		t.Errorf("a sound step: %v", err)
	}
}

func events(changes ...casework.Change) []casework.Event {
	var all []casework.Event
	for i, c := range changes {
		all = append(all, casework.Event{Seq: int64(i) + 1, At: casetest.Start.Add(time.Duration(i) * time.Second), Actor: "U", Change: c})
	}
	return all
}

// TestApplyLeavesTheStateBefore: readers hold a state without a lock.
func TestApplyLeavesTheStateBefore(t *testing.T) {
	start := casetest.NewTable(shipped(t))
	for seed := range uint64(10) {
		table := start
		for _, s := range casetest.History(seed, 60, start) {
			before := wholeOf(t, table.State)
			next, _ := table.Do(s)
			if wholeOf(t, table.State) != before {
				t.Fatalf("seed %d: %s changed the state before it", seed, s.Command)
			}
			table = next
		}
	}
}

// FuzzDecodeChange: whatever the log holds, reading and applying it is an error
// or a state, never a panic, and what was read can be written.
func FuzzDecodeChange(f *testing.F) {
	var log []logged
	raw, err := os.ReadFile("testdata/corpus/every_type_1.json")
	if err != nil {
		f.Fatal(err)
	}
	if err := json.Unmarshal(raw, &log); err != nil {
		f.Fatal(err)
	}
	for _, l := range log {
		f.Add(l.Type, []byte(l.Data))
	}
	for _, typ := range casework.ChangeTypes() {
		f.Add(typ, []byte(`null`))
	}
	base := fold(f, casetest.Case, fromLog(f, log))
	f.Fuzz(func(t *testing.T, typ string, data []byte) {
		change, err := casework.DecodeChange(typ, data)
		if err != nil {
			return
		}
		for _, s := range []*casework.State{base, casework.NewState(casetest.Case)} {
			next, err := s.Apply(casework.Event{Seq: s.Seq + 1, Actor: "U", At: casetest.Start, Change: change})
			if err != nil && !errors.Is(err, casework.ErrBrokenLog) {
				t.Fatalf("%v is no broken log", err)
			}
			if err == nil {
				next.WithTexts(func(*casework.Text) {})
			}
		}
		if _, err := json.Marshal(change); err != nil {
			t.Fatal(err)
		}
	})
}
