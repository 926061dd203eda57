// Accounts: the people who may sign in to a competition, what they are in it,
// and how they come and go. That an account was made, closed or given a new
// link is in the log; passwords and sign-ins are not (account_sign_in.go).
package events

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/uptrace/bun"
	"golang.org/x/text/unicode/norm"

	"tongchang/events/access"
)

// Account is somebody who may sign in. Login is case-folded; Login and Name are
// each unique in the competition, because the log names its authors by Name.
type Account struct {
	bun.BaseModel `bun:"table:accounts"`

	ID            int64       `bun:",pk,autoincrement"`
	CompetitionID int64       `bun:",notnull"`
	Login         string      `bun:",notnull"`
	Name          string      `bun:",notnull"`
	Role          access.Role `bun:",notnull"`
	DelegationID  int64       `bun:",nullzero"` // of who manages one
	DisciplineID  int64       `bun:",nullzero"` // 0: all
	Second        bool        `bun:",notnull"`  // signs in with a second factor
	Created       time.Time   `bun:",notnull"`
	Closed        time.Time   `bun:",nullzero"`
}

func (a *Account) who(strong bool) access.Who {
	return access.Who{Account: a.ID, Name: a.Name, Role: a.Role, Delegation: a.DelegationID, Discipline: a.DisciplineID, Strong: strong}
}

// subject is the account's name in the vault.
func (a *Account) subject() string { return "a" + strconv.FormatInt(a.ID, 10) }

// NewAccount is somebody to be let in.
type NewAccount struct {
	Login      string      `json:"login" validate:"required,max=40"`
	Name       string      `json:"name" validate:"required,max=60"`
	Role       access.Role `json:"role" validate:"required"`
	Delegation int64       `json:"delegation,omitempty"`
	Discipline int64       `json:"discipline,omitempty"`
}

// MakeAccounts makes accounts, all of them or none.
type MakeAccounts struct {
	Accounts []NewAccount `json:"accounts" validate:"required,min=1,max=500,dive"`
}

func (MakeAccounts) kind() string { return "accounts" }

// accountsOutcome is the outcome in the log of an act about accounts.
type accountsOutcome struct {
	Accounts []int64 `json:"accounts"`
}

var loginPattern = regexp.MustCompile(`^[\p{L}\p{N}]([\p{L}\p{N}._@-]{0,38}[\p{L}\p{N}])?$`)

// foldLogin is a login as it is compared: full-width forms are ordinary ones,
// case does not count.
func foldLogin(login string) string {
	return norm.NFKC.String(strings.ToLower(norm.NFKC.String(strings.TrimSpace(login))))
}

// MakeAccounts makes accounts without a password, each with a link to set one.
// The links are returned this once: the same command sent again returns none.
func (s *Store) MakeAccounts(ctx context.Context, c Command, who access.Who, a MakeAccounts) (Receipt, []Link, error) {
	if err := may(who, access.ManageAccounts, access.Object{}, nil); err != nil {
		return Receipt{}, nil, err
	}
	for i := range a.Accounts {
		n := &a.Accounts[i]
		n.Login, n.Name = foldLogin(n.Login), norm.NFC.String(strings.TrimSpace(n.Name))
	}
	var links []Link
	rec, err := s.change(ctx, c, a, func(ctx context.Context, ch *Change) (any, error) {
		links = links[:0]
		var out accountsOutcome
		for i := range a.Accounts {
			account, err := makeAccount(ctx, ch, &a.Accounts[i])
			if err != nil {
				return nil, err
			}
			link, err := makeLink(ctx, ch.Tx, account, ch.Now)
			if err != nil {
				return nil, err
			}
			links, out.Accounts = append(links, link), append(out.Accounts, account.ID)
		}
		return out, nil
	})
	if err != nil || rec.Repeated {
		return rec, nil, err
	}
	return rec, links, nil
}

