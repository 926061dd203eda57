package identity

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"github.com/go-playground/validator/v10"
	"pgregory.net/rapid"

	"tongchang/scoring"
)

var today = Date{2027, 6, 18}

// All numbers have a place code that ends in 99, which no county has.
func TestParseCitizenID(t *testing.T) {
	for name, tt := range map[string]struct {
		typed, problem, with string
	}{
		"as printed":             {"230199199611058924", "", ""},
		"small x":                {"23019920080918813x", "", ""},
		"full-width and blanks":  {"２３０１９９ １９９６１１０５　８９２４", "", ""},
		"hyphens":                {"230199-19961105-8924", "", ""},
		"apostrophe":             {"'230199199611058924", "", ""},
		"born on a 29 February":  {"230199199602298926", "", ""},
		"another prefecture":     {"150499198902065034", "", ""},
		"nothing":                {" 　", "missing-id", ""},
		"check character":        {"230199198212079882", "id-check-digit", "9 2"},
		"a letter O":             {"230699198902O90572", "id-look-alike", "13 O 0"},
		"a small l":              {"23069919890209057l", "id-look-alike", "18 L 1"},
		"X too early":            {"23019920080918X131", "id-bad-char", "15 X"},
		"a Chinese zero":         {"2301992〇0809188131", "id-look-alike", "8 〇 0"},
		"one short":              {"23019919900720336", "id-length", "17"},
		"one too many":           {"2301991990072023366", "id-length", "19"},
		"fifteen digits":         {"231199921224989", "id-old-15", "231***********9898"},
		"30 February":            {"231099200502306635", "id-birth-impossible", "20050230"},
		"in the future":          {"230399203609125278", "id-birth-impossible", "20360912"},
		"a spreadsheet's number": {"2.31099198307264E+17", "id-excel-number", ""},
		"its digits":             {"231099198307264000", "id-excel-number", ""},
	} {
		t.Run(name, func(t *testing.T) {
			id, err := ParseCitizenID(tt.typed, today)
			problem, with := refused(err)
			if problem != tt.problem || with != tt.with {
				t.Errorf("ParseCitizenID(%q) refuses with %q (%s), want %q (%s)", tt.typed, problem, with, tt.problem, tt.with)
			}
			if (err == nil) == id.IsZero() {
				t.Errorf("a number and a refusal, or neither: %v", err)
			}
		})
	}
}

func refused(err error) (problem, with string) {
	var invalid *scoring.Invalid
	if !errors.As(err, &invalid) {
		return "", ""
	}
	return invalid.Problem, strings.Join(invalid.With, " ")
}

func TestCitizenIDSays(t *testing.T) {
	man, err := ParseCitizenID("230199201401078118", today)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := man.Birth(), (Date{2014, 1, 7}); got != want {
		t.Errorf("born %v, want %v", got, want)
	}
	if man.Sex() != Male || man.Sequence() != 811 || man.Document() != Resident {
		t.Errorf("sex %s, sequence %d, %s", man.Sex(), man.Sequence(), man.Document())
	}
	for prefix, want := range map[string]DocumentKind{"810000": ResidencePermit, "830000": ResidencePermit, "911156": PermanentForeign} {
		seventeen := prefix + "19900101002"
		id, err := ParseCitizenID(seventeen+string(CheckDigit(seventeen)), today)
		if err != nil || id.Document() != want || id.Sex() != Female {
			t.Errorf("%s: %v %s %s", prefix, err, id.Document(), id.Sex())
		}
	}
}

func TestAge(t *testing.T) {
	for _, tt := range []struct {
		birth, on Date
		want      int
	}{
		{Date{2013, 6, 18}, Date{2027, 6, 18}, 14},
		{Date{2013, 6, 19}, Date{2027, 6, 18}, 13},
		{Date{2008, 2, 29}, Date{2027, 2, 28}, 18},
		{Date{2008, 2, 29}, Date{2027, 3, 1}, 19},
		{Date{2028, 1, 1}, Date{2027, 6, 18}, -1},
	} {
		if got := Age(tt.birth, tt.on); got != tt.want {
			t.Errorf("Age(%v, %v) = %d, want %d", tt.birth, tt.on, got, tt.want)
		}
	}
}

