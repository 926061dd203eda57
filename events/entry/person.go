package entry

import (
	"errors"
	"strconv"
	"strings"

	"tongchang/events/identity"
	"tongchang/scoring"
)

// read takes from a row what other rules ask for.
func (c *check) read(r *Row) {
	r.id, _ = identity.ParseCitizenID(r.Get(ID), c.today) // person says what is wrong
	r.cert, _ = identity.ParseCertificate(r.Get(Cert))    // and athlete does
	r.sex = ParseSex(r.Get(Sex))
	if r.sex == "" {
		r.sex = r.id.Sex()
	}
	if r.birth = r.id.Birth(); r.id.IsZero() {
		r.birth, _ = r.day(Birth)
	}
	r.classes = Classes(r.Get(Class))
	r.has = has(r)
	if c.staff == nil {
		c.staff = map[string]map[string]bool{}
	}
	if c.staff[r.Delegation] == nil {
		c.staff[r.Delegation] = map[string]bool{}
	}
	if r.Staff {
		c.staff[r.Delegation][PlainName(r.Get(Name))] = true
	}
}

// has gives the categories that a person's certificate stands for, by the
// number before the word, and by the word's parts where they are multiple. Nil
// where that is not known.
func has(r *Row) []identity.Category {
	typed, parts, ok := identity.ParseCategory(r.Get(Cat))
	switch category := r.cert.Category(); {
	case category == identity.Multiple && typed == identity.Multiple:
		return parts
	case category == identity.Multiple:
		return nil
	case category != 0:
		return []identity.Category{category}
	case ok && typed == identity.Multiple:
		return parts
	case ok:
		return []identity.Category{typed}
	}
	return nil
}

// person holds the rules for everybody who comes.
func (c *check) person(r *Row) {
	if PlainName(r.Get(Name)) == "" {
		c.say(r, Name, "missing-name")
	}
	c.number(r)
	if typed := r.Get(Birth); typed != "" {
		day, ok := r.day(Birth)
		switch {
		case !ok:
			c.say(r, Birth, "birth-unread", typed)
		case !r.id.IsZero() && day != r.id.Birth():
			c.say(r, Birth, "birth-conflict", day.String(), r.id.Birth().String())
		}
	}
	if typed := ParseSex(r.Get(Sex)); typed != "" && !r.id.IsZero() && typed != r.id.Sex() {
		c.say(r, Sex, "sex-conflict", r.Get(Sex), strconv.Itoa(r.id.Sequence()%10), sexWord(r.id.Sex()))
	}
	if typed := r.Get(Phone); typed != "" {
		if _, err := identity.ParsePhone(typed); err != nil {
			c.refusal(r, Phone, err)
		}
	}
}

func sexWord(s identity.Sex) string {
	if s == identity.Male {
		return "男"
	}
	return "女"
}

// refusal notes what a parser has against a field.
func (c *check) refusal(r *Row, f Field, err error) *Problem {
	var invalid *scoring.Invalid
	if !errors.As(err, &invalid) {
		return nil
	}
	c.found = append(c.found, NewProblem(r, f, r.At(f), *invalid))
	return &c.found[len(c.found)-1]
}

// number says what is wrong with an identity number, and what the certificate
// gives as a clue: it has the holder's number in it.
func (c *check) number(r *Row) {
	_, err := identity.ParseCitizenID(r.Get(ID), c.today)
	p := c.refusal(r, ID, err)
	if p == nil {
		return
	}
	typed := identity.Normalise(r.Get(ID))
	holder, ok := identity.HolderOf(r.Get(Cert), c.today)
	if ok && len(typed) == 18 {
		for _, at := range identity.Swapped(typed) {
			if exchanged(typed, at) == holder.Reveal() {
				p.help("hint-swapped", strconv.Itoa(at), strconv.Itoa(at+1))
			}
		}
	}
	if ok && p.Kind != "id_birth_impossible" {
		p.help("hint-certificate-holder", holder.String())
	}
}

// exchanged is s with the characters at a place, counted from 1, and the next
// one exchanged.
func exchanged(s string, at int) string {
	return s[:at-1] + s[at:at+1] + s[at-1:at] + s[at+1:]
}

// certificate holds the rules for the certificate's number and what is typed
// beside it.
func (c *check) certificate(r *Row) {
	cert, err := identity.ParseCertificate(r.Get(Cert))
	if err != nil {
		c.refusal(r, Cert, err)
	} else if !r.id.IsZero() && !cert.Of(r.id) {
		c.say(r, Cert, "cert-mismatch", identity.Masked(cert.Reveal()[:18]), r.id.String())
	}
	typed, parts, ok := identity.ParseCategory(r.Get(Cat))
	switch {
	case ok && !cert.IsZero() && typed != cert.Category():
		c.say(r, Cat, "category-conflict", typed.Word(), strconv.Itoa(int(cert.Category())), cert.Category().Word())
	case ok && typed == identity.Multiple && len(parts) == 0, !ok && cert.Category() == identity.Multiple:
		c.say(r, Cat, "multiple-unspecified")
	}
	if level, ok := identity.ParseLevel(r.Get(Level)); ok && !cert.IsZero() && level != cert.Level() {
		c.say(r, Level, "level-conflict", r.Get(Level), strconv.Itoa(cert.Level()))
	}
	c.expiry(r)
}

// expiry holds a certificate's last day against the opening.
func (c *check) expiry(r *Row) {
	typed := r.Get(Valid)
	if typed == "" || strings.Contains(typed, "长期") || strings.Contains(typed, "永久") {
		return
	}
	day, ok := r.day(Valid)
	switch {
	case !ok:
		c.say(r, Valid, "date-unread", typed)
	case day.Compare(c.ed.Opening) < 0:
		c.say(r, Valid, "cert-expired", day.String(), c.ed.Opening.String())
	}
}
