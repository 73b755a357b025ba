package main

import (
	"crypto/x509"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/casustafel/casustafel/internal/mail"
)

// mailFlags say by which server invitations go out; without one, their links are
// shown to be passed on by hand.
type mailFlags struct {
	SMTPServer       string `name:"smtp-server" help:"Mail server for invitations, as host:port. Default: none; links are shown instead." placeholder:"HOST:PORT"`
	SMTPFrom         string `name:"smtp-from" help:"Sender of mail, as Casustafel <casustafel@example.org>." placeholder:"ADDRESS"`
	SMTPTLS          string `name:"smtp-tls" help:"starttls, or implicit (port 465). Mail never goes in the clear." enum:"starttls,implicit" default:"starttls"`
	SMTPUser         string `name:"smtp-user" help:"User at the mail server; empty: it asks for none." placeholder:"USER"`
	SMTPPasswordFile string `name:"smtp-password-file" help:"File with that user's password." type:"path" placeholder:"FILE"`
	SMTPPassword     string `name:"smtp-password" help:"The password itself, for the environment." placeholder:"PASSWORD"`
	SMTPCAFile       string `name:"smtp-ca-file" help:"Certificates that the mail server is known by. Default: those of the machine." type:"path" placeholder:"FILE"`
}

// sender is what the flags say; nil without a server.
func (f mailFlags) sender() (*mail.Sender, error) {
	if f.SMTPServer == "" {
		return nil, nil
	}
	c := mail.Config{Address: f.SMTPServer, From: f.SMTPFrom, User: f.SMTPUser, Password: f.SMTPPassword, Implicit: f.SMTPTLS == "implicit"}
	if f.SMTPPasswordFile != "" {
		password, err := os.ReadFile(f.SMTPPasswordFile)
		if err != nil {
			return nil, fmt.Errorf("--smtp-password-file: %w", err)
		}
		c.Password = strings.TrimRight(string(password), "\r\n")
	}
	if f.SMTPUser != "" && c.Password == "" {
		return nil, errors.New("--smtp-user: give its password with --smtp-password-file")
	}
	if f.SMTPCAFile != "" {
		pem, err := os.ReadFile(f.SMTPCAFile)
		if err != nil {
			return nil, fmt.Errorf("--smtp-ca-file: %w", err)
		}
		if c.Roots = x509.NewCertPool(); !c.Roots.AppendCertsFromPEM(pem) {
			return nil, fmt.Errorf("--smtp-ca-file %s: there is no certificate in it", f.SMTPCAFile)
		}
	}
	sender, err := mail.New(c)
	if err != nil {
		return nil, fmt.Errorf("--smtp-server, --smtp-from: %w", err)
	}
	return sender, nil
}