func TestSwapped(t *testing.T) {
	if got := Swapped("230299199410192967"); !slices.Contains(got, 15) {
		t.Errorf("15 and 16 exchanged: places %v", got)
	}
	if got := Swapped("230199199611058924"); got != nil {
		t.Errorf("a right number has nothing to exchange: %v", got)
	}
}

func TestParseCertificate(t *testing.T) {
	for name, tt := range map[string]struct {
		typed, problem, with string
	}{
		"twenty characters": {"23019919961105892442", "", ""},
		"with an x":         {"23069919810208756x21", "", ""},
		"issued again":      {"23019920000901439323b3", "", ""},
		"blanks":            {"231099 19980916 031344", "", ""},
		"full width":        {"２３１０９９２００５０５１７２９６Ｘ４１", "", ""},
		"none":              {"", "missing-cert", ""},
		"category 8":        {"23049919860812679982", "cert-form", "19 8 1–7"},
		"level 5":           {"23019919950518058X25", "cert-form", "20 5 1–4"},
		"B0":                {"23089919830322585142B0", "cert-form", "21 B0 B1–B9"},
		"only an ID":        {"230199199611058924", "cert-length", "18"},
		"a letter O":        {"2301991996I105892442", "cert-character", "11 I"},
		"a Chinese digit":   {"2301991996110589244二", "cert-character", "20 二"},
		"a spreadsheet's":   {"2.3069919760528E+19", "cert-excel-number", ""},
		"its digits":        {"23069919760528100000", "cert-excel-number", ""},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := ParseCertificate(tt.typed)
			if problem, with := refused(err); problem != tt.problem || with != tt.with {
				t.Errorf("ParseCertificate(%q) refuses with %q (%s), want %q (%s)", tt.typed, problem, with, tt.problem, tt.with)
			}
		})
	}
}

func TestCertificateSays(t *testing.T) {
	c, err := ParseCertificate("23019919961105892441B2")
	if err != nil {
		t.Fatal(err)
	}
	id, _ := ParseCitizenID("230199199611058924", today)
	other, _ := ParseCitizenID("230199198212095256", today)
	if c.Category() != Physical || c.Level() != 1 || c.Reissue() != 2 {
		t.Errorf("category %d, level %d, issue %d", c.Category(), c.Level(), c.Reissue())
	}
	if !c.Of(id) || c.Of(other) || c.Of(CitizenID{}) {
		t.Error("belongs to the wrong person")
	}
	if holder, ok := c.Holder(today); !ok || holder != id {
		t.Error("holder not found")
	}
}

func TestParseCategory(t *testing.T) {
	for typed, want := range map[string]string{
		"肢体": "4 []", "肢体残疾": "4 []", "视力": "1 []", " 听力 残疾": "2 []", "多重(听力、言语)": "7 [2 3]",
		"多重": "7 []", "多重残疾（肢体，言语）": "7 [4 3]", "7": "7 []", "好": "0 []", "": "0 []",
	} {
		c, parts, ok := ParseCategory(typed)
		if got := fmt.Sprint(int(c), " ", ints(parts)); got != want || ok != (c > 0) {
			t.Errorf("ParseCategory(%q) = %s, want %s", typed, got, want)
		}
	}
	for typed, want := range map[string]int{"一级": 1, "2级": 2, "3": 3, "四级": 4, "５级": 0, "": 0} {
		if got, _ := ParseLevel(typed); got != want {
			t.Errorf("ParseLevel(%q) = %d, want %d", typed, got, want)
		}
	}
}

func ints(cs []Category) []int {
	n := make([]int, len(cs))
	for i, c := range cs {
		n[i] = int(c)
	}
	return n
}

func TestParsePhone(t *testing.T) {
	for typed, ok := range map[string]bool{
		"19900002328": true, "199 0000 0891": true, "１９９００００９６１５": true, "1.9900001275E+10": true, "+86 19900002328": true,
		"0451-85990000": true, "1990000944": false, "": false, "无": false, "199000094411": false, "2.30199E+17": false,
	} {
		if _, err := ParsePhone(typed); (err == nil) != ok {
			t.Errorf("ParsePhone(%q): %v", typed, err)
		}
	}
}

