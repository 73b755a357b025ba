package audit

import (
	"regexp"
	"strings"
)

// PutApostrophe finds the apostrophes that cell puts.
var PutApostrophe = regexp.MustCompile(strings.Replace(formula.String(), "(^|[,;|])(", "(^|[,;|])'(", 1))

// CodedApart tells whether an event has a code in FHIR that not all of its kind have.
func CodedApart(e Event) bool { return types[e] != coding{} || subtypes[e] != coding{} }
