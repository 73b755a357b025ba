package pgkeeper

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// oldestMajor is the oldest PostgreSQL that makes clusters with an ICU locale.
const oldestMajor = 15

// binEnv names a directory with the programs of PostgreSQL.
const binEnv = "CASUSTAFEL_PG_BIN"

const howToInstall = "install PostgreSQL 15 or newer (Debian and Ubuntu: apt-get install postgresql; macOS: brew install postgresql@17), or name its directory in " + binEnv

// binaries is one installed PostgreSQL server.
type binaries struct {
	dir   string
	major int
}

func (b binaries) initdb() string   { return filepath.Join(b.dir, "initdb") }
func (b binaries) postgres() string { return filepath.Join(b.dir, "postgres") }

// findBinaries returns the first usable PostgreSQL. When a cluster exists only
// its own major version will do: another one can stand beside it after an
// upgrade of the machine, and would not read the files.
func findBinaries(ctx context.Context, bin string, clusterMajor int, who account) (binaries, error) {
	var seen []string
	for _, dir := range candidates(bin) {
		b, err := inspect(ctx, dir, who)
		if err != nil {
			if bin != "" || os.Getenv(binEnv) != "" {
				return binaries{}, fmt.Errorf("%w; %s", err, howToInstall)
			}
			continue
		}
		if b.major >= oldestMajor && (clusterMajor == 0 || b.major == clusterMajor) {
			return b, nil
		}
		seen = append(seen, fmt.Sprintf("%d in %s", b.major, dir))
	}
	if err := ctx.Err(); err != nil {
		return binaries{}, err
	}
	found := "nothing"
	if len(seen) > 0 {
		found = strings.Join(slices.Compact(seen), ", ")
	}
	if clusterMajor != 0 {
		return binaries{}, fmt.Errorf("the cluster was made by PostgreSQL %d and is left as it is (found: %s): install PostgreSQL %d again, or restore a backup into another data directory",
			clusterMajor, found, clusterMajor)
	}
	return binaries{}, fmt.Errorf("no PostgreSQL server to run (found: %s): %s", found, howToInstall)
}

// candidates lists the directories to look in. A directory that was named is
// the only one.
func candidates(bin string) []string {
	if bin == "" {
		bin = os.Getenv(binEnv)
	}
	if bin != "" {
		return []string{bin}
	}
	var dirs []string
	for _, dir := range filepath.SplitList(os.Getenv("PATH")) {
		// A lone link to initdb leads to the server that it belongs to.
		if real, err := filepath.EvalSymlinks(filepath.Join(dir, "initdb")); err == nil && filepath.IsAbs(real) {
			dirs = append(dirs, filepath.Dir(real))
		}
	}
	dirs = append(dirs, newestFirst("/usr/lib/postgresql/*/bin")...)
	for _, brew := range []string{"/opt/homebrew", "/usr/local", "/home/linuxbrew/.linuxbrew"} {
		dirs = append(dirs, newestFirst(brew+"/opt/postgresql@*/bin")...)
		dirs = append(dirs, brew+"/opt/postgresql/bin")
	}
	return dirs
}

var number = regexp.MustCompile(`\d+`)

// newestFirst expands a pattern in which the version is the only number.
func newestFirst(pattern string) []string {
	dirs, _ := filepath.Glob(pattern) // fails for a malformed pattern only
	version := func(dir string) int {
		n, _ := strconv.Atoi(number.FindString(dir))
		return n
	}
	slices.SortFunc(dirs, func(a, b string) int { return cmp.Compare(version(b), version(a)) })
	return dirs
}

// inspect asks the server in dir for its version, as the account that will run it.
func inspect(ctx context.Context, dir string, who account) (binaries, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return binaries{}, fmt.Errorf("directory of PostgreSQL: %w", err)
	}
	b := binaries{dir: dir}
	if _, err := os.Stat(b.initdb()); err != nil {
		return binaries{}, fmt.Errorf("no initdb of PostgreSQL: %w", err)
	}
	var out bytes.Buffer
	cmd := who.command(ctx, b.postgres(), "--version")
	cmd.Stdout = &out
	if err := runBound(cmd); err != nil {
		return binaries{}, fmt.Errorf("run %s as user %s: %w", b.postgres(), userName(who.uid), err)
	}
	b.major, err = strconv.Atoi(number.FindString(out.String()))
	if err != nil {
		return binaries{}, fmt.Errorf("%s does not tell its version", b.postgres())
	}
	return b, nil
}
