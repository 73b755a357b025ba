package web

import (
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

var wantHeaders = map[string]string{
	"Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; " +
		"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
	"Cache-Control":                "no-store",
	"Referrer-Policy":              "no-referrer",
	"X-Content-Type-Options":       "nosniff",
	"Cross-Origin-Opener-Policy":   "same-origin",
	"Cross-Origin-Resource-Policy": "same-origin",
	"Strict-Transport-Security":    "max-age=31536000",
}

// asking is a request to a route, and how nobody and somebody are answered.
type asking struct {
	path             string
	form             url.Values
	nobody, somebody int
}

// anyID is the id of nothing.
const anyID = "22222222222222AA"

// everyRoute asks for each route once; wayTo holds that none is left out.
func everyRoute() map[string]asking {
	const id = anyID
	return map[string]asking{
		"GET /{$}":        {"/", nil, 303, 200},
		"POST /cases":     {"/cases", url.Values{"name": {"Zilverlinde"}, "command": {id}}, 303, 303},
		"GET /cases/{id}": {"/cases/" + id, nil, 303, 200},
		"GET /start":      {"/start", nil, 303, 303},
		"POST /hints":     {"/hints", url.Values{"seen": {"focus"}}, 303, 204},
		"POST /practice":  {"/practice", nil, 303, 303},
		"GET /sign-in":    {"/sign-in", nil, 200, 303},

		"POST /notices/read":                {"/notices/read", nil, 303, 303},
		"GET /cases/{id}/seconds":           {"/cases/" + id + "/seconds", nil, 303, 404},
		"POST /cases/{id}/seconds":          {"/cases/" + id + "/seconds", nil, 303, 404},
		"POST /cases/{id}/seconds/withdraw": {"/cases/" + id + "/seconds/withdraw", nil, 303, 404},
		"POST /cases/{id}/seconds/answer":   {"/cases/" + id + "/seconds/answer", nil, 303, 404},
		"POST /cases/{id}/export":           {"/cases/" + id + "/export", nil, 303, 404},
		"GET /cases/{id}/glass":             {"/cases/" + id + "/glass", nil, 303, 404},
		"POST /cases/{id}/glass":            {"/cases/" + id + "/glass", nil, 303, 404},
		"POST /cases/{id}/glass/end":        {"/cases/" + id + "/glass/end", nil, 303, 404},
		"POST /cases/{id}/glass/review":     {"/cases/" + id + "/glass/review", nil, 303, 404},
		"GET /cases/{id}/records":           {"/cases/" + id + "/records", nil, 303, 404},
		"POST /cases/{id}/records":          {"/cases/" + id + "/records", nil, 303, 404},
		"GET /cases/{id}/report":            {"/cases/" + id + "/report", nil, 303, 404},
		"POST /cases/{id}/report":           {"/cases/" + id + "/report", url.Values{"person": {id}}, 303, 404},
		"GET /reviews":                      {"/reviews", nil, 303, 404},
		"POST /reviews":                     {"/reviews", nil, 303, 404},
		"POST /reviews/alarms":              {"/reviews/alarms", nil, 303, 404},
		"POST /reviews/months":              {"/reviews/months", url.Values{"month": {"2026-02"}}, 303, 303},
		"GET /reviews/{month}":              {"/reviews/2026-02", nil, 303, 404},
		"POST /reviews/{month}":             {"/reviews/2026-02", nil, 303, 404},
		"POST /reviews/{month}/pdf":         {"/reviews/2026-02/pdf", nil, 303, 404},
		"GET /seconds":                      {"/seconds", nil, 303, 404},
		"POST /seconds":                     {"/seconds", nil, 303, 404},

		"GET /organisation":               {"/organisation", nil, 303, 404}, // iris is no administrator
		"POST /organisation/invite":       {"/organisation/invite", nil, 303, 404},
		"POST /organisation/invite-again": {"/organisation/invite-again", nil, 303, 404},
		"POST /organisation/withdraw":     {"/organisation/withdraw", nil, 303, 404},
		"POST /organisation/deactivate":   {"/organisation/deactivate", nil, 303, 404},
		"GET /setup":                      {"/setup", nil, 200, 200},
		"POST /setup":                     {"/setup", url.Values{"token": {"x"}}, 403, 403},
		"POST /setup/make":                {"/setup/make", url.Values{"token": {"x"}}, 403, 403},
		"GET /invitation":                 {"/invitation", nil, 200, 200},
		"POST /invitation":                {"/invitation", url.Values{"token": {"x"}}, 403, 403},
		"POST /invitation/accept":         {"/invitation/accept", url.Values{"token": {"x"}}, 403, 403},

		"GET /me":           {"/me", nil, 303, 200},
		"GET /me/accesses":  {"/me/accesses", nil, 303, 200},
		"POST /me/accesses": {"/me/accesses", nil, 303, 200},
		"POST /me/contact":  {"/me/contact", url.Values{"contact": {"06"}}, 303, 303},
		"POST /me/password": {"/me/password", url.Values{"current": {"x"}, "fresh": {"x"}}, 303, 400},

		"GET /policy":                          {"/policy", nil, 303, 200},
		"GET /policy/new":                      {"/policy/new", nil, 303, 404},
		"POST /policy/proposals":               {"/policy/proposals", nil, 303, 404},
		"POST /policy/proposals/{id}/publish":  {"/policy/proposals/" + id + "/publish", nil, 303, 404},
		"POST /policy/proposals/{id}/withdraw": {"/policy/proposals/" + id + "/withdraw", nil, 303, 404},
		"GET /prove":                           {"/prove", nil, 303, 200},
		"POST /prove/code":                     {"/prove/code", url.Values{"code": {"x"}}, 303, 403},
		"POST /prove/passkey":                  {"/prove/passkey", nil, 303, 403},
		"POST /passkey":                        {"/passkey", url.Values{"for": {"sign_in"}}, 200, 200},
		"POST /sign-in/passkey":                {"/sign-in/passkey", nil, 403, 403},
		"GET /factors/app":                     {"/factors/app", nil, 303, 200},
		"POST /factors/app":                    {"/factors/app", nil, 303, 400},
		"POST /factors/passkey":                {"/factors/passkey", nil, 303, 400},
		"GET /resets":                          {"/resets", nil, 303, 404}, // for a chair there is none
		"POST /resets/ask":                     {"/resets/ask", url.Values{"login": {"x"}}, 303, 404},
		"POST /resets/decide":                  {"/resets/decide", url.Values{"reset": {"x"}}, 303, 404},
		"POST /me/factors/remove":              {"/me/factors/remove", url.Values{"factor": {"x"}}, 303, 404},
		"POST /me/factors/codes":               {"/me/factors/codes", nil, 303, 200},
		"POST /me/factors/keep":                {"/me/factors/keep", nil, 303, 303},
		"POST /me/sessions/end":                {"/me/sessions/end", url.Values{"session": {"x"}}, 303, 303},

		"GET /cases/{id}/screen":    {"/cases/" + id + "/screen", nil, 303, 200},
		"GET /cases/{id}/as/{user}": {"/cases/" + id + "/as/" + id, nil, 303, 200},

		"GET /cases/{id}/team":                                   {"/cases/" + id + "/team", nil, 303, 404},
		"GET /cases/{id}/team/invite":                            {"/cases/" + id + "/team/invite", nil, 303, 404},
		"POST /cases/{id}/team/invite":                           {"/cases/" + id + "/team/invite", nil, 303, 404},
		"GET /cases/{id}/team/member/{user}":                     {"/cases/" + id + "/team/member/" + id, nil, 303, 404},
		"POST /cases/{id}/team/member/{user}":                    {"/cases/" + id + "/team/member/" + id, nil, 303, 404},
		"POST /cases/{id}/team/member/{user}/end":                {"/cases/" + id + "/team/member/" + id + "/end", nil, 303, 404},
		"POST /cases/{id}/team/proposal/{proposal}/seat":         {"/cases/" + id + "/team/proposal/" + id + "/seat", nil, 303, 404},
		"POST /cases/{id}/team/proposal/{proposal}/withdraw":     {"/cases/" + id + "/team/proposal/" + id + "/withdraw", nil, 303, 404},
		"POST /cases/{id}/team/interpreter":                      {"/cases/" + id + "/team/interpreter", nil, 303, 404},
		"POST /cases/{id}/team/interpreter/{interpreter}/remove": {"/cases/" + id + "/team/interpreter/" + id + "/remove", nil, 303, 404},
		"GET /cases/{id}/team/exclusions":                        {"/cases/" + id + "/team/exclusions", nil, 303, 404},
		"POST /cases/{id}/team/exclusions":                       {"/cases/" + id + "/team/exclusions", nil, 303, 404},
		"POST /cases/{id}/team/exclusions/{exclusion}/remove":    {"/cases/" + id + "/team/exclusions/" + id + "/remove", nil, 303, 404},
		"GET /cases/{id}/access":                                 {"/cases/" + id + "/access", nil, 303, 404},
		"POST /cases/{id}/access/lend":                           {"/cases/" + id + "/access/lend", nil, 303, 404},
		"POST /cases/{id}/access/bar":                            {"/cases/" + id + "/access/bar", nil, 303, 404},
		"POST /cases/{id}/access/given/{given}/end":              {"/cases/" + id + "/access/given/" + id + "/end", nil, 303, 404},
		"GET /cases/{id}/why":                                    {"/cases/" + id + "/why", nil, 303, 404},
		"POST /cases/{id}/why":                                   {"/cases/" + id + "/why", nil, 303, 404},
		"GET /organisation/team":                                 {"/organisation/team", nil, 303, 404},
		"POST /organisation/team":                                {"/organisation/team", nil, 303, 404},
		"GET /organisation/alarms":                               {"/organisation/alarms", nil, 303, 404},
		"POST /organisation/alarms":                              {"/organisation/alarms", nil, 303, 404},
		"GET /organisation/retention":                            {"/organisation/retention", nil, 303, 404},
		"POST /organisation/retention":                           {"/organisation/retention", nil, 303, 404},
		"GET /retention":                                         {"/retention", nil, 303, 404},
		"POST /retention/keep":                                   {"/retention/keep", nil, 303, 404},
		"POST /retention/erase":                                  {"/retention/erase", nil, 303, 404},
		"POST /retention/hold":                                   {"/retention/hold", nil, 303, 404},
		"POST /retention/lift":                                   {"/retention/lift", nil, 303, 404},
		"POST /retention/answer":                                 {"/retention/answer", nil, 303, 404},
		"POST /retention/withdraw":                               {"/retention/withdraw", nil, 303, 404},
		"GET /retention/certificate/{certificate}/file":          {"/retention/certificate/" + id + "/file", nil, 303, 404},
		"GET /retention/certificate/{certificate}":               {"/retention/certificate/" + id, nil, 303, 404},
		"GET /cases/{id}/keeping":                                {"/cases/" + id + "/keeping", nil, 303, 404},
		"POST /cases/{id}/keeping/answer":                        {"/cases/" + id + "/keeping/answer", nil, 303, 404},
		"GET /confirmations":                                     {"/confirmations", nil, 303, 404},
		"POST /confirmations":                                    {"/confirmations", nil, 303, 404},
		"GET /records":                                           {"/records", nil, 303, 404},
		"POST /records":                                          {"/records", nil, 303, 404},
		"GET /records/tail":                                      {"/records/tail", nil, 303, 404},
		"GET /records/timeline":                                  {"/records/timeline", nil, 303, 404},
		"GET /overview":                                          {"/overview", nil, 303, 404},
		"POST /overview":                                         {"/overview", nil, 303, 404},
		"GET /records/export":                                    {"/records/export", nil, 303, 404},
		"POST /records/export":                                   {"/records/export", nil, 303, 404},
		"GET /hats":                                              {"/hats", nil, 303, 404},
		"GET /cases/{id}/links":                                  {"/cases/" + id + "/links", nil, 303, 404},
		"POST /cases/{id}/links":                                 {"/cases/" + id + "/links", nil, 303, 404},
		"POST /cases/{id}/links/{link}/remove":                   {"/cases/" + id + "/links/" + id + "/remove", nil, 303, 404},

		"POST /sign-in":             {"/sign-in", url.Values{"login": {"iris"}}, 403, 403},
		"GET /enter":                {"/enter", nil, 200, 200},
		"POST /enter":               {"/enter", url.Values{"token": {"x"}}, 403, 403},
		"POST /language":            {"/language", url.Values{"language": {"en"}}, 303, 303},
		"GET /live":                 {"/live", nil, 403, 403}, // no Origin
		"GET /assets/{file}":        {"/assets/page.ABC.css", nil, 200, 200},
		"GET /icon.svg":             {"/icon.svg", nil, 200, 200},
		"POST /witness/checkpoint":  {"/witness/checkpoint", url.Values{"x": {"x"}}, 404, 404},
		"POST /witness/cosignature": {"/witness/cosignature", url.Values{"x": {"x"}}, 404, 404},
		"GET /healthz":              {"/healthz", nil, 200, 200},
		"GET /readyz":               {"/readyz", nil, 200, 200},
		"/":                         {"/nergens/heen", nil, 404, 404},
		"POST /sign-out":            {"/sign-out", nil, 303, 303},
		"POST /lock":                {"/lock", nil, 303, 303},
		"POST /unlock/passkey":      {"/unlock/passkey", nil, 303, 403},
		"POST /unlock":              {"/unlock", url.Values{"password": {"x"}}, 303, 403},
		"GET /session":              {"/session", nil, 401, 200},
	}
}

// wayTo is how a route of the table is asked for; the test fails for one that is
// not in it.
func wayTo(t *testing.T, table map[string]asking, route route) (method string, c asking, ok bool) {
	t.Helper()
	if c, ok = table[route.pattern]; !ok {
		t.Errorf("%s is not in the table", route.pattern)
	}
	method, _, found := strings.Cut(route.pattern, " ")
	if !found {
		method = http.MethodGet
	}
	return method, c, ok
}

// Every route, asked for by nobody and by somebody; a route that is not in the
// table fails the test.
func TestHeadersOfEveryRoute(t *testing.T) {
	t.Parallel()
	p := newPlace(t, nil)
	p.user(t, "iris")
	p.assets = fstest.MapFS{"page.ABC.css": {Data: []byte("body{}")}}
	somebody := p.signedIn(t, "iris").token
	table := everyRoute()
	for _, route := range p.routes() {
		method, c, ok := wayTo(t, table, route)
		if !ok {
			continue
		}
		if method == http.MethodPost && (c.path == "/sign-out" || c.path == "/lock") {
			continue // last, below
		}
		for token, want := range map[string]int{"": c.nobody, somebody: c.somebody} {
			b := browser{place: p, token: token}
			w := b.send(request(method, c.path, c.form))
			if w.Code != want {
				t.Errorf("%s: status %d, want %d: %s", route.pattern, w.Code, want, w.Body)
			}
			wantCache := wantHeaders["Cache-Control"]
			if route.pattern == "GET /assets/{file}" {
				wantCache = "public, max-age=31536000, immutable"
			}
			checkHeaders(t, route.pattern, w.Header(), wantCache)
			checkWayOut(t, route, w)
		}
	}
	for _, token := range []string{"", somebody} {
		w := (&browser{place: p, token: token}).post("/lock")
		if w.Code != http.StatusSeeOther {
			t.Errorf("lock: %d", w.Code)
		}
		checkHeaders(t, "POST /lock", w.Header(), "no-store")
		w = (&browser{place: p, token: token}).post("/sign-out")
		if w.Code != http.StatusSeeOther || w.Header().Get("Clear-Site-Data") != `"cache", "storage"` {
			t.Errorf("sign-out: %d, Clear-Site-Data %q", w.Code, w.Header().Get("Clear-Site-Data"))
		}
		checkHeaders(t, "POST /sign-out", w.Header(), "no-store")
	}
	if len(table) != len(p.routes()) {
		t.Errorf("the table has routes that there are not: %v", slices.Sorted(maps.Keys(table)))
	}
}

// What never reaches a page carries the same.
func TestHeadersOfRefusals(t *testing.T) {
	t.Parallel()
	p := newPlace(t, nil)
	foreign := request(http.MethodGet, "/", nil)
	foreign.Host = "elders.test"
	crossed := request(http.MethodPost, "/sign-in", nil)
	crossed.Header.Set("Sec-Fetch-Site", "cross-site")
	for want, r := range map[int]*http.Request{
		http.StatusMisdirectedRequest: foreign,
		http.StatusForbidden:          crossed,
		http.StatusNotFound:           request("BREW", "/sign-in", nil),
		http.StatusTemporaryRedirect:  request(http.MethodGet, "/cases//x", nil),
	} {
		w := p.answer(r)
		if w.Code != want {
			t.Errorf("status %d, want %d", w.Code, want)
		}
		checkHeaders(t, http.StatusText(want), w.Header(), "no-store")
	}
}

func checkHeaders(t *testing.T, what string, h http.Header, cache string) {
	t.Helper()
	for name, want := range wantHeaders {
		if name == "Cache-Control" {
			want = cache
		}
		if got := h.Values(name); len(got) != 1 || got[0] != want {
			t.Errorf("%s: %s is %q, want %q", what, name, got, want)
		}
	}
	for _, cookie := range h.Values("Set-Cookie") {
		if !cookieForm.MatchString(cookie) {
			t.Errorf("%s: cookie %q", what, cookie)
		}
	}
	for _, feature := range []string{"camera=()", "microphone=()", "geolocation=()", "display-capture=()"} {
		if !strings.Contains(h.Get("Permissions-Policy"), feature) {
			t.Errorf("%s: Permissions-Policy leaves %s open", what, feature)
		}
	}
}

// cookieForm is every cookie that is ever set: bound to this host and to TLS, out of
// the reach of scripts and of other sites; one that is taken away says so.
var cookieForm = regexp.MustCompile(`^__Host-casustafel=([A-Za-z0-9_-]{43}; Path=/|; Path=/; Max-Age=0); HttpOnly; Secure; SameSite=Strict$`)

// checkWayOut holds that a page of somebody who is signed in leads out.
func checkWayOut(t *testing.T, route route, w *httptest.ResponseRecorder) {
	t.Helper()
	if route.access == signedIn && w.Code == http.StatusOK && strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") &&
		!strings.Contains(w.Body.String(), `action="/sign-out"`) && !strings.Contains(w.Body.String(), `data-signout="/sign-out"`) {
		t.Errorf("%s: nobody can sign out there", route.pattern)
	}
}

func TestHSTSOnlyOverTLS(t *testing.T) {
	t.Parallel()
	p := newPlace(t, func(c *Config) { c.Origins = []string{origin, "http://127.0.0.1:8080"} })
	if got := p.answer(request(http.MethodGet, "/healthz", nil)).Header().Get("Strict-Transport-Security"); got != "" {
		t.Errorf("a server without TLS says %q", got)
	}
}

func TestAssets(t *testing.T) {
	t.Parallel()
	p := newPlace(t, nil)
	p.assets = fstest.MapFS{"board.ABC.js": {Data: []byte("export{}")}, "manifest.json": {Data: []byte("{}")}, ".keep": {}, "x.html": {},
		"sub/y.js": {}}
	w := p.answer(request(http.MethodGet, "/assets/board.ABC.js", nil))
	if w.Code != http.StatusOK || w.Body.String() != "export{}" || w.Header().Get("Content-Type") != "text/javascript; charset=utf-8" {
		t.Errorf("%d %s %q", w.Code, w.Header().Get("Content-Type"), w.Body)
	}
	p.assets = fstest.MapFS{"words.ABC.gz": {Data: []byte("\x1f\x8b")}}
	if w := p.answer(request(http.MethodGet, "/assets/words.ABC.gz", nil)); w.Header().Get("Content-Type") != "application/gzip" || w.Header().Get("Content-Encoding") != "" || w.Body.String() != "\x1f\x8b" {
		t.Errorf("what comes packed is not given as it is: %v %q", w.Header(), w.Body)
	}
	for _, path := range []string{"manifest.json", ".keep", "x.html", "", "sub/y.js", "sub%2fy.js", "..%2fembed.go", "no.js", "%00.js", "a%5cb.js"} {
		if w := p.answer(request(http.MethodGet, "/assets/"+path, nil)); w.Code != http.StatusNotFound {
			t.Errorf("/assets/%s answered %d", path, w.Code)
		}
	}
}
