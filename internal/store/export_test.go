package store

// Query is what Reviewed asks.
func (v Review) Query() (string, []any) { return v.query() }
