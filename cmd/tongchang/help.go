// Help: what there is, in the reader's language. The parser's own printer
// speaks English only.
package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/alecthomas/kong"
)

// errHelped ends parsing after help was printed.
var errHelped = errors.New("help was asked for")

// helpFlag prints help as soon as it is seen, before anything is validated.
type helpFlag bool

// BeforeReset is called by the parser for a flag that was given.
func (helpFlag) BeforeReset(ctx *kong.Context, a *app) error {
	node := ctx.Selected()
	if node == nil {
		a.helpAll(ctx.Model.Node)
	} else {
		a.helpOne(node)
	}
	return errHelped
}

// helpAll lists the commands.
func (a *app) helpAll(root *kong.Node) {
	a.say("text.about")
	fmt.Fprintln(a.out)
	a.say("text.usage", "tongchang")
	fmt.Fprintln(a.out)
	a.say("text.commands")
	for _, c := range root.Children {
		a.row(c.Name, c.Help)
	}
	fmt.Fprintln(a.out)
	a.say("text.more")
}

// helpOne shows one command with its arguments and flags.
func (a *app) helpOne(node *kong.Node) {
	fmt.Fprintln(a.out, node.Help)
	fmt.Fprintln(a.out)
	usage := "tongchang " + node.Name
	for _, p := range node.Positional {
		usage += " " + strings.ToUpper(p.Name)
	}
	a.say("text.usage-one", usage)
	for _, p := range node.Positional {
		a.row(strings.ToUpper(p.Name), p.Help)
	}
	fmt.Fprintln(a.out)
	for _, group := range node.AllFlags(true) {
		for _, f := range group {
			a.row(flagName(f), flagHelp(f))
		}
	}
}

func flagName(f *kong.Flag) string {
	name := "--" + f.Name
	if f.Short != 0 {
		name = "-" + string(f.Short) + ", " + name
	}
	if !f.IsBool() {
		name += " " + f.FormatPlaceHolder()
	}
	return name
}

func flagHelp(f *kong.Flag) string {
	help := f.Help
	if len(f.Tag.Envs) > 0 {
		help += " [" + strings.Join(f.Tag.Envs, ", ") + "]"
	}
	return help
}

// row prints a name and what it means, in two columns where the name is short.
func (a *app) row(name, help string) {
	const column = 26
	if width(name) >= column {
		fmt.Fprintf(a.out, "  %s\n  %s%s\n", name, strings.Repeat(" ", column), help)
		return
	}
	fmt.Fprintf(a.out, "  %s%s%s\n", name, strings.Repeat(" ", column-width(name)), help)
}

// width is how many columns of a terminal a text takes: Chinese characters
// take two.
func width(text string) (n int) {
	for _, r := range text {
		if n++; r >= 0x2e80 {
			n++
		}
	}
	return n
}
