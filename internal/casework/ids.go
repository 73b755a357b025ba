package casework

import (
	"encoding/base32"
	"io"
	"strings"
)

// Identifiers are random and say nothing: not what they name, not how many
// there are, not when they were made.
type (
	CaseID         string
	PersonID       string
	ColumnID       string
	CardID         string
	TextID         string
	UserID         string
	OrganisationID string
	GuestID        string
	// CommandID is made by the client and unique per case and user.
	CommandID string
)

// idAlphabet leaves out 0, 1, I and O: a card is called by the first characters
// of its id, and people read those aloud.
const idAlphabet = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"

var idEncoding = base32.NewEncoding(idAlphabet).WithPadding(base32.NoPadding)

// IDLength is the number of characters of every identifier: 80 random bits.
const IDLength = 16

// CodeLength is how many leading characters of a card's id people call it by.
// Two cards may share a code; an id, never a code, identifies.
const CodeLength = 5

// NewID draws an identifier from random. It panics when random fails, as a
// guessable identifier is worse than none.
func NewID[ID ~string](random io.Reader) ID {
	var raw [IDLength * 5 / 8]byte
	if _, err := io.ReadFull(random, raw[:]); err != nil {
		panic("casework: no randomness: " + err.Error())
	}
	return ID(idEncoding.EncodeToString(raw[:]))
}

// ValidID tells whether s has the form of an identifier, whether or not
// anything has it.
func ValidID[ID ~string](s ID) bool {
	if len(s) != IDLength {
		return false
	}
	_, err := idEncoding.DecodeString(string(s))
	return err == nil
}

// Code is what people call the card by, such as "K7QF2".
func (id CardID) Code() string {
	return string(id[:min(len(id), CodeLength)])
}

// caseCodeLength is how many characters a CaseCode has, without its hyphen.
const caseCodeLength = 8

// CaseCode is what a case is called, such as "K7QF-2M9X", by people who may know
// that it is there and not its name. It follows from the case for ever and leads
// back to it only for who has every case at hand.
type CaseCode string

// CaseCodeOf writes the code of a case from a keyed hash of its id.
func CaseCodeOf(hash []byte) CaseCode {
	code := idEncoding.EncodeToString(hash)
	return CaseCode(code[:caseCodeLength/2] + "-" + code[caseCodeLength/2:caseCodeLength])
}

// ReadCaseCode reads a code as people type it; false when it cannot be one.
func ReadCaseCode(typed string) (CaseCode, bool) {
	var code []byte
	for _, c := range []byte(strings.ToUpper(typed)) {
		switch {
		case c == ' ' || c == '-':
		case strings.IndexByte(idAlphabet, c) < 0 || len(code) == caseCodeLength:
			return "", false
		default:
			code = append(code, c)
		}
	}
	if len(code) < caseCodeLength {
		return "", false
	}
	return CaseCode(code[:caseCodeLength/2]) + "-" + CaseCode(code[caseCodeLength/2:]), true
}
