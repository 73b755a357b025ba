package board

import (
	"slices"

	"github.com/casustafel/casustafel/internal/casework"
)

type (
	// DraftCard makes a card that only its author sees.
	DraftCard struct {
		Column casework.ColumnID `json:"column"`
		Title  string            `json:"title"`
		Text   string            `json:"text"`
		Person casework.PersonID `json:"person"` // empty: professional
		Class  casework.Class    `json:"class"`
		Named  []casework.UserID `json:"named"`
		Labels
	}
	// Labels are what a card says of itself.
	Labels struct {
		Kind   casework.Kind   `json:"kind"`
		Domain casework.Domain `json:"domain"`
		Seen   casework.Seen   `json:"seen"`
	}
	// TableCard puts a draft on the table.
	TableCard struct {
		Card casework.CardID `json:"card"`
	}
)

// Target implements Command.
func (*DraftCard) Target() (string, string)   { return "card", "" }
func (c *TableCard) Target() (string, string) { return "card", string(c.Card) }

// Decide implements Command.
func (c *DraftCard) Decide(seat Seat, env Env) (Decision, error) {
	drafted, err := c.draft(seat, env, mayWrite(seat, c.Kind, c.Person, c.Class))
	if err != nil {
		return Decision{}, err
	}
	return Decision{Made: string(drafted.Card), Changes: []casework.Change{drafted}}, nil
}

// draft makes the card, or says what is wrong with it; denied is why the actor
// may not write it, asked last.
func (c *DraftCard) draft(seat Seat, env Env, denied error) (*casework.CardDrafted, error) {
	if err := c.check(seat); err != nil {
		return nil, err
	}
	if denied != nil {
		return nil, denied
	}
	heading, err := title(c.Title)
	if err != nil {
		return nil, err
	}
	note, err := body(c.Text)
	if err != nil {
		return nil, err
	}
	if seat.Cards() >= MaxCards {
		return nil, casework.Refuse(casework.TooMany, "limit_cards")
	}
	return &casework.CardDrafted{Card: casework.NewID[casework.CardID](env.Random), Column: c.Column,
		Title: text(heading, env), Text: text(note, env), Perspective: c.Person, Class: c.Class, Named: orNone(c.Named),
		Labels: casework.Labels(c.Labels), Author: seat.Author()}, nil
}

func (c *DraftCard) check(seat Seat) error {
	if _, err := existing(seat, c.Column); err != nil {
		return err
	}
	if err := speaksFor(seat, c.Person); err != nil {
		return err
	}
	if err := c.Labels.check(); err != nil {
		return err
	}
	return checkClass(seat, c.Class, c.Named, seat.Author())
}

// Decide implements Command.
func (c *TableCard) Decide(seat Seat, _ Env) (Decision, error) {
	// Whatever the kind of the card, its writer tables it after the answer only.
	card, _, err := answered(seat, c.Card, casework.ActVoice)
	if err != nil {
		return Decision{}, err
	}
	if err := mayWrite(seat, card.Kind, card.Perspective, card.Class); err != nil {
		return Decision{}, err
	}
	switch {
	case !card.Draft():
		return Decision{}, casework.Refuse(casework.Conflict, "already_tabled")
	case card.Archived:
		return Decision{}, casework.Refuse(casework.Conflict, "already_archived")
	}
	if err := speaksFor(seat, card.Perspective); err != nil {
		return Decision{}, err
	}
	return one(&casework.CardTabled{Card: c.Card})
}

// speaksFor checks that a card can speak for the person.
func speaksFor(seat Seat, id casework.PersonID) error {
	if id == "" {
		return nil
	}
	if p, ok := seat.Person(id); !ok || p.Removed {
		return casework.Refuse(casework.NotFound, "person_gone")
	}
	return nil
}

func (l Labels) check() error {
	switch {
	case !slices.Contains(casework.Kinds, l.Kind):
		return casework.Refuse(casework.Invalid, "bad_kind")
	case l.Domain != "" && !slices.Contains(casework.Domains, l.Domain):
		return casework.Refuse(casework.Invalid, "bad_domain")
	case l.Seen != "" && !slices.Contains(casework.SeenWhere, l.Seen):
		return casework.Refuse(casework.Invalid, "bad_seen")
	}
	return nil
}

// orNone makes an empty list the same as none: the log does not tell them apart,
// so a case in memory must not either.
func orNone(named []casework.UserID) []casework.UserID {
	if len(named) == 0 {
		return nil
	}
	return named
}

// checkClass checks that class and named readers go together: readers are named
// for class named only, each is at the table, none is the author.
func checkClass(seat Seat, class casework.Class, named []casework.UserID, author casework.Author) error {
	if !slices.Contains(casework.Classes, class) {
		return casework.Refuse(casework.Invalid, "bad_class")
	}
	if class != casework.Named {
		if len(named) > 0 {
			return casework.Refuse(casework.Invalid, "bad_named")
		}
		return nil
	}
	if len(named) == 0 {
		return casework.Refuse(casework.Invalid, "named_empty")
	}
	for i, user := range named {
		if user == author.User || !seat.Member(user) || slices.Contains(named[:i], user) {
			return casework.Refuse(casework.Invalid, "bad_named")
		}
	}
	return nil
}
