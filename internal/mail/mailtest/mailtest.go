// Package mailtest is a small real mail server, for tests.
package mailtest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"math/big"
	"net"
	"net/textproto"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// Options are what a server does otherwise than it should.
type Options struct {
	Password string // that it wants, of anybody
	NoTLS    bool   // it offers none
	Refuse   bool   // it knows no recipient
	Silent   bool   // it never greets
}

// Letter is one that it took.
type Letter struct {
	From, To, Text string
	TLS            bool
}

// Server listens on a port of this machine until the test ends.
type Server struct {
	Address string
	Roots   *x509.CertPool // by which it is known
	options Options
	cert    tls.Certificate
	mu      sync.Mutex
	came    chan struct{} // closed and replaced when a letter came
	letters []Letter
}

// Start starts a server.
func Start(t testing.TB, o Options) *Server {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	s := &Server{Address: listener.Addr().String(), options: o, Roots: x509.NewCertPool(), came: make(chan struct{})}
	s.certify(t)
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go s.serve(conn)
		}
	}()
	return s
}

// Letters are those it took until now.
func (s *Server) Letters() []Letter {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Letter(nil), s.letters...)
}

// Await waits until it took n letters of a kind, and gives them; the test fails when
// they do not come within 20 seconds.
func (s *Server) Await(t testing.TB, n int, of func(Letter) bool) []Letter {
	t.Helper()
	late := time.After(20 * time.Second)
	for {
		s.mu.Lock()
		came := s.came
		s.mu.Unlock()
		letters := slices.DeleteFunc(s.Letters(), func(l Letter) bool { return !of(l) })
		if len(letters) >= n {
			return letters
		}
		select {
		case <-came:
		case <-late:
			t.Fatalf("%d letters came, not %d", len(letters), n)
		}
	}
}

func (s *Server) certify(t testing.TB) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "mail of a test"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	s.Roots.AddCert(parsed)
	s.cert = tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

func (s *Server) serve(conn net.Conn) {
	defer func() { conn.Close() }()
	if s.options.Silent {
		_, _ = conn.Read(make([]byte, 1)) // until the other side goes
		return
	}
	line := textproto.NewConn(conn)
	say := func(words string) { _ = line.PrintfLine("%s", words) }
	say("220 post of a test")
	var letter Letter
	signedIn := false
	for {
		said, err := line.ReadLine()
		if err != nil {
			return
		}
		verb, rest, _ := strings.Cut(said, " ")
		switch strings.ToUpper(verb) {
		case "EHLO":
			if !letter.TLS && !s.options.NoTLS {
				say("250-post")
				say("250 STARTTLS")
				break
			}
			say("250-post")
			say("250 AUTH PLAIN")
		case "STARTTLS":
			say("220 go on")
			conn = tls.Server(conn, &tls.Config{Certificates: []tls.Certificate{s.cert}})
			line, letter.TLS = textproto.NewConn(conn), true
		case "AUTH":
			_, code, _ := strings.Cut(rest, " ")
			given, _ := base64.StdEncoding.DecodeString(code)
			if signedIn = strings.HasSuffix(string(given), "\x00"+s.options.Password); !signedIn {
				say("535 wrong for daan@linde.example")
				break
			}
			say("235 fine")
		case "MAIL":
			if !signedIn {
				say("530 sign in first")
				break
			}
			letter.From = between(rest)
			say("250 fine")
		case "RCPT":
			if s.options.Refuse {
				say("550 nobody here is daan@linde.example")
				break
			}
			letter.To = between(rest)
			say("250 fine")
		case "DATA":
			say("354 go on")
			text, err := line.ReadDotBytes()
			if err != nil {
				return
			}
			letter.Text = string(text)
			s.mu.Lock()
			s.letters = append(s.letters, letter)
			close(s.came)
			s.came = make(chan struct{})
			s.mu.Unlock()
			say("250 fine")
		case "QUIT":
			say("221 goodbye")
			return
		default:
			say("502 what?")
		}
	}
}

func between(rest string) string {
	_, after, _ := strings.Cut(rest, "<")
	address, _, _ := strings.Cut(after, ">")
	return address
}
