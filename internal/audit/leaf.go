package audit

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/casustafel/casustafel/internal/casework"
)

// A Part is some fields of a record that are shown or withheld together. A leaf holds
// a salted hash of each part, so that a record can be proven to somebody who may read
// only some of it, and so that the detail can be erased while the tree stays valid.
type Part string

// Parts, in the order of a leaf.
const (
	Who    Part = "who"    // when, who, in which role, and the outcome
	What   Part = "what"   // the event
	Basis  Part = "basis"  // what the outcome rests on, through whose eyes and which door: what may tell of a list, a class or a bar
	Where  Part = "where"  // the case, and what connects the actor to it
	Object Part = "object" // of which thing in the case
	Detail Part = "detail"
)

// PartsOfLeaf are all there are, in the order of a leaf.
var PartsOfLeaf = [...]Part{Who, What, Basis, Where, Object, Detail}

// Parts are the hashes of the parts of a record, in the order of PartsOfLeaf.
type Parts [len(PartsOfLeaf)]tlog.Hash

// Form is how records become leaves now. A form is for ever: what changes is a new
// one beside it.
const Form = 1

// Salts are what the parts of one record are hashed with: random, and told to nobody
// but by part. A detail has a salt of its own that goes with it; nil: it is erased.
type Salts struct{ Record, Detail []byte }

// Of is the salt of a part. It tells nothing of those of other parts.
func (s Salts) Of(part Part) []byte {
	if part == Detail {
		return s.Detail
	}
	salt := mac(s.Record, []byte(part))
	return salt[:16]
}

// Text is a part of a record as it is hashed: its fields as JSON, in a fixed order.
func (r Record) Text(part Part) []byte { return r.appendText(nil, part) }

func (r Record) appendText(to []byte, part Part) []byte {
	switch part {
	case Who:
		return appendFields(to, "id", r.ID, "at", r.At.UTC().Format(timeForm), "outcome", string(r.Outcome), "user", string(r.User),
			"actor_organisation", string(r.ActorOrganisation), "role", string(r.Role), "organisation", string(r.Organisation), "source", r.Source, "policy", r.Policy)
	case What:
		return appendFields(to, "event", string(r.Event), "action", string(r.Action))
	case Basis:
		return appendFields(to, "checks", Spaced(r.Checks), "rule", r.PolicyRule, "behalf", Spaced(r.Behalf), "access_point", r.AccessPoint, "request", r.Request)
	case Where:
		return appendFields(to, "case", string(r.Case), "case_organisation", string(r.CaseOrganisation), "relation", string(r.Relation), "ground", r.Ground)
	case Object:
		return appendFields(to, "kind", r.ObjectKind, "id", r.Object, "version", r.Version)
	case Detail:
		codes := make([]string, 0, 8)
		for _, name := range slices.Sorted(maps.Keys(r.Detail)) {
			codes = append(codes, name, r.Detail[name])
		}
		to = append(appendQuoted(append(to, `{"question":`...), r.Question), `,"codes":`...)
		return append(appendFields(to, codes...), '}')
	}
	return append(to, "null"...) // no part
}

// appendFields writes names and their values as JSON, in this order, without the escapes
// that are for web pages.
func appendFields(to []byte, pairs ...string) []byte {
	to = append(to, '{')
	for i, word := range pairs {
		switch {
		case i%2 == 1:
			to = append(to, ':')
		case i > 0:
			to = append(to, ',')
		}
		to = appendQuoted(to, word)
	}
	return append(to, '}')
}

// appendQuoted writes a text as JSON. Those of a record are nearly all as they stand
// between their quotation marks; encoding/json, which knows the others, takes five times
// as long to find that out.
func appendQuoted(to []byte, text string) []byte {
	for i := range len(text) {
		if c := text[i]; c < ' ' || c > '~' || c == '"' || c == '\\' {
			quoted, err := marshal(text)
			if err != nil {
				panic(err) // a string
			}
			return append(to, quoted...)
		}
	}
	return append(append(append(to, '"'), text...), '"')
}

// marshal is JSON without the escapes that are for web pages.
func marshal(fields any) ([]byte, error) {
	w := jsonWriters.Get().(*jsonWriter)
	defer jsonWriters.Put(w)
	w.to.Reset()
	err := w.Encode(fields)
	return bytes.Clone(bytes.TrimSuffix(w.to.Bytes(), []byte("\n"))), err
}

// jsonWriter is used again and again.
type jsonWriter struct {
	*json.Encoder
	to bytes.Buffer
}

var jsonWriters = sync.Pool{New: func() any {
	w := &jsonWriter{}
	w.Encoder = json.NewEncoder(&w.to)
	w.SetEscapeHTML(false)
	return w
}}

const timeForm = "2006-01-02T15:04:05.000000Z"

