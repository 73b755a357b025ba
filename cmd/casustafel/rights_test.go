package main

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/casetest"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/liveclient"
	"github.com/casustafel/casustafel/internal/store"
)

const (
	interleavings = 1000
	victims       = 20 // at a time, each with an account of its own
	ofGiven       = 6  // of so many rounds one is about a lend or a bar
)

// Whatever right is taken from somebody who watches on one node while others
// write on the other: from that commit on nothing later reaches the person, be
// the nudges between the nodes heard or not. Checked by the epochs of the log
// against the frames that came.
func TestWithdrawnRightsUnderTraffic(t *testing.T) {
	tb, a := newTable(t)
	r := &withdrawals{table: tb, a: a, b: tb.node("second"), db: sqlx.MustOpen("postgres", server.DSN(tb.database))}
	t.Cleanup(func() { r.db.Close() }) //nolint:errcheck // nothing to save
	t.Logf("-seed %d", *seed)
	r.prepareCards()
	stop, writing := make(chan struct{}), sync.WaitGroup{}
	for _, card := range r.cards {
		writing.Go(func() { r.keepWriting(card, stop) })
	}
	var rounds sync.WaitGroup
	for i := range victims {
		v := r.victim(i)
		rounds.Go(func() {
			for i := range interleavings / victims {
				if i%ofGiven == 0 {
					r.roundOfGiven(v, pickKey(v.Rand, given))
					continue
				}
				r.round(v)
			}
		})
	}
	rounds.Wait()
	close(stop)
	writing.Wait()
	r.check(interleavings)
}

type withdrawals struct {
	*table
	a, b  *node
	db    *sqlx.DB
	cards []watched

	rights sync.Mutex // one change of rights at a time, so that its epoch can be read after it

	mu   sync.Mutex
	seen []stay
}

// watched is a card that is written on without end, by somebody of its own.
type watched struct {
	id     casework.CardID
	class  casework.Class
	writer *watcher
}

// stay is one connection of a victim: what came, and from which epoch on what
// was withdrawn.
type stay struct {
	how    string
	from   int64            // the epoch of the withdrawal
	until  time.Time        // when the place ended by itself; zero: it did not
	hidden []casework.Class // of cards that may not come from then on
	came   map[string]bool  // every id in its frames
	code   int
}

func (r *withdrawals) prepareCards() {
	iris := r.watch(r.a, "Iris")
	for _, class := range []casework.Class{casework.Shared, casework.Safety, casework.Confidential} {
		card := iris.must(r.t, "draft_card", map[string]any{"column": iris.sees().Columns[0].ID, "title": "begin", "class": class, "kind": "fact",
			"person": r.person(iris, "Fenna")})
		iris.must(r.t, "table_card", map[string]any{"card": card})
		r.cards = append(r.cards, watched{casework.CardID(card), class, r.watch(r.a, "Iris")})
	}
}

func (tb *table) person(w *watcher, name string) casework.PersonID {
	for _, p := range w.sees().Family {
		if p.Name == name {
			return p.ID
		}
	}
	tb.t.Fatal("no person ", name)
	return ""
}

func (r *withdrawals) keepWriting(card watched, stop <-chan struct{}) {
	for n := 0; ; n++ {
		select {
		case <-stop:
			return
		default:
		}
		title := card.writer.sees().Cards[card.id].Title
		if m, ok := card.writer.ask(r.t.Context(), "retitle_card", map[string]any{"card": card.id, "title": fmt.Sprint("titel ", n), "base": title.Base}); !ok || !m.OK {
			r.t.Errorf("write on: %s", m.Raw)
			return
		}
	}
}

// victim is somebody whose rights come and go.
type victim struct {
	*rand.Rand
	user    casework.UserID
	browser *liveclient.Browser
	beside  []casework.PersonID
	seated  bool // still a member
}

