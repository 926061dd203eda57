// Command tongchang is the whole house in one binary: it serves a games, plays
// one for rehearsal, takes files in and out, ranks, checks and backs up.
//
// This file reads the command line and hands over; each command has a file of
// its own. Run is main as a function, so that tests can call it.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // a fresh machine may have no time zones of its own

	"github.com/alecthomas/kong"

	"tongchang/web"
)

func main() { os.Exit(Run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }

// The exit statuses.
const (
	exitOK     = 0
	exitFailed = 1 // it was tried and is not as it should be
	exitUsage  = 2 // the command line itself is wrong
)

// commands is the command line. Help texts are keys of the catalogue.
type commands struct {
	Lang string   `help:"${flag_lang}" placeholder:"zh-CN|en" env:"TONGCHANG_LANG"`
	Help helpFlag `help:"${flag_help}" short:"h"`

	Serve      serveCmd      `cmd:"" help:"${help_serve}"`
	Demo       demoCmd       `cmd:"" help:"${help_demo}"`
	Import     importCmd     `cmd:"" help:"${help_import}"`
	Export     exportCmd     `cmd:"" help:"${help_export}"`
	Rehearse   rehearseCmd   `cmd:"" help:"${help_rehearse}"`
	Rank       rankCmd       `cmd:"" help:"${help_rank}"`
	Regulation regulationCmd `cmd:"" help:"${help_regulation}"`
	Draw       drawCmd       `cmd:"" help:"${help_draw}"`
	Timetable  timetableCmd  `cmd:"" help:"${help_timetable}"`
	Check      checkCmd      `cmd:"" help:"${help_check}"`
	Backup     backupCmd     `cmd:"" help:"${help_backup}"`
	Restore    restoreCmd    `cmd:"" help:"${help_restore}"`
	Migrate    migrateCmd    `cmd:"" help:"${help_migrate}"`
	Keys       keysCmd       `cmd:"" help:"${help_keys}"`
	Account    accountCmd    `cmd:"" help:"${help_account}"`
	Config     configCmd     `cmd:"" help:"${help_config}"`
}

// app is what every command works with.
type app struct {
	context.Context
	in       io.Reader
	out, err io.Writer
	words    words
	web      *web.Translator // says problems as the pages do
	log      *slog.Logger
	line     *commands
}

// errSaid ends a command that has said all there is to say.
var errSaid = errors.New("said already")

// Run parses a command line, runs its command and answers with an exit status.
// An interrupt or SIGTERM ends the command's context.
func Run(args []string, in io.Reader, out, stderr io.Writer) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	return run(ctx, args, in, out, stderr)
}

func run(ctx context.Context, args []string, in io.Reader, out, stderr io.Writer) int {
	lang := language(args)
	a := &app{Context: ctx, in: in, out: out, err: stderr, line: new(commands), log: slog.New(slog.NewTextHandler(stderr, nil))}
	catalogue, err := web.ReadCatalogue()
	if err == nil {
		a.web = catalogue.In(lang)
		a.words, err = readWords(lang)
	}
	if err != nil {
		fmt.Fprintln(stderr, "tongchang:", err)
		return exitFailed
	}
	parser, err := kong.New(a.line, kong.Name("tongchang"), kong.NoDefaultHelp(), kong.Vars(a.words.forHelp()), kong.Bind(a), kong.Writers(out, stderr))
	if err != nil { // the struct above is wrong: a test finds it first
		fmt.Fprintln(stderr, "tongchang:", err)
		return exitFailed
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	called, err := parser.Parse(args)
	switch {
	case errors.Is(err, errHelped):
		return exitOK
	case err != nil:
		a.complain(sayError{"usage", []any{err.Error()}})
		return exitUsage
	}
	if err := called.Run(a); err != nil {
		if !errors.Is(err, errSaid) {
			a.complain(err)
		}
		return exitFailed
	}
	return exitOK
}

// say prints a sentence of the catalogue on a line of its own.
func (a *app) say(key string, args ...any) { fmt.Fprintln(a.out, a.words.say(key, args...)) }

// complain says what went wrong, where and what to do about it.
func (a *app) complain(err error) {
	for _, sentence := range a.explain(err) {
		fmt.Fprintln(a.err, "tongchang:", sentence)
	}
}
