// rank: a published document ranked again, with no database.
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"tongchang/scoring"
	"tongchang/scoring/kinds"
)

// rankCmd is `tongchang rank`.
type rankCmd struct {
	File string `arg:"" help:"${arg_document}"`
	JSON bool   `name:"json" help:"${flag_json}"`
}

// maxDocument is the most that is read of a document, in bytes.
const maxDocument = 64 << 20

// Run ranks the document.
func (c *rankCmd) Run(a *app) error {
	doc, err := c.read(a)
	if err != nil {
		return err
	}
	rankings, err := kinds.Rank(doc)
	if err != nil {
		return err
	}
	if c.JSON {
		e := json.NewEncoder(a.out)
		e.SetIndent("", "  ")
		e.SetEscapeHTML(false)
		return e.Encode(rankings)
	}
	a.say("rank.title", doc.Title, doc.Ruleset.Name, doc.Ruleset.Version, doc.Ruleset.Kind)
	for _, r := range rankings {
		if r.Group != "" {
			fmt.Fprintln(a.out)
			a.say("rank.group", r.Group, r.Name)
		}
		for i := range r.Lines {
			a.rankLine(&r.Lines[i])
		}
	}
	return nil
}

// read reads the document from a file, or from standard input for "-".
func (c *rankCmd) read(a *app) (doc kinds.Document, err error) {
	in := a.in
	if c.File != "-" {
		f, err := os.Open(c.File)
		if err != nil {
			return doc, fault("read", c.File, err)
		}
		defer f.Close() // only read from: nothing can be lost
		in = f
	}
	raw, err := io.ReadAll(io.LimitReader(in, maxDocument+1))
	if err != nil {
		return doc, fault("read", c.File, err)
	}
	if len(raw) > maxDocument {
		return doc, fault("too-big", c.File, maxDocument>>20)
	}
	if err := json.Unmarshal(raw, &doc); err != nil {
		return doc, fault("not-a-document", c.File, err)
	}
	return doc, nil
}

// rankLine prints a line's place, mark and figures, and why it stands there.
func (a *app) rankLine(l *scoring.Ranked) {
	place := "–"
	if l.Rank > 0 {
		place = strconv.Itoa(l.Rank)
	}
	var beside []string
	for _, col := range l.Columns {
		beside = append(beside, a.web.T("column."+col.Name)+" "+col.Text)
	}
	text := fmt.Sprintf("%4s  %-8s %10s  %s", place, l.ID, l.Result, strings.Join(beside, ", "))
	fmt.Fprintln(a.out, strings.TrimRight(text, " "))
	if why := a.web.Why(*l, func(id string) string { return id }); why != nil {
		source := ""
		if why.Source != "" {
			source = " [" + why.Source + "]"
		}
		fmt.Fprintf(a.out, "%16s%s%s\n", "", why.Text, source)
	}
}