func (r *withdrawals) victim(i int) *victim {
	name := fmt.Sprint("Gast", i)
	id, err := r.a.app.AddUser(r.t.Context(), app.NewUser{Login: strings.ToLower(name) + "@demo.example", Name: name, Discipline: casework.ChildWorker,
		Organisation: fmt.Sprint("Organisatie ", i), Demo: true})
	if err != nil {
		r.t.Fatal(err)
	}
	r.mu.Lock()
	r.users[name] = id
	r.mu.Unlock()
	return &victim{Rand: rand.New(rand.NewPCG(*seed, uint64(i))), user: id, browser: r.browser(r.b, name),
		beside: []casework.PersonID{r.person(r.cards[0].writer, "Fenna")}}
}

// ways to take a right away: what may not come from then on, and the code with
// which the connection ends, 0 when it stays.
var ways = []struct {
	name   string
	hidden []casework.Class
	code   int
}{
	{"ended", []casework.Class{casework.Shared, casework.Safety, casework.Confidential}, 4101},
	{"expired", []casework.Class{casework.Shared, casework.Safety, casework.Confidential}, 4101},
	{"role", []casework.Class{casework.Safety, casework.Confidential}, 0},
	{"beside", []casework.Class{casework.Confidential}, 0},
	{"deactivated", []casework.Class{casework.Shared, casework.Safety, casework.Confidential}, -1},
	{"signed out", []casework.Class{casework.Shared, casework.Safety, casework.Confidential}, 4100},
}

// round lets the victim sit down, and takes a right away at some moment.
func (r *withdrawals) round(v *victim) {
	m := casework.Member{User: v.user, Role: casework.ChildWorker, Beside: v.beside, From: time.Now().Add(-time.Hour)}
	if !v.seated && !r.put(m) {
		return
	}
	w, err := r.join(v.browser, "victim", r.id, nil)
	if err != nil {
		r.t.Errorf("a member sits down: %v", err)
		return
	}
	defer w.leave()
	ctx, cancel := context.WithTimeout(r.t.Context(), time.Minute)
	defer cancel()
	frames := 1 + v.IntN(6)
	w.await(ctx, func() bool { return len(w.frames) >= frames || w.err != nil })
	if v.IntN(3) == 0 {
		r.loseListeners()
	}
	way := ways[v.IntN(len(ways))]
	from, until, ok := r.withdraw(v, m, way.name)
	if !ok {
		return
	}
	v.seated = way.code != 4101 && way.code != 0 // the session ended, not the place at the table
	s := stay{how: way.name, from: from, until: until, hidden: way.hidden}
	if way.code != 0 {
		w.await(ctx, func() bool { return w.err != nil })
	} else { // it stays: wait for enough of what it still may read
		w.await(ctx, func() bool {
			told := slices.IndexFunc(w.frames, func(f []byte) bool { return strings.HasPrefix(string(f), `{"t":"me"`) })
			return told >= 0 && len(w.frames) >= told+5 || w.err != nil
		})
	}
	r.stayed(w, s, way.code)
	if v.seated {
		if err := r.readmit(ctx, v); err != nil {
			r.t.Error("sign in again:", err)
		}
	}
}

// stayed keeps what came on a connection, which has to have ended with the code: 0 when
// it stays, -1 for either of two.
func (r *withdrawals) stayed(w *watcher, s stay, code int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	s.came, s.code = map[string]bool{}, liveclient.CloseCode(w.err)
	for _, f := range w.frames {
		for _, id := range casetest.IDsIn(f) {
			s.came[id] = true
		}
	}
	if right := s.code == code || code == -1 && (s.code == 4100 || s.code == 4101); !right {
		r.t.Errorf("%s: the connection ended with %d (%v)", s.how, s.code, w.err)
	}
	r.mu.Lock()
	r.seen = append(r.seen, s)
	r.mu.Unlock()
}

// pickKey picks one of the keys.
func pickKey[V any](random *rand.Rand, of map[string]V) string {
	keys := slices.Sorted(maps.Keys(of))
	return keys[random.IntN(len(keys))]
}

func (r *withdrawals) put(m casework.Member) bool {
	r.rights.Lock()
	defer r.rights.Unlock()
	if err := r.a.app.SetMember(r.t.Context(), chair, r.id, store.Membership{Member: m, Ground: "test"}); err != nil {
		r.t.Error(err)
		return false
	}
	return true
}

