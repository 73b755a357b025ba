// Package migrations holds the schema of the database, for goose.
package migrations

import "embed"

// FS are the migrations in order. They expand first and contract a release
// later, so that two versions of the program can serve side by side.
//
//go:embed *.sql
var FS embed.FS
