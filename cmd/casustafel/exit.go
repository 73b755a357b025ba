package main

// exitWith is an error with the status that the program ends with, where that says
// something.
type exitWith struct {
	status int
	error
}

// Unwrap gives the error itself.
func (e exitWith) Unwrap() error { return e.error }
