package web

import (
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
)

// bodyLimit is the most that a form may hold, in bytes.
const bodyLimit = 64 << 10

// guard refuses what no page should ever see.
func (s *site) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case s.Demo && forwarded(r.Header):
			s.refuse(w, r, http.StatusForbidden, "error.demo_proxy")
		case !s.origins.host(r.Host) && !probe(r):
			s.refuse(w, r, http.StatusMisdirectedRequest, "error.misdirected")
		case s.csrf.Check(r) != nil:
			s.refuse(w, r, http.StatusForbidden, "error.forbidden")
		default:
			r.Body = http.MaxBytesReader(w, r.Body, bodyLimit)
			next.ServeHTTP(w, r)
		}
	})
}

// probe tells whether a request only asks for the node's health: what probes a
// node calls it by its own address, and is told nothing.
func probe(r *http.Request) bool { return r.URL.Path == "/healthz" || r.URL.Path == "/readyz" }

// forwarded tells whether a request came through a proxy.
func forwarded(h http.Header) bool {
	for name := range h {
		if name == "Forwarded" || name == "Via" || name == "X-Real-Ip" || strings.HasPrefix(name, "X-Forwarded-") {
			return true
		}
	}
	return false
}

// origins are the addresses at which browsers find this server.
type origins struct {
	exact []string // scheme://host[:port] in lower case
	hosts []string
	https bool // all of them
}

func parseOrigins(list []string) (origins, error) {
	if len(list) == 0 {
		return origins{}, errors.New("web: at least one origin must be given, such as https://tafel.example.org")
	}
	o := origins{https: true}
	for _, origin := range list {
		u, err := url.Parse(origin)
		if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || u.Scheme+"://"+u.Host != strings.ToLower(origin) {
			return origins{}, fmt.Errorf("web: %q is not an origin: expected something like https://tafel.example.org", origin)
		}
		o.https = o.https && u.Scheme == "https"
		o.exact = append(o.exact, strings.ToLower(origin))
		o.hosts = append(o.hosts, strings.ToLower(u.Host))
	}
	return o, nil
}

func (o origins) host(host string) bool { return slices.Contains(o.hosts, strings.ToLower(host)) }

// allows tells whether a browser says that the request comes from one of our
// own pages. A request that does not say is not.
func (o origins) allows(r *http.Request) bool {
	return slices.Contains(o.exact, r.Header.Get("Origin"))
}

// address is where the request came from: the peer, or what a trusted proxy
// saw. It counts failed sign-ins and is never logged.
func (s *site) address(r *http.Request) string {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	from := peer.Addr().Unmap()
	trusted := slices.ContainsFunc(s.TrustedProxies, func(p netip.Prefix) bool { return p.Contains(from) })
	if seen := r.Header.Values("X-Forwarded-For"); trusted && len(seen) > 0 {
		// The rightmost is what our own proxy saw; the others anyone can write.
		last := seen[len(seen)-1]
		if a, err := netip.ParseAddr(strings.TrimSpace(last[strings.LastIndex(last, ",")+1:])); err == nil {
			return a.String()
		}
	}
	return from.String()
}
