package web

import (
	"github.com/casustafel/casustafel/internal/app"
)

// keepingRow is how the keeping of one case stands, in the words of a page, with what
// can be decided about it.
type keepingRow struct {
	base
	app.Keeping
	Answers keepingForm // to the question to erase or to lift that waits, if somebody else asked it
	Forms   []keepingForm
	Own     string // the question of one's own that waits; empty: none
	Path    string
}

// refusedKeeping is a form that was refused, and what was typed in it.
type refusedKeeping struct {
	Act, Of             string // which form, of which case or question
	Field, Problem      string // what is wrong with which field: a key
	Ground, Until, Code string
}

// keepingForm is one form in which something about keeping is decided.
type keepingForm struct {
	base
	Act, Path, Key string               // Key tells its fields from those of other forms
	Case           string               // its code; empty: it is typed
	Question       string               // that is answered
	Grounds        []string             // codes to choose from; none: no ground is asked
	AskUntil       bool                 // until which day
	AskCode        bool                 // type the code of the case
	Refused        refusedKeeping       // zero: it was not
	Asked          *app.KeepingQuestion // the question that is answered
}

// refuse gives a form back what was typed in it.
func (f keepingForm) refuse(refused refusedKeeping) keepingForm {
	if f.Act == refused.Act && f.Case+f.Question == refused.Of {
		f.Refused = refused
	}
	return f
}

// keepingRow puts a case into the words of a page. Who decides from outside asks as
// well; who chairs the case answers.
func (b base) keepingRow(one app.Keeping, path string, asks bool, refused refusedKeeping) keepingRow {
	row := keepingRow{base: b, Keeping: one, Path: path}
	code := string(one.Code)
	form := func(act string, grounds []string) keepingForm {
		return keepingForm{base: b, Act: act, Path: path + "/" + act, Key: act + "-" + code, Case: code, Grounds: grounds}
	}
	answer := func(q *app.KeepingQuestion, act string) {
		if q.Own {
			row.Own = q.ID
			return
		}
		answers := path + "/answer"
		row.Answers = keepingForm{base: b, Act: act, Path: answers, Key: act + "-" + code, Question: q.ID, AskCode: act == "erase_answer" && q.Ready, Asked: q}.refuse(refused)
	}
	switch {
	case one.Lift != nil:
		answer(one.Lift, "lift_answer")
	case one.Erase != nil && one.Hold == nil:
		answer(one.Erase, "erase_answer")
	}
	if !asks {
		return row
	}
	if one.Hold != nil {
		if one.Lift == nil {
			row.Forms = append(row.Forms, form("lift", app.LiftGrounds).refuse(refused))
		}
		return row
	}
	keep, erase := form("keep", app.KeepGrounds), form("erase", app.EraseGrounds)
	keep.AskUntil, erase.AskCode = true, true
	row.Forms = append(row.Forms, keep.refuse(refused))
	if one.Erase == nil {
		row.Forms = append(row.Forms, erase.refuse(refused))
	}
	return row
}

// refusal tells whether something that was typed about the case was refused.
func (r keepingRow) refusal() bool { return r.Open() || r.Answers.Refused.Field != "" }

// Open tells whether one of the forms was refused and has to be in sight.
func (r keepingRow) Open() bool {
	for _, f := range r.Forms {
		if f.Refused.Field != "" {
			return true
		}
	}
	return false
}

// MayYes tells whether a yes can be said now.
func (f keepingForm) MayYes() bool { return f.Asked != nil && f.Asked.Ready }
