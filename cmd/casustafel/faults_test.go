package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// A server with one seeded fault in a layer that is not pure: the test of the
// promise that it breaks must notice. The faults of internal/view and
// internal/board are seeded there.
func TestSeededFaultsOfTheServerAreCaught(t *testing.T) {
	for _, m := range []struct{ fault, pkg, test, file, from, to string }{
		{"presence names hidden cards", ".", "TestNobodyLooksAtWhatTheyDoNotSee",
			"../../internal/room/here.go", "sees && r.mayLook(p) &&", "sees &&"},
		{"a note that points to what was hidden meanwhile goes out", "../../internal/room", "TestWhatWasHiddenMeanwhileIsNotPointedTo",
			"../../internal/room/question.go", "return within(cards, mayCards) && within(users, mayUsers)", "return len(mayCards) > 0 && within(users, mayUsers)"},
		{"carets are told to who may not read the note", "../../internal/room", "TestCaretsAreToldToWhoMayReadTheNote",
			"../../internal/room/carets.go", "return !sees[p.Card]", "return false"},
		{"who may only read a note is shown to write there", "../../internal/room", "TestCaretsAreToldToWhoMayReadTheNote",
			"../../internal/room/carets.go", "if !board.MayWriteOn(seat, p.Card) {", "if _, sees := seat.Card(p.Card); !sees || board.MayWriteOn(seat, \"\") {"},
		{"any version of any card is told", ".", "TestVersionsAreThoseOfOnesOwnHistory",
			"../../internal/app/history.go", "if !view.TellsOf(lines, version) {", "if version == \"\" || len(lines) == 0 {"},
		{"carets that wait go on after the right went", "../../internal/room", "TestCaretsEndWithTheRight",
			"../../internal/room/carets.go", "if c.takeBackCarets() {", "if false {"},
		{"what was written while somebody was away from the team is told", "../../internal/room", "TestWayBackPastWriting",
			"../../internal/room/hello.go", " || turn < r.moved[c.visitor.User]", ""},
		{"the log quotes commands", ".", "TestNothingHiddenIsTold",
			"../../internal/room/do.go", "	c.keepAlive(ctx)\n", "	c.keepAlive(ctx)\n	c.hub.Log.Info(string(m.With))\n"},
		{"texts lie unsealed beside their object", ".", "TestStolenDatabaseShowsNoContent",
			"../../internal/store/events.go", "Object: casework.ObjectOf(e.Change), Sealed: sealed", "Object: t.Body, Sealed: sealed"},
		{"steps of one batch outlive their erasure", "../../internal/store", "TestErasingWriting",
			"../../internal/store/notes.go", "step.Sealed = []byte{}", "_ = step"},
		{"late writing comes before what was there", "../../internal/app", "TestLateWritersInOneBatch",
			"../../internal/board/write.go", "changes.Map(step.Changes, false)", "changes.Map(step.Changes, true)"},
		{"late writing goes on from before an erasure", "../../internal/app", "TestLateAfterErasureInOneBatch",
			"../../internal/app/late.go", "delete(b.late, store.NoteKey{Case: id, Card: c.Card})", "_ = c"},
		{"records quote commands", ".", "TestStolenDatabaseShowsNoContent",
			"../../internal/app/batch.go", `map[string]string{"command": r.name}`, `map[string]string{"command": fmt.Sprint(r.command)}`},
		{"whom a card is asked of shares the view of a role", "../../internal/room", "TestAudience",
			"../../internal/view/sight.go", " || c.AskedOf(r.User)) && seesCard", ") && seesCard"},
		{"a draft that is asked of nobody is asked of a whole role", "../../internal/room", "TestAudience",
			"../../internal/casework/text.go", `c.For != "" && c.For == user`, "c.For == user"},
		{"a locked session is as good as an open one", "../../internal/web", "TestLockedSessionGetsNothing",
			"../../internal/app/sessions.go", "return session, ErrLocked", "return session, nil"},
		{"the log tells paths", "../../internal/web", "TestLogsTellNothing",
			"../../internal/web/observe.go", `slog.String("route", r.Pattern)`, `slog.String("route", r.URL.Path)`},
	} {
		t.Run(m.fault, func(t *testing.T) {
			t.Parallel()
			args := []string{"test", "-vet=off", "-count=1", "-overlay", seeded(t, m.file, m.from, m.to), "-run", "^" + m.test + "$", m.pkg}
			if m.pkg == "." {
				args = append(args, "-secret-histories", "40")
			}
			out, err := exec.Command("go", args...).CombinedOutput()
			if err == nil {
				t.Fatalf("%s lets it pass:\n%s", m.test, out)
			}
			if !strings.Contains(string(out), "--- FAIL: "+m.test) {
				t.Fatalf("the faulty server does not run:\n%s", out)
			}
		})
	}
}

// seeded writes the file with the fault and what puts it in place.
func seeded(t *testing.T, file, from, to string) string {
	t.Helper()
	source, err := filepath.Abs(file)
	if err != nil {
		t.Fatal(err)
	}
	body, err := os.ReadFile(source)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Count(string(body), from) != 1 {
		t.Fatalf("%s holds %q not once: the fault must follow the source", file, from)
	}
	dir := t.TempDir()
	faulty := filepath.Join(dir, filepath.Base(file))
	overlay, err := json.Marshal(map[string]any{"Replace": map[string]string{source: faulty}})
	if err != nil {
		t.Fatal(err)
	}
	for path, content := range map[string]string{faulty: strings.Replace(string(body), from, to, 1), filepath.Join(dir, "overlay.json"): string(overlay)} {
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return filepath.Join(dir, "overlay.json")
}
