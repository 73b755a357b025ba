package internal_test

import (
	"encoding/json"
	"go/ast"
	"go/constant"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"maps"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/casustafel/casustafel/internal/audit"
)

// recorders are the packages that write records.
var recorders = []string{"internal/app", "internal/room"}

// Whatever can stand on the access log has a sentence for whoever reads it, in both
// languages, and a kind to be looked for by.
func TestEveryEventHasWords(t *testing.T) {
	t.Parallel()
	kindOf := map[audit.Event]audit.Kind{}
	for _, kind := range audit.Kinds {
		for _, event := range kind.Events() {
			if kindOf[event] != "" {
				t.Errorf("event %q is of two kinds", event)
			}
			kindOf[event] = kind
		}
	}
	words := map[string]map[string]string{}
	for _, language := range []string{"nl", "en"} {
		file, err := os.ReadFile("../static/locales/" + language + ".json")
		if err == nil {
			var all map[string]string
			err = json.Unmarshal(file, &all)
			words[language] = all
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	written := eventsWritten(t)
	if len(written) < 50 {
		t.Fatalf("only %d events are written: this test looks past them", len(written))
	}
	for _, event := range slices.Sorted(maps.Keys(written)) {
		if kindOf[event] == "" {
			t.Errorf("%s: event %q has no kind: add it in internal/audit/event.go", written[event], event)
			kindOf[event] = "none"
		}
	}
	for _, event := range slices.Sorted(maps.Keys(kindOf)) {
		for language, has := range words {
			if has["access."+string(event)] == "" {
				t.Errorf("event %q has no words: add access.%s to static/locales/%s.json", event, event, language)
			}
		}
	}
}

// eventsWritten are all constants of type audit.Event in the packages that write
// records, and where each stands.
func eventsWritten(t *testing.T) map[audit.Event]string {
	t.Helper()
	compiled := exports(t)
	fset := token.NewFileSet()
	imported := importer.ForCompiler(fset, "gc", func(path string) (io.ReadCloser, error) { return os.Open(compiled[path]) })
	found := map[audit.Event]string{}
	for _, dir := range recorders {
		names, err := exec.Command("go", "list", "-f", `{{join .GoFiles " "}}`, module+dir).Output()
		if err != nil {
			t.Fatal(err)
		}
		var files []*ast.File
		for _, name := range strings.Fields(string(names)) {
			file, err := parser.ParseFile(fset, "../"+dir+"/"+name, nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			files = append(files, file)
		}
		info := types.Info{Types: map[ast.Expr]types.TypeAndValue{}}
		if _, err := (&types.Config{Importer: imported}).Check(module+dir, fset, files, &info); err != nil {
			t.Fatal(err)
		}
		for expression, is := range info.Types {
			if is.Value != nil && is.Value.Kind() == constant.String && is.Type.String() == module+"internal/audit.Event" && constant.StringVal(is.Value) != "" {
				found[audit.Event(constant.StringVal(is.Value))] = fset.Position(expression.Pos()).String()
			}
		}
	}
	return found
}

// exports are where the compiler keeps what each package offers.
func exports(t *testing.T) map[string]string {
	t.Helper()
	arguments := []string{"list", "-export", "-deps", "-f", "{{.ImportPath}}\t{{.Export}}"}
	for _, dir := range recorders {
		arguments = append(arguments, module+dir)
	}
	out, err := exec.Command("go", arguments...).Output()
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for line := range strings.Lines(string(out)) {
		path, file, _ := strings.Cut(strings.TrimSpace(line), "\t")
		files[path] = file
	}
	return files
}