// The fields of each part, in the order in which they are hashed: never changed.
type (
	who struct {
		ID                string                  `json:"id"`
		At                string                  `json:"at"`
		Outcome           Outcome                 `json:"outcome"`
		User              casework.UserID         `json:"user"`
		ActorOrganisation casework.OrganisationID `json:"actor_organisation"`
		Role              casework.Role           `json:"role"`
		Organisation      casework.OrganisationID `json:"organisation"`
		Source            string                  `json:"source"`
		Policy            string                  `json:"policy"`
	}
	what struct {
		Event  Event  `json:"event"`
		Action Action `json:"action"`
	}
	basis struct {
		Checks      string `json:"checks"`
		Rule        string `json:"rule"`
		Behalf      string `json:"behalf"`
		AccessPoint string `json:"access_point"`
		Request     string `json:"request"`
	}
	where struct {
		Case             casework.CaseID         `json:"case"`
		CaseOrganisation casework.OrganisationID `json:"case_organisation"`
		Relation         Relation                `json:"relation"`
		Ground           string                  `json:"ground"`
	}
	object struct {
		Kind    string `json:"kind"`
		ID      string `json:"id"`
		Version string `json:"version"`
	}
	detail struct {
		Question string            `json:"question"`
		Codes    map[string]string `json:"codes"`
	}
)

// Read puts the fields of a part into a record. What is no part as Text makes it is an
// error.
func (r *Record) Read(part Part, text []byte) (err error) {
	switch part {
	case Who:
		var f who
		if err = json.Unmarshal(text, &f); err == nil {
			r.ID, r.Outcome, r.User, r.ActorOrganisation, r.Role, r.Organisation = f.ID, f.Outcome, f.User, f.ActorOrganisation, f.Role, f.Organisation
			r.Source, r.Policy = f.Source, f.Policy
			r.At, err = time.Parse(timeForm, f.At)
		}
	case What:
		var f what
		err = json.Unmarshal(text, &f)
		r.Event, r.Action = f.Event, f.Action
	case Basis:
		var f basis
		err = json.Unmarshal(text, &f)
		r.Checks, r.PolicyRule, r.Behalf = Words[Check](f.Checks), f.Rule, Words[casework.UserID](f.Behalf)
		r.AccessPoint, r.Request = f.AccessPoint, f.Request
	case Where:
		var f where
		err = json.Unmarshal(text, &f)
		r.Case, r.CaseOrganisation, r.Relation, r.Ground = f.Case, f.CaseOrganisation, f.Relation, f.Ground
	case Object:
		var f object
		err = json.Unmarshal(text, &f)
		r.ObjectKind, r.Object, r.Version = f.Kind, f.ID, f.Version
	case Detail:
		var f detail
		err = json.Unmarshal(text, &f)
		r.Question, r.Detail = f.Question, f.Codes
	}
	if err != nil {
		return fmt.Errorf("read a part of a record (%s): %w", part, err)
	}
	if !bytes.Equal(r.Text(part), text) {
		return fmt.Errorf("read a part of a record (%s): it is not in the form in which it is hashed", part)
	}
	return nil
}

// HashPart is the salted hash of a part that has this text.
func HashPart(salt, text []byte) tlog.Hash { return mac(salt, text) }

// mac is HMAC-SHA256 (RFC 2104) of short texts, of which a leaf takes eleven: crypto/hmac
// spends more on making itself ready than on these.
func mac(key, text []byte) [sha256.Size]byte {
	var room [512]byte // on the stack
	if len(key) > sha256.BlockSize {
		sum := sha256.Sum256(key)
		key = sum[:]
	}
	inner := room[:sha256.BlockSize]
	copy(inner, key)
	for i := range inner {
		inner[i] ^= 0x36
	}
	sum := sha256.Sum256(append(inner, text...))
	outer := room[:sha256.BlockSize]
	for i := range outer {
		outer[i] ^= 0x36 ^ 0x5c
	}
	return sha256.Sum256(append(outer, sum[:]...))
}

// LeafHash is the hash of the leaf that holds these parts, in the order of
// PartsOfLeaf (RFC 6962).
func LeafHash(parts Parts) tlog.Hash {
	data := fmt.Appendf(make([]byte, 0, 512), "casustafel record %d\n", Form)
	for _, h := range parts {
		data = append(hex.AppendEncode(data, h[:]), '\n')
	}
	return tlog.RecordHash(data)
}

// Leaf hashes the parts of a record. Of an erased detail the hash that it had is
// given, of any other it is not looked at.
func (r Record) Leaf(salts Salts, erased tlog.Hash) (parts Parts) {
	text := make([]byte, 0, 512)
	for i, part := range PartsOfLeaf {
		if part == Detail && salts.Detail == nil {
			parts[i] = erased
			continue
		}
		text = r.appendText(text[:0], part)
		parts[i] = HashPart(salts.Of(part), text)
	}
	return parts
}
