package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/casustafel/casustafel/internal/app"
	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/internal/pgkeeper"
	"github.com/casustafel/casustafel/internal/policy"
	"github.com/casustafel/casustafel/internal/store"
	"github.com/casustafel/casustafel/policies"
)

// world is what there is in Casustafel's database before it is measured. Every
// round has cases of its own, so that none is slower by what the last one left.
type world struct {
	rounds  []venues
	long    []seat // of a case with a long history
	written []seat // of a case with a note that was changed as often
}

// venues are the seats of one round.
type venues struct {
	paced, max, hot, note []seat
	card                  casework.CardID // whose text is the note
}

// writesAtOnce keeps the committer's batches full while the world is made.
const writesAtOnce = 32

// worldMaker makes it through the same door as everything else.
type worldMaker struct {
	ctx   context.Context
	app   *app.App
	users []user
}

type user struct {
	session app.Session
	token   string
}

// makeWorld makes everything in a private PostgreSQL in dataDir, with fsync as
// in production, and stops it again: what is measured starts it by itself.
func makeWorld(ctx context.Context, dataDir, keyFile string, size size) (w *world, err error) {
	cluster, err := pgkeeper.Start(ctx, pgkeeper.Options{Dir: dataDir, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, stopCluster(cluster)) }()
	if err := store.Migrate(ctx, cluster.DSN(pgkeeper.SuperRole, "postgres")); err != nil {
		return nil, err
	}
	keys, err := store.OpenKeyFile(keyFile)
	if err != nil {
		return nil, err
	}
	s, err := store.Open(ctx, store.Config{Keys: keys, Committer: cluster.DSN("casustafel_committer", "postgres"), Reader: cluster.DSN("casustafel_reader", "postgres")})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	rules, err := policy.Parse(policies.Model, policies.Lines)
	if err != nil {
		return nil, err
	}
	a := app.New(app.Config{Store: s, Policy: rules, Node: "load"})
	defer a.Close()
	if err := a.PublishPolicy(ctx, policies.Model, policies.Lines, app.SourceBuiltin); err != nil {
		return nil, err
	}
	return (&worldMaker{ctx: ctx, app: a}).make(size)
}

func (m *worldMaker) make(size size) (*world, error) {
	if err := m.addUsers(max(size.MaxRooms*size.Clients, size.Rooms*size.Clients, size.HotClients, size.Writers)); err != nil {
		return nil, err
	}
	w := &world{rounds: make([]venues, size.Rounds)}
	for i := range w.rounds {
		var err error
		v := &w.rounds[i]
		if v.paced, err = m.openRooms(size.Rooms, size.Clients); err != nil {
			return nil, err
		}
		if v.max, err = m.openRooms(size.MaxRooms, size.Clients); err != nil {
			return nil, err
		}
		if v.hot, err = m.openRooms(1, size.HotClients); err != nil {
			return nil, err
		}
		if v.note, err = m.openRooms(1, size.Writers); err != nil {
			return nil, err
		}
		if v.card, err = m.addNote(v.note, "Samen."); err != nil {
			return nil, err
		}
	}
	var err error
	if w.long, err = m.openRooms(1, len(roles)); err != nil {
		return nil, err
	}
	if w.written, err = m.openRooms(1, len(roles)); err != nil {
		return nil, err
	}
	return w, errors.Join(m.addHistory(w.long, size.Events), m.addWriting(w.written, size.Events))
}

// addUsers makes accounts that are signed in, as many as ever are connected at
// one time.
func (m *worldMaker) addUsers(n int) error {
	m.users = make([]user, n)
	return inParallel(n, writesAtOnce, func(i int) error {
		added := app.NewUser{Login: fmt.Sprintf("user%04d@load.example", i), Name: fmt.Sprintf("User %04d", i), Discipline: roleAt(i),
			Organisation: "Load (invented)", Demo: true}
		id, err := m.app.AddUser(m.ctx, added)
		if err != nil {
			return fmt.Errorf("add a user: %w", err)
		}
		link, err := m.app.NewSignInLink(m.ctx, id)
		if err != nil {
			return fmt.Errorf("make a link: %w", err)
		}
		if m.users[i].token, err = m.app.SignInByLink(m.ctx, link, "127.0.0.1"); err != nil {
			return fmt.Errorf("sign in: %w", err)
		}
		m.users[i].session, err = m.app.SessionOf(m.ctx, m.users[i].token)
		return err
	})
}

// openRooms opens cases with a family and a member at each place.
func (m *worldMaker) openRooms(rooms, places int) ([]seat, error) {
	seats := make([]seat, rooms*places)
	err := inParallel(rooms, writesAtOnce, func(r int) error {
		return m.openRoom(seats[r*places:(r+1)*places], m.users[r*places:(r+1)*places])
	})
	return seats, err
}

// openRoom opens a case: by the first chair, who is in it by that.
func (m *worldMaker) openRoom(seats []seat, users []user) error {
	const first = 4 // in roles
	chair := users[first].session
	id, err := m.app.OpenCase(m.ctx, chair, casework.NewID[casework.CommandID](rand.Reader), "Zomereik", app.Templates[0])
	if err != nil {
		return fmt.Errorf("open a case: %w", err)
	}
	desk := desk{m.app, id}
	persons := map[casework.View]casework.PersonID{}
	for _, kind := range []casework.View{casework.ViewChild, casework.ViewParent, casework.ViewPartner} {
		made, err := desk.do(m.ctx, chair, "add_person", map[string]any{"kind": kind, "class": casework.Shared, "name": string(kind)})
		if err != nil {
			return err
		}
		persons[kind] = casework.PersonID(made)
	}
	for place, u := range users {
		seats[place] = seat{room: string(id), place: place, role: roleAt(place), session: u.token}
		if place == first {
			continue
		}
		member := casework.Member{User: u.session.Account.ID, Role: roleAt(place), From: time.Now().Add(-time.Minute)}
		if p, ok := persons[about[member.Role]]; ok {
			member.Beside = []casework.PersonID{p}
		}
		if err := m.app.SetMember(m.ctx, desk.actor(chair), id, store.Membership{Ground: "load", Member: member}); err != nil {
			return fmt.Errorf("seat a member: %w", err)
		}
	}
	return nil
}
