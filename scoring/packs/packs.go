// Package packs is what an organiser starts an edition from: disciplines and
// their events, sport classes and who they are for, body-weight categories,
// record levels, ski factors, skills with an example marking scheme, the events
// that a sport usually holds. All of it
// is data in readable files with source, version and days of validity, checked
// as it is read. An organiser may lay files of the same shape over them.
package packs

import (
	"bytes"
	"embed"
	"encoding/json"
	"io/fs"
	"slices"
	"strings"

	"tongchang/scoring"
	"tongchang/scoring/marking"
)

// Meta is the head of a file. From and Until are days (2006-01-02), Until
// empty where no end is known.
type Meta struct {
	Sources []string
	Version string
	From    string
	Until   string
}

// On reports whether a day lies within the validity.
func (m Meta) On(day string) bool { return within(day, m.From, m.Until) }

func within(day, from, until string) bool { return from <= day && (until == "" || day <= until) }

// Discipline is a sport. Classes says what its athletes are grouped by: sport
// (a sport class from a panel) or certificate (the category of the disability
// certificate, as mass sports do).
type Discipline struct{ Code, Chinese, English, Season, Classes string }

// EventType is what is contested, before sex and classes make an event of it.
// Kind is a kind of scoring, Entry is individual, pair, relay or team.
type EventType struct {
	Discipline, Code, Chinese, English string
	Kind                               string
	Measure                            scoring.Measure
	Entry                              string
}

// Class is a sport class. Severity orders the classes of one Family, 1 the most
// impaired: an event may be merged upwards within it. Categories are those of
// the disability certificate that can lead to the class. Partner is who must
// (guide, ramp) or may (guide?, assistant?) be with the athlete.
type Class struct {
	Discipline, Code, Family string
	Severity                 int
	Impairment               string
	Categories               []int
	Partner                  string
}

// Weight is a body-weight category: more than Over and at most To grams, To 0
// without limit.
type Weight struct {
	From, Until, Sex, Category string
	Over, To                   scoring.Mark
}

// Level is a level of records. Recognised says whether a provincial games may
// break one itself.
type Level struct {
	ID, Chinese, English string
	Recognised           bool
}

// Factor is what the real time of a ski class is multiplied with. Event is *
// where one factor holds for all.
type Factor struct {
	From, Until, Discipline, Event, Class string
	Factor                                scoring.Ratio
}

// Skill is a trade of a skills contest. Categories limit it to certificate
// categories; none is open to all.
type Skill struct {
	Code, Group, Chinese, English, Occupation string
	Team                                      int
	Categories                                []int
}

// Packs is everything that was read.
type Packs struct {
	Disciplines []Discipline
	EventTypes  []EventType
	Classes     []Class
	Weights     []Weight
	Levels      []Level
	Factors     []Factor
	Skills      []Skill
	Contests    []Contest
	Senders     []Sender                 // who usually sends delegations
	Schemes     map[string]marking.Rules // by code of the skill
	Meta        map[string]Meta          // by name of the file
}

//go:embed data
var data embed.FS

// Builtin reads the files that come with the program.
func Builtin() (Packs, error) {
	files, err := fs.Sub(data, "data")
	if err != nil {
		return Packs{}, err
	}
	return Read(files)
}

// Read reads and checks the files of a pack. A fault is a [*scoring.Invalid]
// that names the file and line.
func Read(files fs.FS) (Packs, error) {
	p := Packs{Schemes: map[string]marking.Rules{}, Meta: map[string]Meta{}}
	for _, read := range []func(fs.FS) error{
		p.disciplines, p.eventTypes, p.classes, p.weights, p.levels, p.factors, p.skills, p.schemes, p.contests, p.senders,
	} {
		if err := read(files); err != nil {
			return Packs{}, err
		}
	}
	return p, nil
}

func (p *Packs) discipline(code string) bool {
	return slices.ContainsFunc(p.Disciplines, func(d Discipline) bool { return d.Code == code })
}

