package lifts

import (
	"bufio"
	"bytes"
	"embed"
	"fmt"
	"io"
	"path"
	"strings"
	"sync"
	"time"

	"tongchang/scoring"
)

// Season is a set of body-weight categories, in force for a time. Categories are
// redrawn every few years, so they are data and never constants.
type Season struct {
	Name       string // wppo-2013
	Source     string
	From       string // first day, 2013-01-01
	Until      string // last day; empty while nothing replaces it
	Categories []Category
}

// Category is a range of body weights: from 10 g above the category before it up
// to and including Limit, in g. Limit is 0 in the open category.
type Category struct {
	Sex   string       `json:"sex"` // M or W
	Name  string       `json:"name"`
	Limit scoring.Mark `json:"limit,omitempty"`
}

// categoryOf finds the category of a body weight among those given.
func categoryOf(categories []Category, sex string, bodyWeight scoring.Mark) (Category, bool) {
	var found Category
	ok := false
	for _, c := range categories {
		if c.Sex != sex || (c.Limit != 0 && bodyWeight > c.Limit) {
			continue
		}
		if !ok || found.Limit == 0 || (c.Limit != 0 && c.Limit < found.Limit) {
			found, ok = c, true
		}
	}
	return found, ok
}

// Category finds the category of a body weight in g.
func (s *Season) Category(sex string, bodyWeight scoring.Mark) (Category, error) {
	if c, ok := categoryOf(s.Categories, sex, bodyWeight); ok && bodyWeight > 0 {
		return c, nil
	}
	return Category{}, &scoring.Invalid{Field: "body_weight", Problem: "no-category", With: []string{s.Name, sex, kilograms(bodyWeight, 2)}}
}

// ReadSeason reads tab-separated text: lines "# key: value" for name, source,
// from and until (other # lines are remarks), the line "sex name limit", then a
// category a line, limits in kg, the open category without one. Faults are a
// [*scoring.Invalid] naming the line.
func ReadSeason(r io.Reader) (*Season, error) {
	s := new(Season)
	lines := bufio.NewScanner(io.LimitReader(r, 1<<16))
	head := false
	for n := 1; lines.Scan(); n++ {
		text := lines.Text()
		bad := func(problem string) error {
			return &scoring.Invalid{Field: fmt.Sprint("line ", n), Problem: problem, With: []string{text}, Rule: s.Name}
		}
		switch {
		case strings.HasPrefix(text, "#"):
			s.describe(text)
			continue
		case !head:
			if head = text == "sex\tname\tlimit"; !head {
				return nil, bad("unreadable")
			}
			continue
		}
		c, ok := readCategory(strings.Split(text, "\t"))
		if !ok {
			return nil, bad("not-a-category")
		}
		for _, other := range s.Categories {
			if other.Sex == c.Sex && (other.Name == c.Name || other.Limit == c.Limit) {
				return nil, bad("category-twice")
			}
		}
		s.Categories = append(s.Categories, c)
	}
	if err := lines.Err(); err != nil {
		return nil, &scoring.Invalid{Field: "categories", Problem: "unreadable", With: []string{err.Error()}}
	}
	return s, s.check()
}

func (s *Season) describe(line string) {
	name, value, _ := strings.Cut(strings.TrimPrefix(line, "# "), ": ")
	switch name {
	case "name":
		s.Name = value
	case "source":
		s.Source = value
	case "from":
		s.From = value
	case "until":
		s.Until = value
	}
}

func readCategory(cells []string) (Category, bool) {
	if len(cells) != 3 || (cells[0] != "M" && cells[0] != "W") || cells[1] == "" {
		return Category{}, false
	}
	c := Category{Sex: cells[0], Name: cells[1]}
	if cells[2] == "" {
		return c, true
	}
	limit, err := scoring.Grams.Parse(cells[2])
	c.Limit = limit
	return c, err == nil && limit > 0 && limit%10 == 0
}

func (s *Season) check() error {
	for _, day := range []string{s.From, s.Until} {
		if _, err := time.Parse(time.DateOnly, day); day != "" && err != nil {
			return &scoring.Invalid{Field: "from", Problem: "not-a-period", With: []string{s.From, s.Until}, Rule: s.Name}
		}
	}
	switch {
	case s.Name == "":
		return &scoring.Invalid{Field: "name", Problem: "table-without-name"}
	case len(s.Categories) == 0:
		return &scoring.Invalid{Field: "categories", Problem: "table-empty", Rule: s.Name}
	case s.From == "" || (s.Until != "" && s.Until < s.From):
		return &scoring.Invalid{Field: "from", Problem: "not-a-period", With: []string{s.From, s.Until}, Rule: s.Name}
	}
	return nil
}

//go:embed data/*.tsv
var data embed.FS

// seasons reads the files that come with the program, once.
var seasons = sync.OnceValues(func() ([]*Season, error) {
	files, err := data.ReadDir("data")
	if err != nil {
		return nil, err
	}
	all := make([]*Season, len(files))
	for i, f := range files {
		raw, err := data.ReadFile(path.Join("data", f.Name()))
		if err != nil {
			return nil, err
		}
		if all[i], err = ReadSeason(bytes.NewReader(raw)); err != nil {
			return nil, fmt.Errorf("%s: %w", f.Name(), err)
		}
	}
	return all, nil
})

// Seasons are the sets of categories that come with the program. They are
// shared: read them only.
func Seasons() ([]*Season, error) { return seasons() }

// SeasonOn finds the categories in force on a day such as 2026-08-08.
func SeasonOn(day string) (*Season, error) {
	all, err := seasons()
	if err != nil {
		return nil, err
	}
	if _, err := time.Parse(time.DateOnly, day); err != nil {
		return nil, &scoring.Invalid{Field: "day", Problem: "not-a-day", With: []string{day}}
	}
	for _, s := range all {
		if s.From <= day && (s.Until == "" || day <= s.Until) {
			return s, nil
		}
	}
	return nil, &scoring.Invalid{Field: "season", Problem: "no-table-that-day", With: []string{"categories", day}}
}

// seasonNamed finds a set of categories by its name.
func seasonNamed(name string) (*Season, error) {
	all, err := seasons()
	if err != nil {
		return nil, err
	}
	known := make([]string, len(all))
	for i, s := range all {
		if s.Name == name {
			return s, nil
		}
		known[i] = s.Name
	}
	return nil, &scoring.Invalid{Field: "season", Problem: "unknown-table", With: []string{name, strings.Join(known, ", ")}}
}
