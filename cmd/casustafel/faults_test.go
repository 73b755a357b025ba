package main

import (
	"testing"

	"github.com/casustafel/casustafel/internal/seeded"
)

// A server with one seeded fault in a layer that is not pure: the test of the
// promise that it breaks must notice. The faults of internal/view and
// internal/board are seeded there.
func TestSeededFaultsOfTheServerAreCaught(t *testing.T) {
	var list []seeded.Fault
	for _, m := range []struct{ fault, pkg, test, file, from, to string }{
		{"presence names hidden cards", ".", "TestNobodyLooksAtWhatTheyDoNotSee",
			"../../internal/room/here.go", "sees && seat.KnownToSee(p.User, p.Card) &&", "sees &&"},
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
		{"a look without a record", "../../internal/app", "TestNoRecordNoData",
			"../../internal/app/enter.go", "return a.beginStay(ctx, tx, record)", "return nil"},
		{"a list without a record", "../../internal/app", "TestNoRecordNoData",
			"../../internal/app/my_cases.go", `return tx.Record(ctx, a.newRecord(a.onPage(ctx, user), "list_cases", audit.Read, audit.Done))`, "return nil"},
		{"a refusal without a record", "../../internal/app", "TestNoRecordNoData",
			"../../internal/app/batch.go", "b.record(r, reader, audit.Refused, decision, answer.Rule, refusal)", "_ = refusal"},
		{"a refusal on a page without a record", "../../internal/web", "TestNoDoorOpensWithoutARecord/whatever_the_answer",
			"../../internal/app/team_rules.go", `return a.fault("record a refusal", err)`, "return refusal"},
		{"let in before the record is committed", ".", "TestNoFrameWithoutARecord",
			"../../internal/app/enter.go", "}\n\t\treturn view.Entry{}, a.fault(\"enter a case\", err)", "}\n\t\treturn entry, refusal"},
		{"told before the record is committed", "../../internal/room", "TestPersonsThatComeAreOnTheRecord",
			"../../internal/room/observe.go", "v.client.close(closeFor(err))", "_ = closeFor(err)"},
		{"whom a card is asked of shares the view of a role", "../../internal/room", "TestAudience",
			"../../internal/view/sight.go", " || c.AskedOf(r.User)) && seesCard", ") && seesCard"},
		{"a draft that is asked of nobody is asked of a whole role", "../../internal/room", "TestAudience",
			"../../internal/casework/text.go", `c.For != "" && c.For == user`, "c.For == user"},
		{"a locked session is as good as an open one", "../../internal/web", "TestLockedSessionGetsNothing",
			"../../internal/app/sessions.go", "return session, ErrLocked", "return session, nil"},
		{"the log tells paths", "../../internal/web", "TestLogsTellNothing",
			"../../internal/web/observe.go", `slog.String("route", r.Pattern)`, `slog.String("route", r.URL.Path)`},
	} {
		fault := seeded.One(m.fault, m.test, m.file, m.from, m.to)
		if fault.Package = m.pkg; m.pkg == "." {
			fault.Args = []string{"-secret-histories", "40"}
		}
		list = append(list, fault)
	}
	seeded.Caught(t, list)
}
