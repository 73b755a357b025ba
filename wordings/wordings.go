// Package wordings holds the terms that the field would rather not use, as the
// program ships with them.
package wordings

import _ "embed"

// Lines is nl.csv: which terms, why, and what could be written instead.
//
//go:embed nl.csv
var Lines []byte
