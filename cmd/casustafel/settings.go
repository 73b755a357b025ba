package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
)

// settings reads a configuration file. A key that is no setting is refused, as
// an unknown flag is: a misspelt one would pass for set.
func settings(r io.Reader) (kong.Resolver, error) {
	data, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("read the configuration file: %w", err)
	}
	var keys map[string]any
	if err := json.Unmarshal(data, &keys); err != nil {
		return nil, fmt.Errorf("the configuration file is not JSON: %w", err)
	}
	// kong looks a flag up by its name with underscores; ours are written as the flags.
	underscored := map[string]any{}
	for key, value := range keys {
		name := strings.ReplaceAll(key, "-", "_")
		if _, twice := underscored[name]; twice {
			return nil, fmt.Errorf("the configuration file has %q twice, with - and with _: leave one", key)
		}
		underscored[name] = value
	}
	if data, err = json.Marshal(underscored); err != nil {
		return nil, fmt.Errorf("read the configuration file: %w", err)
	}
	resolver, err := kong.JSON(bytes.NewReader(data))
	return knownSettings{resolver, keys}, err
}

type knownSettings struct {
	kong.Resolver
	keys map[string]any
}

// Validate implements kong.Resolver.
func (s knownSettings) Validate(app *kong.Application) error {
	known := map[string]bool{}
	err := kong.Visit(app, func(node kong.Visitable, next kong.Next) error {
		if flag, ok := node.(*kong.Flag); ok {
			known[flag.Name] = true
		}
		return next(nil)
	})
	if err != nil {
		return err
	}
	for _, key := range slices.Sorted(maps.Keys(s.keys)) {
		if !known[strings.ReplaceAll(key, "_", "-")] {
			return fmt.Errorf("the configuration file has %q, which is no setting: casustafel serve --help lists them", key)
		}
	}
	return s.Resolver.Validate(app)
}