func makeAccount(ctx context.Context, ch *Change, n *NewAccount) (*Account, error) {
	switch {
	case !loginPattern.MatchString(n.Login):
		return nil, invalid("login", "login-form", n.Login)
	case !slices.Contains(access.Roles, n.Role):
		return nil, invalid("role", "role-unknown", string(n.Role))
	case (n.Role == access.Delegation) != (n.Delegation != 0):
		return nil, invalid("delegation", "account-delegation")
	case n.Discipline != 0 && !access.InDisciplines(n.Role):
		return nil, invalid("discipline", "account-discipline")
	}
	if n.Delegation != 0 {
		if _, err := byID[Delegation](ctx, ch.Tx, ch.Competition.ID, n.Delegation, "no-such-delegation"); err != nil {
			return nil, err
		}
	}
	if n.Discipline != 0 {
		if _, err := byID[Discipline](ctx, ch.Tx, ch.Competition.ID, n.Discipline, "no-such-discipline"); err != nil {
			return nil, err
		}
	}
	account := &Account{CompetitionID: ch.Competition.ID, Login: n.Login, Name: n.Name, Role: n.Role, DelegationID: n.Delegation,
		DisciplineID: n.Discipline, Created: ch.Now}
	for column, value := range map[string]string{"login": n.Login, "name": n.Name} {
		taken, err := ch.Tx.NewSelect().Model((*Account)(nil)).Where("competition_id = ?", ch.Competition.ID).Where("? = ?", bun.Ident(column), value).Exists(ctx)
		if err != nil {
			return nil, fmt.Errorf("look for the account %s: %w", value, err)
		}
		if column == "name" && !taken && n.Role != access.Judge && n.Role != access.Chief { // theirs may be the judge's at a seat: the same person
			taken, err = ch.Tx.NewSelect().Model((*SeatJudge)(nil)).Where("competition_id = ?", ch.Competition.ID).Where("name = ?", value).Exists(ctx)
			if err != nil {
				return nil, fmt.Errorf("look for the judge %s: %w", value, err)
			}
		}
		if taken || column == "name" && reserved(value) {
			return nil, invalid(column, column+"-taken", value)
		}
	}
	if _, err := ch.Tx.NewInsert().Model(account).Returning("id").Exec(ctx); err != nil {
		return nil, fmt.Errorf("make the account %s: %w", n.Login, err)
	}
	_, err := ch.Tx.NewInsert().Model(&Credential{AccountID: account.ID, Changed: ch.Now}).Exec(ctx)
	return account, err
}

// reserved are names that the log gives to what is not a person.
func reserved(name string) bool {
	return slices.Contains([]string{access.Desk.Name, access.Console.Name, importAuthor}, strings.ToLower(name))
}

// NewLinks gives accounts new links, for who forgot the password; the old
// password holds until the link is used. Factor takes the second factor away as
// well, for who lost the telephone and the recovery codes.
type NewLinks struct {
	Accounts []int64 `json:"accounts" validate:"required,min=1,max=500"`
	Factor   bool    `json:"factor,omitempty"`
}

func (NewLinks) kind() string { return "account-links" }

// NewLinks returns the links this once, as [Store.MakeAccounts] does.
func (s *Store) NewLinks(ctx context.Context, c Command, who access.Who, a NewLinks) (Receipt, []Link, error) {
	if err := may(who, access.ManageAccounts, access.Object{}, nil); err != nil {
		return Receipt{}, nil, err
	}
	var links []Link
	rec, err := s.change(ctx, c, a, func(ctx context.Context, ch *Change) (any, error) {
		links = links[:0]
		for _, id := range a.Accounts {
			account, err := openAccount(ctx, ch, id)
			if err != nil {
				return nil, err
			}
			if a.Factor {
				if err := dropSecond(ctx, ch, account); err != nil {
					return nil, err
				}
			}
			link, err := makeLink(ctx, ch.Tx, account, ch.Now)
			if err != nil {
				return nil, err
			}
			links = append(links, link)
		}
		return accountsOutcome{a.Accounts}, nil
	})
	if err != nil || rec.Repeated {
		return rec, nil, err
	}
	return rec, links, nil
}

// openAccount loads an account that is not closed.
func openAccount(ctx context.Context, ch *Change, id int64) (*Account, error) {
	account, err := byID[Account](ctx, ch.Tx, ch.Competition.ID, id, "no-such-account")
	if err == nil && !account.Closed.IsZero() {
		err = &Refusal{Status: StatusClosed, Problem: "account-closed", With: []string{account.Name}}
	}
	return &account, err
}

// CloseAccount ends somebody's access at once, or opens a closed account again.
// The row stays: the log names it.
type CloseAccount struct {
	Account int64 `json:"account" validate:"required"`
	Open    bool  `json:"open,omitempty"`
}

func (CloseAccount) kind() string { return "account-close" }

// CloseAccount refuses to close the account of who asks, so that nobody locks
// the last organiser out by mistake.
func (s *Store) CloseAccount(ctx context.Context, c Command, who access.Who, a CloseAccount) (Receipt, error) {
	if err := may(who, access.ManageAccounts, access.Object{}, nil); err != nil {
		return Receipt{}, err
	}
	return s.change(ctx, c, a, func(ctx context.Context, ch *Change) (any, error) {
		account, err := byID[Account](ctx, ch.Tx, ch.Competition.ID, a.Account, "no-such-account")
		switch {
		case err != nil:
			return nil, err
		case account.ID == who.Account:
			return nil, invalid("account", "account-own")
		case account.Closed.IsZero() == a.Open:
			return nil, &Refusal{Status: StatusStale, Problem: "account-already", With: []string{account.Name}}
		}
		if account.Closed = ch.Now; a.Open {
			account.Closed = time.Time{}
		}
		if _, err := ch.Tx.NewUpdate().Model(&account).Column("closed").WherePK().Exec(ctx); err != nil {
			return nil, fmt.Errorf("close account %d: %w", a.Account, err)
		}
		if err := endSignIns(ctx, ch.Tx, account.ID, 0); err != nil {
			return nil, err
		}
		_, err = ch.Tx.NewDelete().Model((*accountLink)(nil)).Where("account_id = ?", account.ID).Exec(ctx)
		return accountsOutcome{[]int64{account.ID}}, err
	})
}

