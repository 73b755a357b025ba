package markdown

import (
	"regexp"

	"github.com/microcosm-cc/bluemonday"
)

// safe is the second wall: whatever the renderer wrote, only this goes out. No
// attribute may carry style, an event, an id or a class.
var safe = func() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "br", "hr", "h4", "h5", "h6", "em", "strong", "del", "code", "pre", "blockquote", "ul", "ol", "li")
	p.AllowAttrs("start").Matching(regexp.MustCompile(`^[0-9]{1,9}$`)).OnElements("ol")
	p.AllowAttrs("href").Matching(regexp.MustCompile(`^(https?://[^/]|mailto:.|tel:.)`)).OnElements("a")
	p.AllowURLSchemes("https", "http", "mailto", "tel")
	p.RequireParseableURLs(true)
	p.AllowRelativeURLs(false)
	// Where a link leads never learns from where it was followed, and the board
	// with what was typed on it stays open.
	p.RequireNoFollowOnLinks(true)
	p.RequireNoReferrerOnLinks(true)
	p.AddTargetBlankToFullyQualifiedLinks(true)
	return p
}()