func (p *Packs) disciplines(files fs.FS) error {
	return p.table(files, "disciplines.tsv", "code", []string{"code", "zh", "en", "season", "classes"}, func(r *row) {
		p.Disciplines = append(p.Disciplines, Discipline{r.text("code"), r.text("zh"), r.text("en"),
			r.word("season", "summer", "winter", "mass"), r.word("classes", "sport", "certificate")})
	})
}

func (p *Packs) eventTypes(files fs.FS) error {
	return p.table(files, "event_types.tsv", "discipline code", []string{"discipline", "code", "zh", "en", "kind", "measure", "entry"}, func(r *row) {
		e := EventType{r.text("discipline"), r.text("code"), r.text("zh"), r.text("en"), r.text("kind"),
			scoring.Measure(r.text("measure")), r.word("entry", "individual", "pair", "relay", "team")}
		if !e.Measure.Known() {
			r.bad("measure", "unknown-measure", string(e.Measure))
		}
		r.belongs(p, e.Discipline)
		p.EventTypes = append(p.EventTypes, e)
	})
}

func (p *Packs) classes(files fs.FS) error {
	return p.table(files, "classes.tsv", "discipline code", []string{"discipline", "code", "family", "severity", "impairment", "categories", "partner"}, func(r *row) {
		c := Class{r.text("discipline"), r.text("code"), r.text("family"), r.number("severity", 1, 99), r.text("impairment"),
			r.categories("categories"), r.maybe("partner")}
		if c.Partner != "" {
			r.word("partner", "guide", "guide?", "ramp", "assistant?")
		}
		r.belongs(p, c.Discipline)
		p.Classes = append(p.Classes, c)
	})
}

func (p *Packs) weights(files fs.FS) error {
	err := p.table(files, "weights.tsv", "from sex category", []string{"from", "until", "sex", "category", "over", "to"}, func(r *row) {
		from, until := r.days()
		p.Weights = append(p.Weights, Weight{from, until, r.word("sex", "M", "W"), r.text("category"),
			scoring.Mark(r.number("over", 0, 999_999)), scoring.Mark(r.number("to", 0, 999_999))})
	})
	for i := 1; err == nil && i < len(p.Weights); i++ {
		a, b := p.Weights[i-1], p.Weights[i]
		sameSet := a.From == b.From && a.Sex == b.Sex
		if sameSet && b.Over != a.To || !sameSet && (b.Over != 0 || a.To != 0) || b.To != 0 && b.To <= b.Over {
			return &scoring.Invalid{Line: b.Sex + " " + b.Category, Field: "weights.tsv", Problem: "weights-gap", With: []string{a.Category, b.Category}}
		}
	}
	return err
}

func (p *Packs) levels(files fs.FS) error {
	return p.table(files, "record_levels.tsv", "id", []string{"id", "zh", "en", "recognised"}, func(r *row) {
		p.Levels = append(p.Levels, Level{r.text("id"), r.text("zh"), r.text("en"), r.word("recognised", "yes", "no") == "yes"})
	})
}

func (p *Packs) factors(files fs.FS) error {
	return p.table(files, "ski_factors.tsv", "from discipline event class", []string{"from", "until", "discipline", "event", "class", "factor"}, func(r *row) {
		from, until := r.days()
		f := Factor{from, until, r.text("discipline"), r.text("event"), r.text("class"), r.ratio("factor")}
		if f.Factor.Sign() <= 0 || f.Factor.Cmp(scoring.Whole(1)) > 0 {
			r.bad("factor", "not-between", f.Factor.String(), "0", "1")
		}
		if !slices.ContainsFunc(p.Classes, func(c Class) bool { return c.Discipline == f.Discipline && c.Code == f.Class }) {
			r.bad("class", "unknown-value", f.Class, "classes.tsv")
		}
		p.Factors = append(p.Factors, f)
	})
}

func (p *Packs) skills(files fs.FS) error {
	return p.table(files, "skills.tsv", "code", []string{"code", "group", "zh", "en", "occupation", "team", "categories"}, func(r *row) {
		p.Skills = append(p.Skills, Skill{r.text("code"), r.text("group"), r.text("zh"), r.text("en"), r.text("occupation"),
			r.number("team", 1, 9), r.categories("categories")})
	})
}

