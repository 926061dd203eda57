package access

import "testing"

func TestMay(t *testing.T) {
	manager := Who{Account: 1, Name: "领队", Role: Delegation, Delegation: 3}
	judge := Who{Account: 2, Name: "裁判", Role: Judge, Discipline: 5}
	boss := Who{Account: 3, Name: "竞赛部", Role: Organiser, Strong: true}
	weak := boss
	weak.Strong = false
	for name, tt := range map[string]struct {
		who  Who
		act  Act
		on   Object
		want Verdict
		ever bool
	}{
		"a manager's own people":            {manager, WriteRegistration, Object{Delegation: 3}, Allowed, true},
		"another delegation's people":       {manager, ReadRegistration, Object{Delegation: 4}, Hidden, true},
		"all delegations at once":           {manager, ReadRegistration, Object{}, Refused, true},
		"a manager decides nothing":         {manager, DecideRegistration, Object{Delegation: 3}, Refused, false},
		"a manager without a delegation":    {Who{Role: Delegation}, ReadRegistration, Object{Delegation: 3}, Hidden, false},
		"a judge in their sport":            {judge, WriteMark, Object{Discipline: 5}, Allowed, true},
		"a judge in another sport":          {judge, WriteMark, Object{Discipline: 6}, Hidden, true},
		"a judge in all sports":             {Who{Role: Judge}, WriteMark, Object{Discipline: 6}, Allowed, true},
		"a judge confirms nothing":          {judge, Confirm, Object{Discipline: 5}, Refused, false},
		"a chief of one sport sets no rule": {Who{Role: Chief, Discipline: 5}, SetRegulation, Object{}, Refused, true},
		"the desk is a chief of everything": {Desk, SetRegulation, Object{}, Allowed, true},
		"the desk sees nobody's papers":     {Desk, ReadRegistration, Object{Delegation: 3}, Refused, false},
		"an organiser":                      {boss, DecideRegistration, Object{Delegation: 3}, Allowed, true},
		"an organiser by password alone":    {weak, DecideRegistration, Object{Delegation: 3}, Refused, false},
		"… sees to their own account":       {weak, Own, Object{}, Allowed, true},
		"an organiser sees no papers":       {boss, LookMedical, Object{Delegation: 3}, Refused, false},
		"the public":                        {Who{}, Own, Object{}, Refused, false},
		"the public by name":                {Who{Role: Public}, Own, Object{}, Refused, false},
		"an act that is not in the table":   {boss, "world.rule", Object{}, Refused, false},
		"a role that is not in the table":   {Who{Role: "owner", Strong: true}, Own, Object{}, Refused, false},
	} {
		if got := May(tt.who, tt.act, tt.on); got != tt.want {
			t.Errorf("%s: verdict %d, want %d", name, got, tt.want)
		}
		if got := Ever(tt.who, tt.act); got != tt.ever {
			t.Errorf("%s: ever %v, want %v", name, got, tt.ever)
		}
	}
}

// TestTable: every role in it exists, every scope is one that the role can have.
func TestTable(t *testing.T) {
	known := map[Role]bool{}
	for _, r := range Roles {
		known[r] = true
	}
	for _, act := range Acts() {
		if len(Table[act]) == 0 {
			t.Errorf("nobody may do %s", act)
		}
		for role, scope := range Table[act] {
			if !known[role] {
				t.Errorf("%s: there is no role %s", act, role)
			}
			if scope == OwnDelegation && role != Delegation || scope == OwnDiscipline && !InDisciplines(role) || role == Delegation && scope != OwnDelegation && act != Own && act != ReadEdition {
				t.Errorf("%s: the scope of %s is %s", act, role, scope)
			}
		}
	}
}

func TestWeak(t *testing.T) {
	for password, want := range map[string]string{
		"":                             "password-short",
		"1234567":                      "password-short",
		"密码七个字啊呀":                      "password-short",
		"12345678":                     "password-common",
		"password":                     "password-common",
		"Password1":                    "password-common",
		"P@ssw0rd":                     "password-common",
		"p@ssw0rd123":                  "password-common",
		"qwertyuiop":                   "password-common",
		"1q2w3e4r":                     "password-common",
		"1qaz2wsx":                     "password-common",
		"a1b2c3d4":                     "password-common",
		"abcdefgh":                     "password-common",
		"87654321":                     "password-common",
		"11111111":                     "password-common",
		"aaaabbbb":                     "password-common",
		"abcabcabc":                    "password-common",
		"xk7xk7xk7":                    "password-common",
		"iloveyou1314":                 "password-common",
		"woaini520":                    "password-common",
		"5201314520":                   "password-common",
		"zhangwei1990":                 "password-common",
		"19900101":                     "password-common",
		"wang19881212":                 "password-common",
		"Harbin2027":                   "password-common",
		"heilongjiang":                 "password-common",
		"admin123456":                  "password-common",
		"letmein!":                     "password-common",
		"qwer1234":                     "password-common",
		"asdf!@#$":                     "password-common",
		"cuilixin":                     "password-about",
		"cuilixin2027":                 "password-about",
		"games-2027":                   "password-common",
		"崔立新崔立新崔立新":                    "password-common",
		"崔立新--崔立新":                     "password-about",
		"correct horse battery staple": "",
		"晨练于江边两圈半":                     "",
		"vq7-Tamo":                     "",
		"kufi zelt marn":               "",
		"3.14159265358979":             "",
		"tiger lamp 48 rust":           "",
	} {
		if got := Weak(password, "cuilixin", "崔立新", "games-27", "Games"); got != want {
			t.Errorf("%q: %q, want %q", password, got, want)
		}
	}
	long := make([]rune, LongestPassword+1)
	for i := range long {
		long[i] = rune('一' + i*7)
	}
	if got := Weak(string(long)); got != "password-long" {
		t.Errorf("%d characters: %q", len(long), got)
	}
	if got := Weak(string(long[1:])); got != "" {
		t.Errorf("%d characters: %q", len(long)-1, got)
	}
}

// TestWeakRefusesTheCommonest makes what people make of the words that come to
// mind first, and counts how much of it is refused: all of it.
func TestWeakRefusesTheCommonest(t *testing.T) {
	refused := map[string]bool{}
	for _, word := range words {
		for _, end := range []string{"1", "12", "123", "1234", "12345", "123456", "2024", "2025", "2026", "2027", "1990", "520", "888", "666", "!", "!!", "1!", "@123", "123!", "abc"} {
			for _, password := range []string{word + end, end + word} {
				switch Weak(password) {
				case "password-common":
					refused[password] = true
				case "password-short":
				default:
					t.Errorf("%q is taken", password)
				}
			}
		}
	}
	if len(refused) < 3000 {
		t.Errorf("only %d common passwords are refused", len(refused))
	}
	t.Logf("%d common passwords tried, all refused", len(refused))
}
