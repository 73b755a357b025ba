//go:build !race

package view_test

const defaultHistories = 10_000
