package store

// Query is what Reviewed asks.
func (v Review) Query() (string, []any) { return v.query() }

// Query is what Tallies asks.
func (t Tallying) Query() (string, []any) { return t.query() }
