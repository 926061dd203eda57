package web

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"
)

// keysOf flattens a catalogue: key to its texts, one for each plural form.
func keysOf(t *testing.T, lang string) map[string][]string {
	t.Helper()
	files, err := fs.Glob(catalogues, "messages/"+lang+"/*.toml")
	if err != nil || len(files) == 0 {
		t.Fatalf("%s: no catalogue (%v)", lang, err)
	}
	keys := map[string][]string{}
	for _, file := range files {
		raw, err := catalogues.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var tree map[string]any
		if err := toml.Unmarshal(raw, &tree); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		own := map[string][]string{}
		flatten("", tree, own)
		for key, texts := range own {
			if keys[key] != nil {
				t.Errorf("%s says %s again", file, key)
			}
			keys[key] = texts
		}
	}
	return keys
}

var pluralForms = []string{"zero", "one", "two", "few", "many", "other"}

func flatten(prefix string, tree map[string]any, into map[string][]string) {
	for name, v := range tree {
		key := strings.TrimPrefix(prefix+"."+name, ".")
		switch v := v.(type) {
		case string:
			if slices.Contains(pluralForms, name) {
				key = prefix
			}
			into[key] = append(into[key], v)
		case map[string]any:
			flatten(key, v, into)
		}
	}
}

// TestLanguages: every language says everything, with the same arguments.
func TestLanguages(t *testing.T) {
	zh := keysOf(t, Chinese)
	for _, lang := range Languages[1:] {
		other := keysOf(t, lang)
		for key, texts := range zh {
			if other[key] == nil {
				t.Errorf("%s.toml has no %s", lang, key)
				continue
			}
			if got, want := arguments(other[key]), arguments(texts); key != "day" && !slices.Equal(got, want) {
				t.Errorf("%s: %s speaks of %v, %s of %v", key, lang, got, Chinese, want)
			}
		}
		for key := range other {
			if zh[key] == nil {
				t.Errorf("%s.toml has no %s", Chinese, key)
			}
		}
	}
}

var argument = regexp.MustCompile(`\{\{\.\w+\}\}|\{\w+\}`)

func arguments(texts []string) []string {
	var all []string
	for _, text := range texts {
		all = append(all, argument.FindAllString(text, -1)...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// families are the keys that are put together from a prefix and a word that
// the rules, the ledger or Lenex give.
var families = []string{"status", "irm", "sex", "stroke", "round", "medal", "reason", "problem", "column", "record-state", "record-why", "month", "weekday", "error", "measure", "field",
	"start", "difference", "how", "part", "stage", "format", "notice"}

var inTemplate = regexp.MustCompile(`\{\{[^}]*?\bt "([^"]+)"|\(t "([^"]+)"`)

// TestKeys: what templates and code say is in the catalogue, and nothing is in
// the catalogue that nobody says.
func TestKeys(t *testing.T) {
	said := map[string]bool{}
	pages, err := filepath.Glob("templates/*.html")
	if err != nil {
		t.Fatal(err)
	}
	for _, page := range pages {
		raw, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range inTemplate.FindAllStringSubmatch(string(raw), -1) {
			said[m[1]+m[2]] = true
		}
	}
	source := readSource(t, "..")
	for key := range source.said {
		said[key] = true
	}
	catalogue := keysOf(t, Chinese)
	for key := range said {
		if catalogue[key] == nil && !slices.Contains(families, strings.TrimSuffix(key, ".")) {
			t.Errorf("%q is said but not in the catalogue", key)
		}
	}
	for key := range catalogue {
		family, word, _ := strings.Cut(key, ".")
		word, _, _ = strings.Cut(word, ".")
		_, number := strconv.Atoi(word)
		if !said[key] && !source.puts(key) && !(slices.Contains(families, family) && (source.puts(word) || number == nil)) {
			t.Errorf("%q is in the catalogue, but nobody says it", key)
		}
	}
}

// source is what the project's Go code says and gives.
type source struct {
	said  map[string]bool   // first arguments of T
	words map[string]bool   // every short text
	given map[string]string // keys of reasons, problems and columns, and the file that gives them
}

// puts reports whether a word stands in the code, whole or as two parts that
// are put together at a hyphen or point, before a number or a plural s.
func (s *source) puts(word string) bool {
	if s.words[word] {
		return true
	}
	for i := range word {
		if _, err := strconv.Atoi(word[i:]); err == nil && s.words[word[:i]+"%d"] || word[i:] == "s" && s.words["s"] && s.words[word[:i]] {
			return true // run-2, games
		}
		if (word[i] == '-' || word[i] == '.') && (s.words[word[:i+1]] && s.words[word[i+1:]] || s.words[word[:i]] && s.words[word[i:]]) {
			return true
		}
	}
	return false
}

func readSource(t *testing.T, root string) source {
	t.Helper()
	s := source{said: map[string]bool{}, words: map[string]bool{}, given: map[string]string{}}
	set := token.NewFileSet()
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if name := d.Name(); name == "node_modules" || name == "testdata" || (strings.HasPrefix(name, ".") && path != root) {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		file, err := parser.ParseFile(set, path, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			s.look(n, path)
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func (s *source) look(n ast.Node, path string) {
	switch n := n.(type) {
	case *ast.BasicLit:
		if text, ok := literal(n); ok && len(text) < 60 {
			s.words[text] = true
		}
	case *ast.CallExpr:
		if sel, ok := n.Fun.(*ast.SelectorExpr); ok && sel.Sel.Name == "T" && len(n.Args) > 0 {
			if text, ok := literal(n.Args[0]); ok {
				s.said[text] = true
			}
		}
	case *ast.CompositeLit:
		s.lookInto(n, path)
	}
}

// keyFields are the fields whose texts are keys, by the type that has them.
var keyFields = map[string]struct{ field, family string }{
	"Invalid": {"Problem", "problem"}, "Reason": {"Rule", "reason"}, "Step": {"Rule", "reason"}, "Column": {"Name", "column"},
}

func (s *source) lookInto(n *ast.CompositeLit, path string) {
	kf, ok := keyFields[typeName(n.Type)]
	if !ok || strings.Contains(path, "/web/") {
		return
	}
	for _, e := range n.Elts {
		kv, ok := e.(*ast.KeyValueExpr)
		if !ok {
			continue
		}
		if name, ok := kv.Key.(*ast.Ident); ok && name.Name == kf.field {
			if text, ok := literal(kv.Value); ok && text != "" {
				s.given[kf.family+"."+text] = path
			}
		}
	}
}

func typeName(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	case *ast.IndexExpr:
		return typeName(e.X)
	}
	return ""
}

func literal(e ast.Expr) (string, bool) {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	text, err := strconv.Unquote(lit.Value)
	return text, err == nil
}
