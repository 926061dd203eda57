package outcomes

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"tongchang/events/classes"
	"tongchang/events/identity"
)

// World is what a file is held against: who takes part, which sports there are,
// which classes they know, who holds which class now.
type World struct {
	People   []Person
	Sports   []SportOf
	Held     []Held
	Sport    int64 // of rows that name none; 0: every row has to
	Only     bool  // other sports than Sport are refused
	Cause    classes.Cause
	Date1904 bool
}

// Person is somebody who takes part.
type Person struct {
	ID                       int64
	Code, Name               string
	Delegation, DelegationNo string // name, and code
}

// SportOf is a sport with the classes that it knows. A sport without any knows
// all.
type SportOf struct {
	ID         int64
	Code, Name string
	Classes    []string
}

// Held is a class that a person holds now. ID is its row's.
type Held struct {
	ID, Person, Sport int64
	Group, Class      string
	Status            classes.Status
	Review            int
	Limitation        string
}

// Decided is what a row says, read.
type Decided struct {
	Group, Class string
	Status       classes.Status
	Review       int
	Panel        string
	Day          string // 2027-06-17; empty: not said
	Order        int    // 0: not said
	Classifiers  []string
	Limitation   string
	Cause        classes.Cause
}

// What a row does.
const (
	Refused = "refused" // a problem keeps it back
	Same    = "same"    // the person holds exactly this already
	First   = "first"   // the person's first class of its group
	Change  = "change"
)

// Row is a line with what it means. Held is the class that it replaces, with ID
// 0 where there is none.
type Row struct {
	Line
	Person   *Person
	Sport    *SportOf
	Held     Held
	Does     string
	Problems []Problem
	Decided
}

// Problem is what keeps a row back. Problem is a key of the catalogue, At the
// cell's address, empty where the file has no such column.
type Problem struct {
	Field   Field
	At      string
	Problem string
	With    []string
}

// judge holds lines against the world.
type judge struct {
	World
	byCode map[string]*Person
	byName map[string][]*Person
	seen   map[key]int // row in which a person's group stands already
}

type key struct {
	person, sport int64
	group         string
}

// Judge reads every line beside what there is. The rows come in the file's
// order.
func Judge(f *File, w World) []Row {
	j := &judge{World: w, byCode: map[string]*Person{}, byName: map[string][]*Person{}, seen: map[key]int{}}
	j.Date1904 = f.Date1904
	for i := range w.People {
		p := &w.People[i]
		j.byCode[spelt(p.Code)] = p
		j.byName[spelt(p.Name)] = append(j.byName[spelt(p.Name)], p)
	}
	rows := make([]Row, len(f.Lines))
	for i := range f.Lines {
		rows[i] = Row{Line: f.Lines[i]}
		j.row(&rows[i])
	}
	return rows
}

func (r *Row) say(f Field, problem string, with ...string) {
	r.Problems = append(r.Problems, Problem{Field: f, At: r.At(f), Problem: problem, With: with})
}

func (j *judge) row(r *Row) {
	j.person(r)
	j.sport(r)
	j.class(r)
	j.standing(r)
	j.around(r)
	if r.Person != nil && r.Sport != nil && r.Class != "" {
		j.group(r)
		j.place(r)
	}
	if len(r.Problems) > 0 {
		r.Does = Refused
	}
}

// person finds who a row is about.
func (j *judge) person(r *Row) {
	code, name := r.Get(Code), r.Get(Name)
	switch {
	case code == "" && name == "":
		r.say(Code, "outcomes-nobody")
	case code != "":
		p := j.byCode[spelt(code)]
		switch {
		case p == nil:
			r.say(Code, "outcomes-code-unknown", code)
		case name != "" && spelt(p.Name) != spelt(name):
			r.say(Name, "outcomes-name-differs", code, p.Name, name)
		case r.Get(Delegation) != "" && !p.of(r.Get(Delegation)):
			r.say(Delegation, "outcomes-delegation-differs", code, p.Delegation, r.Get(Delegation))
		default:
			r.Person = p
		}
	default:
		j.named(r, name)
	}
}

// named finds a person by name and, where several have it, delegation.
func (j *judge) named(r *Row, name string) {
	found := j.byName[spelt(name)]
	all := len(found)
	if of := r.Get(Delegation); of != "" {
		found = slices.DeleteFunc(slices.Clone(found), func(p *Person) bool { return !p.of(of) })
	}
	switch {
	case all == 0:
		r.say(Name, "outcomes-name-unknown", name)
	case len(found) == 0:
		r.say(Delegation, "outcomes-name-elsewhere", name, r.Get(Delegation))
	case len(found) > 1:
		r.say(Name, "outcomes-name-several", name, strconv.Itoa(len(found)))
	default:
		r.Person = found[0]
	}
}

// of reports whether a text names the person's delegation: 大庆, 大庆代表团, DAQ.
func (p *Person) of(delegation string) bool {
	d := spelt(delegation)
	for _, word := range []string{"代表团", "代表队"} {
		d = strings.TrimSuffix(d, word)
	}
	return d == spelt(p.Delegation) || d == spelt(p.DelegationNo)
}

// sport finds the sport that a row is about.
func (j *judge) sport(r *Row) {
	text := r.Get(Sport)
	i := slices.IndexFunc(j.Sports, func(s SportOf) bool {
		return text == "" && s.ID == j.Sport || text != "" && (spelt(text) == spelt(s.Name) || spelt(text) == spelt(s.Code))
	})
	switch {
	case text == "" && i < 0:
		r.say(Sport, "outcomes-sport-missing")
	case i < 0:
		r.say(Sport, "outcomes-sport-unknown", text)
	case j.Only && j.Sports[i].ID != j.Sport:
		r.say(Sport, "outcomes-sport-other", text)
	default:
		r.Sport = &j.Sports[i]
	}
}

