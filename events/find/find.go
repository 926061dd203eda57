// Package find finds people, delegations and events by what somebody types: a
// name or a part of it, its pinyin or initials, a number, a class, another name
// that the thing has. Widths, case, accents, spaces and the dot of long names
// make no difference. It knows what it is told and nothing else: who is shown by
// number is found by number alone.
package find

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"tongchang/events/spoken"
)

// Kind says what a thing is. Equally good finds stand in the order of kinds.
type Kind int

// The kinds of things.
const (
	Person Kind = iota
	Delegation
	Event
)

// Thing is what can be found. Also are other words that it goes by: its name in
// another language, a class, the delegation it belongs to.
type Thing struct {
	Kind   Kind
	ID     int64
	Name   string
	Number string // bib or number in the programme; empty: none
	Also   []string
}

// Index is what Find looks through. It is never changed once it is made.
type Index struct {
	entries []entry
}

type entry struct {
	Thing
	name   string // folded
	number string
	also   []string
	sounds [][]string // readings of the name's characters, one by one
}

// New makes an index of things.
func New(things []Thing) *Index {
	x := &Index{entries: make([]entry, len(things))}
	for i, t := range things {
		e := entry{Thing: t, name: fold(t.Name), number: fold(t.Number), sounds: sounds(t.Name)}
		for _, a := range t.Also {
			if a = fold(a); a != "" {
				e.also = append(e.also, a)
			}
		}
		x.entries[i] = e
	}
	return x
}

// longest is how much of what was typed is looked at, in characters.
const longest = 60

// Find lists the things that match what was typed, the best first, and says how
// many there are in all. Several words must all match, whatever they match; a
// name written apart (wang xiao yan) is tried as one first.
func (x *Index) Find(typed string, limit int) (found []Thing, all int) {
	if r := []rune(typed); len(r) > longest {
		typed = string(r[:longest])
	}
	whole := fold(typed)
	if whole == "" {
		return nil, 0
	}
	var words []string
	for _, w := range strings.Fields(norm.NFKC.String(typed)) {
		if w = fold(w); w != "" {
			words = append(words, w)
		}
	}
	type hit struct {
		*entry
		score int
	}
	var hits []hit
	for i := range x.entries {
		e := &x.entries[i]
		if score := max(e.match(whole), e.matchAll(words)); score > 0 {
			hits = append(hits, hit{e, score})
		}
	}
	slices.SortStableFunc(hits, func(a, b hit) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
	})
	for _, h := range hits[:min(limit, len(hits))] {
		found = append(found, h.Thing)
	}
	return found, len(hits)
}

// How well a word fits, the best first.
const (
	fitsAlso = iota + 1
	fitsAlsoWhole
	fitsInitials
	fitsSound
	fitsPart
	fitsBegin
	fitsNumber
	fitsName
)

// matchAll is the worst fit of several words, 0 where one does not fit at all.
func (e *entry) matchAll(words []string) int {
	if len(words) < 2 {
		return 0
	}
	worst := fitsName
	for _, w := range words {
		worst = min(worst, e.match(w))
	}
	return worst
}

func (e *entry) match(word string) int {
	switch {
	case e.name == word:
		return fitsName
	case e.number == word:
		return fitsNumber
	case strings.HasPrefix(e.name, word):
		return fitsBegin
	case strings.Contains(e.name, word):
		return fitsPart
	}
	if fit := e.sound(word); fit > 0 {
		return fit
	}
	best := 0
	for _, a := range e.also {
		switch {
		case a == word:
			return fitsAlsoWhole
		case strings.HasPrefix(a, word) || len(word) > 3 && strings.Contains(a, word):
			best = fitsAlso
		}
	}
	return best
}

// sound matches letters with the name's readings, beginning at any character: a
// syllable in full or by its first letters, the last as far as it is typed.
func (e *entry) sound(word string) int {
	if len(word) < 2 || strings.ContainsFunc(word, func(c rune) bool { return c > unicode.MaxASCII }) {
		return 0
	}
	best := 0
	for i := range e.sounds {
		best = max(best, spell(e.sounds[i:], word, fitsSound))
	}
	return best
}

// spell is how well letters spell the beginning of syllables: by sound where at
// least one is spelled in full, else by initials.
func spell(syllables [][]string, word string, as int) int {
	if word == "" {
		return as
	}
	if len(syllables) == 0 {
		return 0
	}
	best := 0
	for _, s := range syllables[0] {
		if rest, ok := strings.CutPrefix(word, s); ok {
			best = max(best, spell(syllables[1:], rest, as))
		} else if strings.HasPrefix(s, word) {
			best = max(best, as) // the last one, not typed to its end
		}
		for n := range initials(s) {
			if rest, ok := strings.CutPrefix(word, s[:n]); ok && n < len(s) {
				best = max(best, spell(syllables[1:], rest, fitsInitials))
			}
		}
	}
	return best
}

// initials are how many letters of a syllable people type for it: the first, or
// the two of zh, ch and sh.
func initials(s string) func(func(int) bool) {
	return func(yield func(int) bool) {
		if yield(1) && len(s) > 2 && s[1] == 'h' {
			yield(2)
		}
	}
}

// sounds are the readings of a name's Chinese characters; other letters and
// digits stand for themselves.
func sounds(name string) [][]string {
	var all [][]string
	for _, c := range norm.NFKC.String(name) {
		switch {
		case unicode.Is(unicode.Han, c):
			all = append(all, spoken.Readings(c))
		case unicode.IsLetter(c) || unicode.IsDigit(c):
			if s := fold(string(c)); s != "" {
				all = append(all, []string{s})
			}
		}
	}
	return all
}

// fold makes a text comparable: one width, no case, no accents, and of its
// characters letters and digits alone.
func fold(s string) string {
	var b strings.Builder
	for _, c := range norm.NFKD.String(strings.ReplaceAll(strings.ToLower(s), "ü", "v")) {
		if unicode.IsLetter(c) || unicode.IsDigit(c) {
			b.WriteRune(unicode.ToLower(c))
		}
	}
	return norm.NFC.String(b.String())
}
