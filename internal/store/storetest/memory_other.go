//go:build !linux

package storetest

import "os"

// newHome makes a directory for a cluster that nobody keeps.
func newHome() (string, error) { return os.MkdirTemp("", prefix) }
