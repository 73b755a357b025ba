//go:build !linux

package pgkeeper

import "testing"

func fill() {}

// awaitParentDeath has nothing to wait for: the next start takes over.
func awaitParentDeath(*testing.T, string, string) {}
