// Package casework holds the nouns of a case and how they follow from its
// events: cases, persons, columns, cards, members, rights, error kinds.
// It is pure: no clock, no randomness, no I/O, no policy.
package casework
