// Package internal_test keeps the layout: which package may import which.
package internal_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/casustafel/casustafel/"

// aPackage is what its files import, and what its tests do.
type aPackage struct{ Imports, TestImports []string }

// layers says what each package imports of ours, at most. A package that is not
// here fails the test: a new one is given its place on purpose.
var layers = map[string]string{
	"internal/note":     "", // changes of a text, as editors speak of them
	"internal/casework": "note",

	// Rule packages: of each other they know nothing.
	"internal/audit":    "casework",
	"internal/board":    "casework note",
	"internal/identity": "casework",
	"internal/policy":   "casework",
	"internal/view":     "casework note",

	"internal/practice": "casework", // an invented case, data alone

	"internal/markdown": "", // what people write, made safe to show; it knows nothing of cases

	"internal/wording": "", // which words get a hint; it knows nothing of cases

	"internal/mail":          "", // letters over SMTP; it knows nothing of cases
	"internal/mail/mailtest": "",

	"internal/programtest": "", // programs that a test writes and runs
	"internal/patience":    "", // how tests wait

	"internal/pdf": "", // files made of pages; it knows nothing of what stands in them

	"migrations": "", "policies": "", "static": "", "wordings": "",

	"internal/durable":  "", // files that outlast a power cut
	"internal/pgkeeper": "durable",
	"internal/backup":   "durable", // the form of a backup; it knows neither the database nor the keys
	"internal/store":    "casework note audit durable identity migrations",
	"internal/app":      "casework note audit board identity policy practice view store",
	"internal/room":     "casework audit board markdown note view",
	"internal/web":      "casework audit board identity markdown policy app room view static wording mail pdf",
	"internal/demo":     "casework audit identity store app",

	"cmd/casustafel":      "audit backup casework durable identity demo pgkeeper policy room store app web wording policies static wordings mail pdf",
	"cmd/casustafel-load": "*",
	// The reference servers share nothing with what they are compared with.
	"cmd/casustafel-load/reference": "",

	// What tests and the load generator drive the program with.
	"internal/casetest":        "casework note board policy view",
	"internal/store/storetest": "pgkeeper store",
	"internal/liveclient":      "casework note view",
	"internal/seeded":          "", // tests that must notice a fault
}

// onlyFor says who imports a package of somebody else's, or of ours that is not
// for everybody. Tests may drive what they like.
var onlyFor = map[string]string{
	"database/sql":                        "internal/store internal/pgkeeper internal/store/storetest cmd/casustafel-load/reference",
	"database/sql/driver":                 "internal/store internal/pgkeeper",
	"github.com/jmoiron/sqlx":             "internal/store",
	"github.com/lib/pq":                   "internal/store internal/pgkeeper internal/store/storetest cmd/casustafel-load cmd/casustafel-load/reference",
	"github.com/pressly/goose":            "internal/store",
	"github.com/tink-crypto/tink-go":      "internal/store",
	"github.com/casbin/casbin":            "internal/policy",
	"github.com/yuin/goldmark":            "internal/markdown",
	"github.com/microcosm-cc/bluemonday":  "internal/markdown",
	"github.com/gorilla/websocket":        "internal/room internal/web internal/liveclient cmd/casustafel-load cmd/casustafel-load/reference",
	"github.com/alexedwards/argon2id":     "internal/identity",
	"github.com/go-webauthn/webauthn":     "internal/identity",
	"github.com/pquerna/otp":              "internal/identity",
	"filippo.io/age":                      "internal/backup",
	"github.com/alecthomas/kong":          "cmd/casustafel cmd/casustafel-load",
	"net/http":                            "internal/room internal/web internal/liveclient cmd/casustafel cmd/casustafel-load cmd/casustafel-load/reference",
	module + "internal/casetest":          "cmd/casustafel-load internal/store/storetest internal/liveclient",
	module + "internal/store/storetest":   "cmd/casustafel-load internal/casetest internal/liveclient",
	module + "internal/liveclient":        "cmd/casustafel-load internal/casetest internal/store/storetest",
	module + "internal/pgkeeper":          "internal/store/storetest cmd/casustafel cmd/casustafel-load",
	module + "internal/backup":            "cmd/casustafel",
	module + "internal/policy":            "internal/app internal/web internal/casetest cmd/casustafel cmd/casustafel-load",
	module + "migrations":                 "internal/store",
	"github.com/prometheus/client_golang": "internal/room internal/web cmd/casustafel",
}

func TestArrowsPointDown(t *testing.T) {
	t.Parallel()
	for name, p := range packages(t) {
		allowed, known := layers[name]
		if !known {
			t.Errorf("%s has no place in the layers", name)
			continue
		}
		for _, imported := range p.Imports {
			ours, of := strings.CutPrefix(imported, module)
			if of && allowed != "*" && !slices.Contains(strings.Fields(allowed), strings.TrimPrefix(ours, "internal/")) {
				t.Errorf("%s imports %s", name, ours)
			}
			if of && strings.HasPrefix(ours, "cmd/") && !strings.HasPrefix(ours, name+"/") {
				t.Errorf("%s imports a part of the program %s", name, ours)
			}
		}
	}
}

func TestWhatIsForSomeOnly(t *testing.T) {
	t.Parallel()
	for name, p := range packages(t) {
		for _, imported := range p.Imports {
			for guarded, users := range onlyFor {
				if !within(imported, guarded) || within(module+name, guarded) || slices.Contains(strings.Fields(users), name) {
					continue
				}
				t.Errorf("%s imports %s", name, imported)
			}
		}
	}
}

// within tells whether a package is the other one, or lies below it.
func within(path, other string) bool {
	if other == "database/sql" || other == "net/http" { // what lies below is something else
		return path == other
	}
	return path == other || strings.HasPrefix(path, other+"/")
}

// The rules would hold of nothing as well: they are about what is there.
func TestLayersAreAboutWhatIsThere(t *testing.T) {
	t.Parallel()
	all := packages(t)
	for name := range layers {
		if _, ok := all[name]; !ok {
			t.Errorf("there is no package %s", name)
		}
	}
	imported := map[string]bool{}
	for _, p := range all {
		for _, path := range slices.Concat(p.Imports, p.TestImports) {
			for guarded := range onlyFor {
				if within(path, guarded) {
					imported[guarded] = true
				}
			}
		}
	}
	for _, guarded := range slices.Sorted(maps.Keys(onlyFor)) {
		if !imported[guarded] && guarded != "database/sql/driver" {
			t.Errorf("nobody imports %s", guarded)
		}
	}
}

// packages are all packages of the module by their path below it, whatever tags
// their files ask for. The files themselves are read, so that a change of any of
// them makes this test run anew.
func packages(t *testing.T) map[string]aPackage {
	t.Helper()
	all := map[string]aPackage{}
	err := filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && (entry.Name() == "node_modules" || entry.Name() == "testdata" || strings.HasPrefix(entry.Name(), ".") && path != "..") {
			return filepath.SkipDir
		}
		name := strings.TrimPrefix(filepath.ToSlash(filepath.Dir(path)), "../")
		if !strings.HasSuffix(path, ".go") || name == "internal" { // this test
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		p := all[name]
		for _, spec := range file.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			if strings.HasSuffix(path, "_test.go") {
				p.TestImports = append(p.TestImports, imported)
			} else {
				p.Imports = append(p.Imports, imported)
			}
		}
		all[name] = p
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}
