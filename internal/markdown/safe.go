package markdown

import (
	"net/url"
	"regexp"

	"github.com/microcosm-cc/bluemonday"
)

// id is the form of what a pointer points to.
var id = regexp.MustCompile(`^[2-9A-HJ-NP-Z]{16}$`)

// safe is the second wall: whatever the renderer wrote, only this goes out. No
// attribute may carry style, an event, an id or a class.
var safe = func() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "br", "hr", "h4", "h5", "h6", "em", "strong", "del", "code", "pre", "blockquote", "section", "ul", "ol", "li")
	p.AllowAttrs("start").Matching(regexp.MustCompile(`^[0-9]{1,9}$`)).OnElements("ol")
	p.AllowAttrs("href").Matching(regexp.MustCompile(`^(https?://[^/]|mailto:.|tel:.)`)).OnElements("a")
	p.AllowAttrs("data-card").Matching(id).OnElements("a")
	p.AllowAttrs("data-user").Matching(id).OnElements("span")
	p.AllowAttrs("data-kind").Matching(regexp.MustCompile(`^(fact|interpretation)$`)).OnElements("section")
	p.AllowAttrs("data-kind").Matching(regexp.MustCompile(`^words$`)).OnElements("blockquote")
	p.AllowURLSchemes("mailto", "tel")
	elsewhere := func(to *url.URL) bool { return to.Host != "" } // "http:#a" would be read as a place on this page
	p.AllowURLSchemeWithCustomPolicy("https", elsewhere)
	p.AllowURLSchemeWithCustomPolicy("http", elsewhere)
	p.RequireParseableURLs(true)
	p.AllowRelativeURLs(false)
	// Where a link leads never learns from where it was followed, and the board
	// with what was typed on it stays open.
	p.RequireNoFollowOnLinks(true)
	p.RequireNoReferrerOnLinks(true)
	p.AddTargetBlankToFullyQualifiedLinks(true)
	return p
}()
