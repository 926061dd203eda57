// What the terminal says: its own sentences in two languages, and the problems
// that the ledger and its readers report, in the words of the pages.
package main

import (
	"embed"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"

	"github.com/BurntSushi/toml"

	"tongchang/events"
	"tongchang/events/lenex"
	"tongchang/scoring"
	"tongchang/web"
)

//go:embed messages/*.toml
var messages embed.FS

// words are the sentences of one language, by key: "import.done".
type words map[string]string

func readWords(lang string) (words, error) {
	raw, err := messages.ReadFile("messages/" + lang + ".toml")
	if err != nil {
		return nil, err
	}
	var groups map[string]map[string]string
	if err := toml.Unmarshal(raw, &groups); err != nil {
		return nil, fmt.Errorf("messages/%s.toml: %w", lang, err)
	}
	w := words{}
	for group, texts := range groups {
		for key, text := range texts {
			w[group+"."+key] = text
		}
	}
	return w, nil
}

// say fills in a sentence: {{.A1}} is the first argument, as in the catalogue
// of the pages. A key that is missing is said as it stands.
func (w words) say(key string, args ...any) string {
	text, ok := w[key]
	if !ok {
		text = key
	}
	for i, arg := range args {
		text = strings.ReplaceAll(text, "{{.A"+strconv.Itoa(i+1)+"}}", fmt.Sprint(arg))
	}
	return text
}

// forHelp are the texts as the parser's help wants them: help_serve.
func (w words) forHelp() map[string]string {
	vars := make(map[string]string, len(w))
	for key, text := range w {
		vars[strings.ReplaceAll(key, ".", "_")] = text
	}
	return vars
}

// language is the one to speak: as asked for, else as the machine is set.
func language(args []string) string {
	asked := ""
	for i, arg := range args {
		if v, ok := strings.CutPrefix(arg, "--lang="); ok {
			asked = v
		} else if arg == "--lang" && i+1 < len(args) {
			asked = args[i+1]
		}
	}
	for _, name := range []string{"TONGCHANG_LANG", "LC_ALL", "LC_MESSAGES", "LANG"} {
		if asked == "" {
			asked = os.Getenv(name)
		}
	}
	if strings.HasPrefix(strings.ToLower(asked), "zh") {
		return web.Chinese
	}
	return web.English
}

// sayError is an error that is a sentence of the terminal's catalogue.
type sayError struct {
	key  string
	args []any
}

func (e sayError) Error() string { return e.key + fmt.Sprint(e.args) }

// fault makes a [sayError] with the cause as its last argument.
func fault(key string, args ...any) error { return sayError{"error." + key, args} }

// explain turns an error into sentences for people.
func (a *app) explain(err error) []string {
	var ours sayError
	var many lenex.Problems
	var refusal *events.Refusal
	var invalid *scoring.Invalid
	switch {
	case errors.As(err, &ours):
		if ours.key == "usage" {
			return []string{a.words.say("error.usage", ours.args...)}
		}
		return []string{a.words.say(ours.key, a.inner(ours.args)...)}
	case errors.As(err, &many):
		var all []string
		for _, p := range many {
			all = append(all, a.placed(p))
		}
		return all
	case errors.As(err, &invalid):
		return []string{a.placed(invalid)}
	case errors.As(err, &refusal):
		return []string{a.web.Problem(err, nil)}
	}
	return []string{err.Error()}
}

// inner explains the errors among a sentence's arguments.
func (a *app) inner(args []any) []any {
	out := make([]any, len(args))
	for i, arg := range args {
		out[i] = arg
		if err, ok := arg.(error); ok {
			out[i] = strings.Join(a.explain(err), " ")
		}
	}
	return out
}

// placed says what is wrong and where: line 12, RESULT swimtime.
func (a *app) placed(p *scoring.Invalid) string {
	said := a.web.Problem(&scoring.Invalid{Problem: p.Problem, With: p.With, Rule: p.Rule}, nil)
	switch {
	case p.Line != "" && p.Field != "":
		return a.words.say("where.line-field", p.Line, p.Field, said)
	case p.Line != "":
		return a.words.say("where.line", p.Line, said)
	case p.Field != "":
		return a.words.say("where.field", p.Field, said)
	}
	return said
}
