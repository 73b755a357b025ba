//go:build !linux

package pgkeeper

import "testing"

// awaitParentDeath has nothing to wait for: the next start takes over.
func awaitParentDeath(*testing.T, string, string) {}
