// Package policies holds the access matrix that the program ships with.
package policies

import _ "embed"

// Model is model.conf: what a request and a line are made of, and how they meet.
//
//go:embed model.conf
var Model []byte

// Lines is policy.csv: who may do what to which card.
//
//go:embed policy.csv
var Lines []byte
