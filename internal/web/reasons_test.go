package web

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/casustafel/casustafel/static"
)

// Every reason for which something is refused can be told, in both languages: who
// reads only that it did not work cannot mend it.
func TestEveryReasonHasWords(t *testing.T) {
	t.Parallel()
	refusal := regexp.MustCompile(`Refuse\(casework\.\w+, "(\w+)"\)|Reason: "(\w+)"`)
	found := 0
	err := filepath.WalkDir("..", func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		source, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, match := range refusal.FindAllStringSubmatch(string(source), -1) {
			reason := match[1] + match[2]
			found++
			for _, language := range []string{"nl", "en"} {
				if static.Locale(language)["reason."+reason] == "" {
					t.Errorf("%s: the reason %q has no words in %s", path, reason, language)
				}
			}
		}
		return nil
	})
	if err != nil || found < 50 {
		t.Errorf("%d reasons found: %v", found, err)
	}
}