// withdraw takes a right away through the other node and gives the epoch from
// which on it is gone; of a place that ends by itself also the moment.
func (r *withdrawals) withdraw(v *victim, m casework.Member, how string) (from int64, until time.Time, ok bool) {
	r.rights.Lock()
	defer r.rights.Unlock()
	ctx := r.t.Context()
	var err error
	switch how {
	case "ended":
		err = r.a.app.EndMember(ctx, chair, r.id, v.user)
	case "expired":
		until = time.Now().Add(time.Duration(20+v.IntN(60)) * time.Millisecond).Truncate(time.Microsecond)
		m.Until = until
		err = r.a.app.SetMember(ctx, chair, r.id, store.Membership{Member: m, Ground: "test"})
	case "role":
		m.Role = casework.PerpetratorSupport
		err = r.a.app.SetMember(ctx, chair, r.id, store.Membership{Member: m, Ground: "test"})
	case "beside":
		m.Beside = nil
		err = r.a.app.SetMember(ctx, chair, r.id, store.Membership{Member: m, Ground: "test"})
	case "deactivated":
		err = r.a.app.Deactivate(ctx, v.user)
	case "signed out":
		err = r.a.app.SignOut(ctx, tokenIn(r.t, v.browser))
	}
	if err == nil {
		err = r.db.GetContext(ctx, &from, `SELECT epoch FROM access_epoch`)
	}
	if err != nil {
		r.t.Error(how, err)
	}
	return from, until, err == nil
}

// readmit lets the person sign in again, for the next round.
func (r *withdrawals) readmit(ctx context.Context, v *victim) error {
	r.rights.Lock()
	_, err := r.db.ExecContext(ctx, `WITH back AS (UPDATE account SET active = true WHERE id = $1 AND NOT active RETURNING id)
		SELECT bump_access() FROM back`, v.user)
	r.rights.Unlock()
	if err != nil {
		return err
	}
	link, err := r.a.app.NewSignInLink(ctx, v.user)
	if err != nil {
		return err
	}
	v.browser, err = liveclient.SignIn(ctx, r.b.origins[0], link)
	return err
}

// tokenIn is the session token that a browser keeps.
func tokenIn(t testing.TB, b *liveclient.Browser) string {
	base, err := url.Parse(b.Base)
	if err != nil {
		t.Error(err)
		return ""
	}
	return b.HTTP.Jar.Cookies(base)[0].Value
}

// loseListeners ends the connections on which the nodes hear of each other.
func (r *withdrawals) loseListeners() {
	if _, err := r.db.Exec(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query ILIKE 'listen %'`); err != nil {
		r.t.Error(err)
	}
}

// check compares every stay with the log; there have to be this many, and not in vain.
func (r *withdrawals) check(stays int) {
	classes := map[casework.CardID]casework.Class{}
	for _, c := range r.cards {
		classes[c.id] = c.class
	}
	var titles []struct {
		Card  casework.CardID `db:"card"`
		Title string          `db:"title"`
		Epoch int64           `db:"epoch"`
		At    time.Time       `db:"at"`
	}
	err := r.db.Select(&titles, `SELECT data->>'card' AS card, data->'title'->>'id' AS title, epoch, at FROM event WHERE case_id = $1 AND type = 'card_retitled'`, r.id)
	if err != nil {
		r.t.Fatal(err)
	}
	count, kept := map[string]int{}, 0
	for _, s := range r.seen {
		count[s.how]++
		for _, title := range titles {
			gone := title.Epoch >= s.from && !title.At.Before(s.until)
			late := gone && slices.Contains(s.hidden, classes[title.Card])
			if late && s.came[title.Title] {
				r.t.Errorf("%s at epoch %d: a %s title of epoch %d came all the same", s.how, s.from, classes[title.Card], title.Epoch)
			}
			if !late && s.came[title.Title] {
				kept++
			}
		}
	}
	r.t.Logf("%v, %d titles written, %d seen by right", count, len(titles), kept)
	if len(r.seen) != stays || kept < stays {
		r.t.Errorf("%d stays, in which %d titles were seen by right", len(r.seen), kept)
	}
}
