package seeded

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// withFaults gives the text of every source file that a fault is in, by its whole
// path, and of one more file in each of their packages, which reads the number of
// the fault to run with.
func withFaults(faults []Fault) (map[string]string, error) {
	files := map[string]*source{}
	for i, f := range faults {
		for _, e := range f.Edits {
			path, err := filepath.Abs(e.File)
			if err != nil {
				return nil, err
			}
			if files[path] == nil {
				if files[path], err = read(path); err != nil {
					return nil, err
				}
			}
			if err := files[path].seed(i+1, e); err != nil {
				return nil, fmt.Errorf("%s: %s: %w", f.Name, e.File, err)
			}
		}
	}
	texts := map[string]string{}
	for path, s := range files {
		texts[path] = s.text()
		texts[filepath.Join(filepath.Dir(path), "zz_seeded_fault.go")] = fmt.Sprintf(
			"package %s\n\nimport \"os\"\n\nvar seededFault = os.Getenv(%q)\n", s.tree.Name.Name, which)
	}
	return texts, nil
}

// source is a file that gets faults.
type source struct {
	body  string
	set   *token.FileSet
	tree  *ast.File
	twins []twin
}

// twin is a function beside one of the file, the same but for a fault.
type twin struct {
	of    *ast.FuncDecl
	fault int
	text  string
}

func read(path string) (*source, error) {
	body, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	s := &source{body: string(body), set: token.NewFileSet()}
	s.tree, err = parser.ParseFile(s.set, path, body, parser.SkipObjectResolution)
	return s, err
}

func (s *source) at(p token.Pos) int { return s.set.Position(p).Offset }

// seed puts the edit into the twin, for this fault, of the function it is in.
func (s *source) seed(fault int, e Edit) error {
	if strings.Count(s.body, e.From) != 1 {
		return fmt.Errorf("holds %q not once: the fault must follow the source", e.From)
	}
	from := strings.Index(s.body, e.From)
	for _, d := range s.tree.Decls {
		f, ok := d.(*ast.FuncDecl)
		if !ok || f.Body == nil || from <= s.at(f.Body.Lbrace) || from+len(e.From) > s.at(f.Body.Rbrace) {
			continue
		}
		own := slices.IndexFunc(s.twins, func(t twin) bool { return t.of == f && t.fault == fault })
		if own < 0 {
			name := s.at(f.Name.End())
			s.twins = append(s.twins, twin{f, fault, s.body[s.at(f.Pos()):name] + suffix(fault) + s.body[name:s.at(f.End())]})
			own = len(s.twins) - 1
		}
		s.twins[own].text = strings.Replace(s.twins[own].text, e.From, e.To, 1)
		return nil
	}
	return fmt.Errorf("%q is not within one function", e.From)
}

func suffix(fault int) string { return fmt.Sprintf("Fault%d", fault) }

// text is the file with a way from each function to its twins, on the line on
// which it begins, so that lines keep their numbers.
func (s *source) text() string {
	ways := map[*ast.FuncDecl]string{}
	for _, t := range s.twins {
		way := "%[1]s; return"
		if t.of.Type.Results != nil {
			way = "return %[1]s"
		}
		ways[t.of] += fmt.Sprintf(" if seededFault == \"%[2]d\" { "+way+" };", s.call(t), t.fault)
	}
	text, end := "", 0
	put := func(at int, what string, instead int) {
		text += s.body[end:at] + what
		end = at + instead
	}
	for _, d := range s.tree.Decls {
		f, ok := d.(*ast.FuncDecl)
		if !ok || ways[f] == "" {
			continue
		}
		for i, field := range parameters(f) {
			if len(field.Names) == 0 {
				put(s.at(field.Type.Pos()), given(i, 0)+" ", 0)
			}
			for j, name := range field.Names {
				if name.Name == "_" {
					put(s.at(name.Pos()), given(i, j), 1)
				}
			}
		}
		put(s.at(f.Body.Lbrace)+1, ways[f], 0)
	}
	text += s.body[end:]
	for _, t := range s.twins {
		text += "\n" + t.text + "\n"
	}
	return text
}

// call is how a function calls its twin with all that it was given.
func (s *source) call(t twin) string {
	name := t.of.Name.Name + suffix(t.fault)
	var all []string
	for i, field := range parameters(t.of) {
		names := field.Names
		if len(names) == 0 {
			names = []*ast.Ident{{Name: "_"}}
		}
		for j, n := range names {
			argument := n.Name
			if argument == "_" {
				argument = given(i, j)
			}
			if _, many := field.Type.(*ast.Ellipsis); many {
				argument += "..."
			}
			all = append(all, argument)
		}
	}
	if t.of.Recv != nil {
		name, all = all[0]+"."+name, all[1:]
	}
	return name + "(" + strings.Join(all, ", ") + ")"
}

// parameters are those of a function, its receiver first.
func parameters(f *ast.FuncDecl) []*ast.Field {
	if f.Recv == nil {
		return f.Type.Params.List
	}
	return slices.Concat(f.Recv.List, f.Type.Params.List)
}

// given names a parameter that has no name.
func given(field, name int) string { return fmt.Sprintf("given%d_%d", field, name) }
