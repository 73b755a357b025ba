package internal_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// asked are the requirements of ASVS 5.0 at levels 1 and 2 in the chapters that
// docs/security.md is about.
var asked = strings.Fields(`
	6.1.1 6.1.2 6.1.3 6.2.1 6.2.2 6.2.3 6.2.4 6.2.5 6.2.6 6.2.7 6.2.8 6.2.9 6.2.10 6.2.11 6.2.12 6.3.1 6.3.2 6.3.3 6.3.4
	6.4.1 6.4.2 6.4.3 6.4.4 6.5.1 6.5.2 6.5.3 6.5.4 6.5.5 6.6.1 6.6.2 6.6.3 6.8.1 6.8.2 6.8.3 6.8.4
	7.1.1 7.1.2 7.1.3 7.2.1 7.2.2 7.2.3 7.2.4 7.3.1 7.3.2 7.4.1 7.4.2 7.4.3 7.4.4 7.4.5 7.5.1 7.5.2 7.6.1 7.6.2
	8.1.1 8.1.2 8.2.1 8.2.2 8.2.3 8.3.1 8.4.1
	9.1.1 9.1.2 9.1.3 9.2.1 9.2.2 9.2.3 9.2.4`)

var (
	shownBy  = regexp.MustCompile("^`([a-z/-]+)` (Test\\w+(?:, Test\\w+)*)$")
	aTest    = regexp.MustCompile(`(?m)^func (Test\w+)\(`)
	aChapter = regexp.MustCompile(`^[6-9]\.\d+\.\d+$`)
)

// The security checklist leaves no requirement out, says how each is met or why it
// is not, and names tests that there are: one that is renamed fails here.
func TestSecurityChecklist(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../docs/security.md")
	if err != nil {
		t.Fatal(err)
	}
	tests := map[string][]string{} // by package
	var lines []string
	for line := range strings.Lines(string(page)) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		last := cells[len(cells)-1]
		shown := strings.HasPrefix(last, "`") && strings.Contains(last, "Test")
		if shown && strings.HasPrefix(line, "|") {
			namesTests(t, tests, cells[0], last)
		}
		if !aChapter.MatchString(cells[0]) {
			continue
		}
		lines = append(lines, cells[0])
		switch {
		case len(cells) != 5 || cells[3] == "":
			t.Errorf("%s does not say how", cells[0])
		case !slices.Contains([]string{"met", "partly", "not met", "not here"}, cells[2]):
			t.Errorf("%s is %q", cells[0], cells[2])
		case (cells[2] == "met" || cells[2] == "partly") && !shown:
			t.Errorf("%s is shown by no test: %q", cells[0], last)
		}
	}
	for _, number := range asked {
		if n := len(slices.DeleteFunc(slices.Clone(lines), func(l string) bool { return l != number })); n != 1 {
			t.Errorf("%s stands on the page %d times", number, n)
		}
	}
}

// namesTests holds that the tests of one line are there.
func namesTests(t *testing.T, tests map[string][]string, line, shown string) {
	t.Helper()
	for _, part := range strings.Split(shown, "; ") {
		found := shownBy.FindStringSubmatch(part)
		if found == nil {
			t.Errorf("%s: %q is not a package with its tests", line, part)
			continue
		}
		dir := found[1]
		if tests[dir] == nil {
			tests[dir] = testsIn(t, filepath.Join("..", dir))
		}
		for _, name := range strings.Split(found[2], ", ") {
			if !slices.Contains(tests[dir], name) {
				t.Errorf("%s: %s has no %s", line, dir, name)
			}
		}
	}
}

func testsIn(t *testing.T, dir string) (names []string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range aTest.FindAllSubmatch(text, -1) {
			names = append(names, string(found[1]))
		}
	}
	return names
}
