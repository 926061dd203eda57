// account: who may sign in. Whoever has the machine makes the first organiser
// here; the rest is done on the page of accounts.
package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"

	"tongchang/events"
	"tongchang/events/access"
)

// accountCmd is `tongchang account`.
type accountCmd struct {
	Add   accountAddCmd   `cmd:"" help:"${help_account_add}"`
	List  accountListCmd  `cmd:"" help:"${help_account_list}"`
	Link  accountLinkCmd  `cmd:"" help:"${help_account_link}"`
	Close accountCloseCmd `cmd:"" help:"${help_account_close}"`
	Open  accountOpenCmd  `cmd:"" help:"${help_account_open}"`
}

// accountsOf is what the commands about accounts have in common.
type accountsOf struct {
	database
	Competition string `help:"${flag_competition}" short:"c" required:"" placeholder:"CODE"`
}

func (c *accountsOf) command() events.Command {
	return events.Command{ID: uuid.NewString(), Competition: c.Competition, Author: access.Console.Name}
}

// in runs do on the competition of a database that has to be there.
func (c *accountsOf) in(a *app, do func(*events.Store, events.Competition) error) error {
	return c.with(a, func(s *events.Store) error {
		competition, err := s.Competition(a, c.Competition)
		if err != nil {
			return err
		}
		return do(s, competition)
	})
}

// find finds an account by its login.
func (c *accountsOf) find(a *app, s *events.Store, competition events.Competition, login string) (events.AccountView, error) {
	all, err := s.Accounts(a, access.Console, competition)
	if err != nil {
		return events.AccountView{}, err
	}
	i := slices.IndexFunc(all, func(v events.AccountView) bool { return strings.EqualFold(v.Login, login) })
	if i < 0 {
		return events.AccountView{}, fault("account-unknown", login, c.Competition)
	}
	return all[i], nil
}

// linkAddress is where the links that are printed lead to.
type linkAddress struct {
	At string `help:"${flag_at}" default:"http://127.0.0.1:8080" env:"TONGCHANG_AT" placeholder:"URL"`
}

func (l *linkAddress) print(a *app, competition string, links []events.Link) {
	for i := range links {
		a.say("account.link", links[i].Account.Name, links[i].Account.Login, a.web.Role(links[i].Account.Role))
		fmt.Fprintf(a.out, "  %s/c/%s/welcome/%s\n", strings.TrimSuffix(l.At, "/"), competition, links[i].Token)
	}
	a.say("account.once")
}

// accountAddCmd is `tongchang account add`.
type accountAddCmd struct {
	accountsOf
	linkAddress
	Login      string `arg:"" help:"${flag_login}"`
	Name       string `help:"${flag_account_name}" required:""`
	Role       string `help:"${flag_role}" default:"organiser" placeholder:"ROLE"`
	Delegation string `help:"${flag_delegation}" placeholder:"CODE"`
	Discipline string `help:"${flag_discipline}" placeholder:"CODE"`
}

// Run makes an account and prints the link to set its password.
func (c *accountAddCmd) Run(a *app) error {
	return c.in(a, func(s *events.Store, competition events.Competition) error {
		n := events.NewAccount{Login: c.Login, Name: c.Name, Role: access.Role(c.Role)}
		p, err := s.Programme(a, competition.ID)
		if err != nil {
			return err
		}
		if c.Delegation != "" {
			i := slices.IndexFunc(p.Delegations, func(d events.Delegation) bool { return strings.EqualFold(d.Code, c.Delegation) })
			if i < 0 {
				return fault("account-delegation", c.Delegation, c.Competition)
			}
			n.Delegation = p.Delegations[i].ID
		}
		for id, d := range p.Disciplines {
			if c.Discipline != "" && strings.EqualFold(d.Code, c.Discipline) {
				n.Discipline = id
			}
		}
		if c.Discipline != "" && n.Discipline == 0 {
			return fault("account-discipline", c.Discipline, c.Competition)
		}
		_, links, err := s.MakeAccounts(a, c.command(), access.Console, events.MakeAccounts{Accounts: []events.NewAccount{n}})
		if err != nil {
			return err
		}
		c.print(a, c.Competition, links)
		return nil
	})
}

// accountListCmd is `tongchang account list`.
type accountListCmd struct{ accountsOf }

// Run lists who may sign in.
func (c *accountListCmd) Run(a *app) error {
	return c.in(a, func(s *events.Store, competition events.Competition) error {
		all, err := s.Accounts(a, access.Console, competition)
		if err != nil {
			return err
		}
		if len(all) == 0 {
			a.say("account.none", c.Competition)
		}
		for i := range all {
			v := &all[i]
			state := a.words.say("account.waiting")
			switch {
			case v.Closed:
				state = a.words.say("account.closed")
			case v.Ready:
				state = a.words.say("account.ready")
			}
			of := v.Delegation + v.Discipline
			if of != "" {
				of = " · " + of
			}
			fmt.Fprintf(a.out, "%s\t%s\t%s%s\t%s\n", v.Login, v.Name, a.web.Role(v.Role), of, state)
		}
		return nil
	})
}

// accountLinkCmd is `tongchang account link`.
type accountLinkCmd struct {
	accountsOf
	linkAddress
	Login  string `arg:"" help:"${flag_login}"`
	Factor bool   `help:"${flag_factor}"`
}

// Run prints a new link for somebody.
func (c *accountLinkCmd) Run(a *app) error {
	return c.in(a, func(s *events.Store, competition events.Competition) error {
		v, err := c.find(a, s, competition, c.Login)
		if err != nil {
			return err
		}
		_, links, err := s.NewLinks(a, c.command(), access.Console, events.NewLinks{Accounts: []int64{v.ID}, Factor: c.Factor})
		if err != nil {
			return err
		}
		c.print(a, c.Competition, links)
		return nil
	})
}

// accountCloseCmd is `tongchang account close`.
type accountCloseCmd struct {
	accountsOf
	Login string `arg:"" help:"${flag_login}"`
}

// Run ends somebody's access at once.
func (c *accountCloseCmd) Run(a *app) error { return c.set(a, c.Login, false) }

// accountOpenCmd is `tongchang account open`.
type accountOpenCmd struct {
	accountsOf
	Login string `arg:"" help:"${flag_login}"`
}

// Run opens a closed account again.
func (c *accountOpenCmd) Run(a *app) error { return c.set(a, c.Login, true) }

func (c *accountsOf) set(a *app, login string, open bool) error {
	return c.in(a, func(s *events.Store, competition events.Competition) error {
		v, err := c.find(a, s, competition, login)
		if err != nil {
			return err
		}
		if _, err := s.CloseAccount(a, c.command(), access.Console, events.CloseAccount{Account: v.ID, Open: open}); err != nil {
			return err
		}
		if open {
			a.say("account.is-open", v.Name)
		} else {
			a.say("account.is-closed", v.Name)
		}
		return nil
	})
}
