package web

// What people see of signing in, of their own account and of everybody's.

// SignInPage asks for account and password: GET /c/{competition}/sign-in.
type SignInPage struct {
	Page
	Action   string
	Next     string // where to go on to
	Dates    string // 6 月 18 日 – 24 日
	Place    string
	Login    string // as typed
	Problems []Problem
	LoginBad string // what is wrong with a field, beside it
	PassBad  string
}

// SecondPage asks for the code of the second factor.
type SecondPage struct {
	Page
	Action   string
	Next     string
	Problems []Problem
	CodeBad  string
}

// WelcomePage sets a password by a link: GET /c/{competition}/welcome/{token}.
type WelcomePage struct {
	Page
	Action   string
	Token    string
	Name     string
	Role     string
	Login    string
	Problems []Problem
	PassBad  string
}

// AccountPage is somebody's own account: GET /c/{competition}/account.
type AccountPage struct {
	Page
	URL       string
	Done      string
	Problems  []Problem
	Login     string
	Role      string
	SignIns   []SignInLine
	Others    bool // there is more than this one
	Second    bool
	Recovery  string // 还剩 9 个备用码
	SecondURL string
	OldBad    string
	NewBad    string
}

// SignInLine is a device that somebody is signed in on.
type SignInLine struct {
	ID      string
	Device  string
	Started string
	Seen    string
	Here    bool
}

// SecondSetPage sets the second factor up: GET /c/{competition}/account/second.
type SecondSetPage struct {
	Page
	Action   string
	Command  string
	Secret   string
	Spaced   string // in groups of four, to be typed
	Code     QR
	Must     bool // nothing else can be done before
	Again    bool // one is set already
	Problems []Problem
	CodeBad  string
}

// RecoveryPage shows the recovery codes, this once.
type RecoveryPage struct {
	Page
	Codes []string
	Next  string
}

// AccountsPage is everybody who may sign in: GET /c/{competition}/desk/accounts.
type AccountsPage struct {
	Page
	URL         string
	Done        string
	Problems    []Problem
	Groups      []AccountGroup
	Missing     string // 还有 13 个代表团没有领队账号
	Command     string
	Command2    string
	Roles       []Option
	Delegations []Option
	Disciplines []Option
	Login, Name string
	Bad         map[string]string // what is wrong with a field, beside it
}

// AccountGroup is the accounts of one role.
type AccountGroup struct {
	Title string
	ID    string
	Lines []AccountLine
}

// AccountLine is one account.
type AccountLine struct {
	ID     string
	URL    string
	Name   string
	Login  string
	Of     string // delegation or discipline
	State  string // 已设密码 · 第二步验证
	Shape  string
	Seen   string
	Acts   []AccountAct
	Closed bool
}

// AccountAct is something that can be done with an account.
type AccountAct struct {
	Do      string
	Text    string
	Command string
	Danger  bool
}

// DoorLink is a button that signs in as somebody of a demo.
type DoorLink struct {
	Action string
	Name   string
	Role   string
	Of     string // which competition
}

// LinksPage shows links that were just made, to be printed and handed out; they
// are not to be seen again.
type LinksPage struct {
	Page
	Back  string
	Links []LinkCard
}

// LinkCard is one link on paper.
type LinkCard struct {
	Name    string
	Role    string
	Login   string
	URL     string
	Code    QR
	Expires string
}

func (SignInPage) layout() string    { return "desk" }
func (SecondPage) layout() string    { return "desk" }
func (WelcomePage) layout() string   { return "desk" }
func (AccountPage) layout() string   { return "desk" }
func (SecondSetPage) layout() string { return "desk" }
func (RecoveryPage) layout() string  { return "desk" }
func (AccountsPage) layout() string  { return "desk" }
func (LinksPage) layout() string     { return "desk" }

func (WelcomePage) secretAddress() {}

func (SignInPage) template() string    { return "sign-in" }
func (SecondPage) template() string    { return "sign-in-second" }
func (WelcomePage) template() string   { return "sign-in-welcome" }
func (AccountPage) template() string   { return "account" }
func (SecondSetPage) template() string { return "account-second" }
func (RecoveryPage) template() string  { return "account-recovery" }
func (AccountsPage) template() string  { return "accounts" }
func (LinksPage) template() string     { return "accounts-links" }