// EndSignIns signs somebody else out everywhere: a telephone was lost.
type EndSignIns struct {
	Account int64 `json:"account" validate:"required"`
}

func (EndSignIns) kind() string { return "sign-ins-end" }

// EndSignIns leaves the account open and its password as it is.
func (s *Store) EndSignIns(ctx context.Context, c Command, who access.Who, a EndSignIns) (Receipt, error) {
	if err := may(who, access.ManageAccounts, access.Object{}, nil); err != nil {
		return Receipt{}, err
	}
	return s.change(ctx, c, a, func(ctx context.Context, ch *Change) (any, error) {
		account, err := byID[Account](ctx, ch.Tx, ch.Competition.ID, a.Account, "no-such-account")
		if err != nil {
			return nil, err
		}
		return accountsOutcome{[]int64{account.ID}}, endSignIns(ctx, ch.Tx, account.ID, 0)
	})
}

// AccountView is an account as organisers see it.
type AccountView struct {
	ID             int64
	Login, Name    string
	Role           access.Role
	DelegationID   int64
	Delegation     string // name; empty: none
	DelegationEn   string
	Discipline     string // name; empty: all
	DisciplineEn   string
	Second, Closed bool
	Ready          bool      // has set a password
	Linked         time.Time // until when a link is open; zero: none
	Seen           time.Time // last time; zero: never
	SignIns        int       // now
}

// Accounts lists the accounts of a competition by role and name.
func (s *Store) Accounts(ctx context.Context, who access.Who, competition Competition) ([]AccountView, error) {
	if err := may(who, access.ManageAccounts, access.Object{}, nil); err != nil {
		return nil, err
	}
	now := s.now().UTC()
	var rows []struct {
		Account
		Password                                           string
		Delegation, DelegationEn, Discipline, DisciplineEn string
		Linked, Seen                                       bun.NullTime
		SignIns                                            int
	}
	err := s.r.NewSelect().Model((*Account)(nil)).ColumnExpr("account.*, c.password").
		ColumnExpr("COALESCE(d.name, '') AS delegation, COALESCE(d.name_en, '') AS delegation_en").
		ColumnExpr("COALESCE(p.name, '') AS discipline, COALESCE(p.name_en, '') AS discipline_en").
		ColumnExpr("(SELECT MAX(expires) FROM links WHERE account_id = account.id) AS linked").
		ColumnExpr("(SELECT MAX(seen) FROM sign_ins WHERE account_id = account.id) AS seen").
		ColumnExpr("(SELECT COUNT(*) FROM sign_ins WHERE account_id = account.id AND started > ?) AS sign_ins", now.Add(-signInLife)).
		Join("JOIN credentials AS c ON c.account_id = account.id").
		Join("LEFT JOIN delegations AS d ON d.id = account.delegation_id").
		Join("LEFT JOIN disciplines AS p ON p.id = account.discipline_id").
		Where("account.competition_id = ?", competition.ID).Order("account.role", "account.name").Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("list accounts: %w", err)
	}
	views := make([]AccountView, len(rows))
	for i := range rows {
		r := &rows[i]
		views[i] = AccountView{ID: r.ID, Login: r.Login, Name: r.Name, Role: r.Role, DelegationID: r.DelegationID, Delegation: r.Delegation, DelegationEn: r.DelegationEn,
			Discipline: r.Discipline, DisciplineEn: r.DisciplineEn, Second: r.Second, Closed: !r.Closed.IsZero(), Ready: r.Password != "",
			Seen: r.Seen.Time, SignIns: r.SignIns}
		if r.Linked.After(now) {
			views[i].Linked = r.Linked.Time
		}
	}
	slices.SortStableFunc(views, func(a, b AccountView) int {
		return slices.Index(access.Roles, a.Role) - slices.Index(access.Roles, b.Role)
	})
	return views, nil
}

// UnitDiscipline is the discipline that a unit belongs to; 0 where there is no
// such unit.
func (s *Store) UnitDiscipline(ctx context.Context, competition string, unit int64) (int64, error) {
	return s.disciplineWhere(ctx, competition, "unit.id = ?", unit)
}

// PhaseDiscipline is the discipline that a phase belongs to; 0 where there is
// no such phase.
func (s *Store) PhaseDiscipline(ctx context.Context, competition string, phase int64) (int64, error) {
	return s.disciplineWhere(ctx, competition, "p.id = ?", phase)
}

func (s *Store) disciplineWhere(ctx context.Context, competition, where string, id int64) (discipline int64, err error) {
	err = s.r.NewSelect().TableExpr("phases AS p").ColumnExpr("e.discipline_id").Join("JOIN events AS e ON e.id = p.event_id").
		Join("JOIN competitions AS c ON c.id = p.competition_id").Join("LEFT JOIN units AS unit ON unit.phase_id = p.id").
		Where("c.code = ?", competition).Where(where, id).Limit(1).Scan(ctx, &discipline)
	if isNoRows(err) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("find the discipline: %w", err)
	}
	return discipline, nil
}
