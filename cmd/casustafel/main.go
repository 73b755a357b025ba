// Command casustafel serves the live table for multidisciplinary case
// conferences around families in shelters.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"github.com/alecthomas/kong"

	"github.com/casustafel/casustafel/internal/casework"
	"github.com/casustafel/casustafel/static"
)

// program is the command line. Every setting can also come from the
// environment or from a JSON file.
type program struct {
	Config  kong.ConfigFlag `help:"JSON file with settings, named as the flags." type:"path"`
	Serve   serveCmd        `cmd:"" help:"Serve the tables."`
	Migrate migrateCmd      `cmd:"" help:"Bring the database's schema up to date."`
	User    struct {
		Add        userAddCmd        `cmd:"" help:"Add a user; the password is read from standard input."`
		Deactivate userDeactivateCmd `cmd:"" help:"Take every way to sign in from a user, at once."`
	} `cmd:"" help:"Users."`
	Member struct {
		Add memberAddCmd `cmd:"" help:"Give a user a role in a case, or replace the one it has."`
		End memberEndCmd `cmd:"" help:"End a membership, at once."`
	} `cmd:"" help:"Who is at the table of a case."`
	Keys struct {
		Rotate keysRotateCmd `cmd:"" help:"Wrap everything under a fresh master key."`
		Forget keysForgetCmd `cmd:"" help:"Take older master keys out of the file: no backup of their time can be opened any more."`
	} `cmd:"" help:"The master key."`
	Backup struct {
		Make   backupMakeCmd   `cmd:"" default:"withargs" help:"Back the private PostgreSQL up, beside the program that serves."`
		Verify backupVerifyCmd `cmd:"" help:"Read a backup into a scratch PostgreSQL, check it and throw it away."`
		Check  backupCheckCmd  `cmd:"" help:"Check a database where it is, such as one that came back from a backup of somebody else's."`
		Key    backupKeyCmd    `cmd:"" help:"Make the key that opens backups, to be kept elsewhere."`
	} `cmd:"" help:"Encrypted backups (docs/backup.md)."`
	Restore restoreCmd `cmd:"" help:"Make a private PostgreSQL of a backup, in an empty data directory."`
	Audit   struct {
		Verify         auditVerifyCmd `cmd:"" help:"Prove that the access log, or a bundle of it, is what it was: 0 sound, 1 tampered, 2 incomplete, 3 no verdict."`
		Key            auditKeyCmd    `cmd:"" help:"Print what others check the signatures of the access log with."`
		RotateKey      auditRotateCmd `cmd:"" help:"Sign the access log with a fresh key from now on."`
		AcceptRestored auditAcceptCmd `cmd:"" help:"Go on with an access log that was restored from an older backup."`
	} `cmd:"" help:"The access log (docs/audit.md, docs/witness.md)."`
	Certificate certificateCmd `cmd:"" help:"Verify a certificate of erasure, without any server."`
	Witness     struct {
		Run witnessRunCmd `cmd:"" default:"withargs" help:"Watch how the access log of a server grows, and sign what was seen."`
		Key witnessKeyCmd `cmd:"" help:"Make the key of a witness, and print what verifies it."`
	} `cmd:"" help:"For a partner organisation: witness the access log of a server."`
	Version versionCmd `cmd:"" help:"Print the version."`
}

func main() {
	var p program
	parser := kong.Must(&p, kong.Name("casustafel"), kong.Description("The live table for case conferences."), kong.ShortUsageOnError(),
		kong.DefaultEnvars("CASUSTAFEL"), kong.Configuration(settings, "/etc/casustafel/casustafel.json"))
	command, err := parser.Parse(os.Args[1:])
	parser.FatalIfErrorf(err)
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	command.BindTo(ctx, (*context.Context)(nil))
	if err := command.Run(); err != nil {
		fmt.Fprintln(os.Stderr, "casustafel:", explain(err))
		var exit exitWith
		if errors.As(err, &exit) {
			os.Exit(exit.status)
		}
		os.Exit(1)
	}
}

// explain says an error that is meant for people in their words; operators read
// English.
func explain(err error) string {
	var told *casework.Error
	if errors.As(err, &told) {
		if words := static.Locale("en")["reason."+told.Reason]; words != "" {
			return fmt.Sprintf("%s (%s)", words, told.Reason)
		}
	}
	return err.Error()
}

// version is set when a release is built.
var version = "development"

// source names this program in the access log.
func source() string { return "casustafel " + version }

type versionCmd struct{}

// Run prints the version.
func (versionCmd) Run() error {
	fmt.Println("casustafel", version)
	if info, ok := debug.ReadBuildInfo(); ok {
		fmt.Println("built with", info.GoVersion)
	}
	return nil
}
