//go:build race

package view_test

// The race detector makes everything ten times slower, and here is one
// goroutine.
const defaultHistories = 500
