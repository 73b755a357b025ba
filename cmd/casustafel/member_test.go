package main

import (
	"crypto/rand"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/audit"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/identity"
	"github.com/casustafel/casustafel/internal/view"
)

// The operator seats and unseats; a board that is open hears of it as of any
// change of rights.
func TestMember(t *testing.T) {
	t.Parallel()
	s := newSetup(t)
	user := func(login, discipline string) casework.UserID {
		return casework.UserID(strings.TrimSpace(strings.TrimPrefix(s.done(t, words+"\n",
			s.add("--name="+login, "--discipline="+discipline, "--organisation=De Linde", login+"@linde.example")...), "added ")))
	}
	hanneke, iris := user("hanneke", "chair"), user("iris", "child_worker")
	a := s.app(t)
	id, err := a.OpenCase(t.Context(), app.Session{Account: identity.Account{ID: hanneke, Discipline: casework.Chair}},
		casework.NewID[casework.CommandID](rand.Reader), "Zilverlinde", app.Templates[0])
	if err != nil {
		t.Fatal(err)
	}
	fenna := a.Do(t.Context(), audit.Actor{User: hanneke}, id, casework.NewID[casework.CommandID](rand.Reader), "add_person",
		[]byte(`{"name":"Fenna","kind":"child","class":"shared"}`))
	if fenna.Refusal != nil {
		t.Fatal(fenna.Refusal)
	}
	member := func(verb string, more ...string) []string {
		return append([]string{"member", verb, "--database-url=" + s.url, "--master-key-file=" + s.key}, more...)
	}
	const login, nobody = "iris@linde.example", "AAAAAAAAAAAAAAAA"
	for _, c := range []struct {
		args   []string
		reason string
	}{
		{member("add", string(id), login, "--role=boss"), "bad_role"},
		{member("add", string(id), login, "--role=admin"), "bad_role"},
		{member("add", string(id), "nobody@linde.example", "--role=child_worker"), "not_found"},
		{member("add", nobody, login, "--role=child_worker"), "not_found"},
		{member("add", "no case", login, "--role=child_worker"), "not_found"},
		{member("add", string(id), login, "--role=child_worker", "--beside="+fenna.Made+","+nobody), "person_gone"},
		{member("add", string(id), login, "--role=child_worker", "--until=2020-01-01"), "until_past"},
		{member("add", string(id), login, "--role=child_worker", "--until=morgen"), "bad_until"},
		{member("end", string(id), login), "not_found"},
		{member("end", nobody, login), "not_found"},
	} {
		s.refused(t, "", c.args, c.reason)
	}
	if list, err := a.MyCases(t.Context(), iris); err != nil || len(list) != 0 {
		t.Errorf("what was refused seated her: %v, %v", list, err)
	}
	s.done(t, "", member("add", string(id), login, "--role=ambulant_worker")...)
	s.done(t, "", member("add", string(id), login, "--role=child_worker", "--beside="+fenna.Made, "--contact", "--until="+time.Now().AddDate(0, 0, 3).Format(time.DateOnly))...)
	access, err := a.Access(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	reader, ok := access.Reader(iris, time.Now())
	if !ok || reader.Role != casework.ChildWorker || !slices.Equal(reader.Beside, []casework.PersonID{casework.PersonID(fenna.Made)}) || !reader.Contact ||
		time.Until(reader.Until) < 71*time.Hour || time.Until(reader.Until) > 97*time.Hour {
		t.Errorf("seated as %+v", reader.Member)
	}
	s.done(t, "", member("end", string(id), login)...)
	if _, err := a.Enter(t.Context(), audit.Actor{User: iris}, id, view.Eyes{}, nil); casework.KindOf(err) != casework.NotFound {
		t.Errorf("after the end: %v", err)
	}
	s.refused(t, "", member("end", string(id), login), "not_found")
	db := sqlx.MustConnect("postgres", server.DSN(s.database))
	defer db.Close()
	var records string
	if err := db.Get(&records, `SELECT string_agg(concat_ws(' ', event, access_point, object), ', ' ORDER BY at) FROM record WHERE object_kind = 'member'`); err != nil ||
		records != strings.Repeat("member command-line/command line "+string(iris)+", ", 2)+"member_ended command-line/command line "+string(iris) {
		t.Errorf("records: %s, %v", records, err)
	}
}