// class reads the class decided.
func (j *judge) class(r *Row) {
	class := strings.ToUpper(strings.Join(strings.Fields(r.Get(Class)), ""))
	switch {
	case class == "":
		r.say(Class, "outcomes-class-missing")
	case utf8.RuneCountInString(class) > 12:
		r.say(Class, "outcomes-long", "12")
	case !classes.Pseudo(class) && r.Sport != nil && !r.Sport.knows(class):
		r.say(Class, "outcomes-class-unknown", class, r.Sport.Name)
	default:
		r.Class = class
	}
}

func (s *SportOf) knows(class string) bool {
	return len(s.Classes) == 0 || slices.Contains(s.Classes, class)
}

// standing reads the status with its review year. A class is not taken without
// one: how firm it is decides what its results count for.
func (j *judge) standing(r *Row) {
	text, year := r.Get(Status), r.Get(Review)
	if text == "" {
		if r.Class != "" && !classes.Pseudo(r.Class) {
			r.say(Status, "outcomes-status-missing")
		}
	} else if s, behind, ok := status(text); !ok {
		r.say(Status, "outcomes-status", text)
	} else {
		r.Status, year = s, cmp.Or(year, behind)
	}
	if year = strings.TrimSuffix(year, "年"); year != "" {
		n, err := strconv.Atoi(year)
		if err != nil || n < 2000 || n > 2100 {
			r.say(Review, "outcomes-review", year)
			return
		}
		r.Review = n
	}
	if r.Status == classes.FixedDate && r.Review == 0 {
		r.say(Review, "outcomes-review-missing")
	}
}

// around reads what stands round the decision.
func (j *judge) around(r *Row) {
	r.Cause = j.Cause
	if text := r.Get(Cause); text != "" {
		c, ok := cause(text)
		if !ok {
			r.say(Cause, "outcomes-cause", text)
		}
		r.Cause = c
	}
	if text := r.Get(Day); text != "" {
		day, ok := identity.ReadDay(text, j.Date1904)
		if !ok {
			r.say(Day, "outcomes-day", text)
		} else {
			r.Day = day.String()
		}
	}
	if text := r.Get(Order); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > 9 {
			r.say(Order, "outcomes-order", text)
		} else {
			r.Order = n
		}
	}
	r.Panel, r.Limitation = r.short(Panel), r.short(Limitation)
	for name := range strings.FieldsFuncSeq(r.Get(Classifiers), func(c rune) bool { return strings.ContainsRune("、,;/\n", c) }) {
		if name = strings.TrimSpace(name); name != "" {
			r.Classifiers = append(r.Classifiers, name)
		}
	}
	switch {
	case len(r.Classifiers) > 5:
		r.say(Classifiers, "outcomes-classifiers", strconv.Itoa(len(r.Classifiers)))
	case slices.ContainsFunc(r.Classifiers, tooLong):
		r.say(Classifiers, "outcomes-long", "80")
	}
}

func tooLong(text string) bool { return utf8.RuneCountInString(text) > 80 }

func (r *Row) short(f Field) string {
	text := r.Get(f)
	if tooLong(text) {
		r.say(f, "outcomes-long", "80")
		return ""
	}
	return text
}

// whole is what stands in the column of groups where a pseudo-class blocks
// everything in the sport.
var whole = []string{"全部", "全项", "all"}

// group says in which class group the row decides: the class's own; of a
// pseudo-class the one that is named, or the only one that the person has.
func (j *judge) group(r *Row) {
	said := strings.ToUpper(r.Get(Group))
	everything := slices.Contains(whole, strings.ToLower(said))
	if !classes.Pseudo(r.Class) {
		r.Decided.Group = classes.Group(r.Class)
		if said != "" && said != r.Decided.Group {
			r.say(Group, "outcomes-group-differs", r.Class, said)
		}
		return
	}
	var groups []string
	for _, h := range j.Held {
		if h.Person == r.Person.ID && h.Sport == r.Sport.ID && h.Group != "" && !slices.Contains(groups, h.Group) {
			groups = append(groups, h.Group)
		}
	}
	switch {
	case everything:
	case said != "" && !slices.Contains(groups, said):
		r.say(Group, "outcomes-group-none", said)
	case said != "":
		r.Decided.Group = said
	case len(groups) > 1:
		r.say(Group, "outcomes-group-missing", r.Class, strings.Join(groups, "、"), whole[0])
	case len(groups) == 1:
		r.Decided.Group = groups[0]
	}
}

// place says what the row does to what is held.
func (j *judge) place(r *Row) {
	k := key{r.Person.ID, r.Sport.ID, r.Decided.Group}
	if first, twice := j.seen[k]; twice {
		r.say(Class, "outcomes-twice", strconv.Itoa(first))
		return
	}
	j.seen[k] = r.Row
	for _, h := range j.Held {
		if h.Person == k.person && h.Sport == k.sport && h.Group == k.group {
			r.Held = h
		}
	}
	if r.Limitation == "" && r.Class == r.Held.Class { // not said, so it stays
		r.Limitation = r.Held.Limitation
	}
	switch {
	case r.Held.ID == 0:
		r.Does = First
	case r.Held.Class == r.Class && r.Held.Status == r.Status && r.Held.Review == r.Review && r.Held.Limitation == r.Limitation:
		r.Does = Same
	default:
		r.Does = Change
	}
}