// schemes reads scheme-CODE.json of whichever skills have one.
func (p *Packs) schemes(files fs.FS) error {
	names, err := fs.Glob(files, "scheme-*.json")
	if err != nil {
		return err
	}
	for _, name := range names {
		raw, err := fs.ReadFile(files, name)
		if err != nil {
			return err
		}
		if err := p.scheme(name, raw); err != nil {
			return err
		}
	}
	return nil
}

func (p *Packs) scheme(name string, raw []byte) error {
	bad := func(field, problem string, with ...string) error {
		return &scoring.Invalid{Line: name, Field: field, Problem: problem, With: with}
	}
	var file struct {
		Source  string          `json:"source"`
		Version string          `json:"version"`
		From    string          `json:"valid-from"`
		Until   string          `json:"valid-to"`
		Skill   string          `json:"skill"`
		Scheme  json.RawMessage `json:"scheme"`
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if err := d.Decode(&file); err != nil {
		return bad("scheme", "unreadable", err.Error())
	}
	meta := Meta{Sources: []string{file.Source}, Version: file.Version, From: file.From, Until: file.Until}
	if field := meta.missing(); field != "" {
		return bad(field, "head-missing", field)
	}
	if !slices.ContainsFunc(p.Skills, func(s Skill) bool { return s.Code == file.Skill }) || name != "scheme-"+file.Skill+".json" {
		return bad("skill", "unknown-value", file.Skill, "skills.tsv")
	}
	scheme, err := marking.Read(file.Scheme)
	if err != nil {
		return err
	}
	p.Schemes[file.Skill], p.Meta[name] = scheme, meta
	return nil
}

// ClassOf finds a class of a discipline.
func (p *Packs) ClassOf(discipline, code string) (Class, bool) {
	i := slices.IndexFunc(p.Classes, func(c Class) bool { return c.Discipline == discipline && c.Code == code })
	if i < 0 {
		return Class{}, false
	}
	return p.Classes[i], true
}

// Possible are the classes of a discipline that a certificate category can
// lead to. Category 7, multiple, can lead to those of each of its parts.
func (p *Packs) Possible(discipline string, categories ...int) []Class {
	var classes []Class
	for _, c := range p.Classes {
		if c.Discipline == discipline && slices.ContainsFunc(c.Categories, func(k int) bool { return slices.Contains(categories, k) }) {
			classes = append(classes, c)
		}
	}
	return classes
}

// WeightOf is the category of a body weight in grams on a day.
func (p *Packs) WeightOf(day, sex string, body scoring.Mark) (Weight, bool) {
	for _, w := range p.Weights {
		if within(day, w.From, w.Until) && w.Sex == sex && body > w.Over && (w.To == 0 || body <= w.To) && p.newest(w, day) {
			return w, true
		}
	}
	return Weight{}, false
}

// newest reports whether no later set of categories is in force on the day.
func (p *Packs) newest(w Weight, day string) bool {
	return !slices.ContainsFunc(p.Weights, func(o Weight) bool {
		return o.Sex == w.Sex && o.From > w.From && within(day, o.From, o.Until)
	})
}

// FactorOf is the factor of a ski class on a day; without one a rank must wait.
func (p *Packs) FactorOf(day, discipline, event, class string) (scoring.Ratio, bool) {
	for _, f := range p.Factors {
		if within(day, f.From, f.Until) && f.Discipline == discipline && f.Class == class && (f.Event == event || f.Event == "*") {
			return f.Factor, true
		}
	}
	return scoring.Ratio{}, false
}

// missing names the first part of a head that is not there or is no day.
func (m Meta) missing() string {
	switch {
	case len(m.Sources) == 0 || strings.TrimSpace(m.Sources[0]) == "":
		return "source"
	case m.Version == "":
		return "version"
	case !day(m.From):
		return "valid-from"
	case m.Until != "" && (!day(m.Until) || m.Until < m.From):
		return "valid-to"
	}
	return ""
}