// TestNothingIsGivenAway prints the numbers in every way that a careless line might.
func TestNothingIsGivenAway(t *testing.T) {
	id, err := ParseCitizenID("230199199611058924", today)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := ParseCertificate("23019919961105892442")
	if err != nil {
		t.Fatal(err)
	}
	phone, err := ParsePhone("19900002328")
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	log := slog.New(slog.NewJSONHandler(&out, nil))
	for _, v := range []any{id, cert, phone} {
		log.Info("row", "number", v)
		fmt.Fprintf(&out, "%v %+v %#v %s %q ", v, v, v, v, v)
		raw, err := json.Marshal(map[string]any{"v": v})
		if err != nil {
			t.Fatal(err)
		}
		out.Write(raw)
	}
	for _, secret := range []string{"19961105", "0002328", "892442"} {
		if strings.Contains(out.String(), secret) {
			t.Errorf("%q is in %s", secret, out.String())
		}
	}
	if id.Reveal() != "230199199611058924" || cert.Reveal() != "23019919961105892442" || phone.Reveal() != "19900002328" {
		t.Error("what is asked for openly has to be whole")
	}
}

func TestRules(t *testing.T) {
	v := validator.New()
	if err := Register(v, func() Date { return today }); err != nil {
		t.Fatal(err)
	}
	type person struct {
		ID    string `validate:"required,citizen_id"`
		Cert  string `validate:"omitempty,disability_certificate"`
		Phone string `validate:"omitempty,phone"`
	}
	if err := v.Struct(person{"230199199611058924", "23019919961105892442", "19900002328"}); err != nil {
		t.Errorf("a right person is refused: %v", err)
	}
	var fields validator.ValidationErrors
	if !errors.As(v.Struct(person{"230199199611058925", "2301991996110589244", "1"}), &fields) || len(fields) != 3 {
		t.Fatalf("three wrong fields: %v", fields)
	}
	for i, want := range []string{"id-check-digit", "cert-length", "phone-bad"} {
		if got := Check(fields[i].Tag(), fields[i].Value().(string), today); got == nil || got.Problem != want {
			t.Errorf("%s: %v, want %s", fields[i].Field(), got, want)
		}
	}
}

// TestOneMistake: a wrong digit, or two neighbours exchanged, never passes.
func TestOneMistake(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		birth := Date{rapid.IntRange(1930, 2020).Draw(t, "year"), rapid.IntRange(1, 12).Draw(t, "month"), rapid.IntRange(1, 28).Draw(t, "day")}
		seventeen := "230199" + strings.ReplaceAll(birth.String(), "-", "") + fmt.Sprintf("%03d", rapid.IntRange(1, 999).Draw(t, "sequence"))
		s := seventeen + string(CheckDigit(seventeen))
		id, err := ParseCitizenID(s, today)
		if err != nil || id.Birth() != birth {
			t.Fatalf("%s: %v", s, err)
		}
		at, digit := rapid.IntRange(0, 16).Draw(t, "at"), byte('0'+rapid.IntRange(0, 9).Draw(t, "digit"))
		wrong := []byte(s)
		wrong[at] = digit
		if _, err := ParseCitizenID(string(wrong), today); err == nil && string(wrong) != s {
			t.Fatalf("%s passes for %s", wrong, s)
		}
		if at < 16 {
			swapped := []byte(s)
			swapped[at], swapped[at+1] = swapped[at+1], swapped[at]
			if string(swapped) != s && !slices.Contains(Swapped(string(swapped)), at+1) {
				t.Fatalf("%s: places %d and %d are exchanged and not named", swapped, at+1, at+2)
			}
		}
	})
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"230199199611058924", "２３０１", "2.31E+17", "231199921224989", "23019919961105892442B1", "O", "\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if id, err := ParseCitizenID(s, today); err == nil {
			if again, err := ParseCitizenID(id.Reveal(), today); err != nil || again != id {
				t.Errorf("%q does not read the same twice", s)
			}
		}
		if c, err := ParseCertificate(s); err == nil && (c.Category().Word() == "" || c.Level() < 1 || c.Level() > 4) {
			t.Errorf("%q is a certificate of category %d, level %d", s, c.Category(), c.Level())
		}
		if p, err := ParsePhone(s); err == nil && !digits(p.Reveal()) {
			t.Errorf("%q is a telephone", s)
		}
		ParseCategory(s)
		ParseLevel(s)
		Swapped(s)
		HolderOf(s, today)
	})
}
