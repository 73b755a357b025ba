// Package policy answers who may do what to which kind of card. The answers
// come from casbin over the lines of policies/policy.csv; nothing is allowed
// unless a line allows it, and one deny line beats every allow line. It is the
// only importer of casbin.
package policy

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"sync"
	"sync/atomic"

	"github.com/casustafel/casustafel/internal/casework"
)

// Policy is one validated access matrix. It never changes after Parse; a new
// policy is a new value. It is safe for concurrent use.
type Policy struct {
	sum    [sha256.Size]byte // of both files
	rules  []Rule
	judges judges
	rights map[standing]func() casework.Rights
	gains  func() map[casework.Reclassification]bool
}

// standing is what a member is in a case for now, as far as the policy tells.
type standing struct {
	role  casework.Role
	grant casework.Grant
}

// last is what was parsed last. To work out all its rights takes a third of a second: who
// parses the same again, as a node does that finds its own policy published, gets
// the same value.
var last atomic.Pointer[Policy]

// Parse reads a model and its lines, and refuses, as an *Error, what it does
// not fully understand and what breaks a promise of the field.
func Parse(model, lines []byte) (*Policy, error) {
	if p := last.Load(); p != nil && p.sum == sum(model, lines) {
		return p, nil
	}
	p, err := parse(model, lines)
	if err == nil {
		last.Store(p)
	}
	return p, err
}

func parse(model, lines []byte) (*Policy, error) {
	if err := checkModel(model); err != nil {
		return nil, err
	}
	rules, err := parseRules(lines)
	if err != nil {
		return nil, err
	}
	if err := checkPromises(newReaches(rules)); err != nil {
		return nil, err
	}
	judges, err := newJudges(rules)
	if err != nil {
		return nil, err
	}
	p := &Policy{sum: sum(model, lines), rules: rules, judges: judges,
		rights: map[standing]func() casework.Rights{}}
	p.gains = sync.OnceValue(p.computeGains)
	for _, role := range casework.Roles {
		for _, grant := range casework.Grants {
			s := standing{role, grant}
			p.rights[s] = sync.OnceValue(func() casework.Rights { return p.computeRights(s) })
		}
	}
	return p, nil
}

func sum(model, lines []byte) (sum [sha256.Size]byte) {
	hash := sha256.New()
	hash.Write(binary.BigEndian.AppendUint64(nil, uint64(len(model))))
	hash.Write(model)
	hash.Write(lines)
	hash.Sum(sum[:0])
	return sum
}

// Version names this policy: 16 hex digits over the model and the lines.
func (p *Policy) Version() string { return short(p.sum) }

// VersionOf names the policy of these files.
func VersionOf(model, lines []byte) string { return short(sum(model, lines)) }

func short(sum [sha256.Size]byte) string { return hex.EncodeToString(sum[:8]) }

// Rules are the lines of the policy, in their order. They are not to be changed.
func (p *Policy) Rules() []Rule { return p.rules }

// Rights are all answers for one role holding one grant (NoGrant: none), asked
// of casbin the first time (up to 20 ms) and kept. The maps are shared: read
// only. Unknown words get the zero Rights, which allow nothing.
func (p *Policy) Rights(role casework.Role, grant casework.Grant) casework.Rights {
	compute, known := p.rights[standing{role, grant}]
	if !known {
		return casework.Rights{}
	}
	return compute()
}

func (p *Policy) computeRights(s standing) casework.Rights {
	return casework.Rights{Open: p.masks(s, casework.Open), Closed: p.masks(s, casework.Closed), Gains: p.gains()}
}

// masks holds an entry for each act that is allowed on anything.
func (p *Policy) masks(s standing, status casework.Status) map[casework.Act]casework.Mask {
	masks := map[casework.Act]casework.Mask{}
	for _, act := range Acts() {
		mask := p.judges.mask(Request{Role: s.role, Act: act, Grant: s.grant, Status: status})
		if mask != (casework.Mask{}) {
			masks[act] = mask
		}
	}
	return masks
}
