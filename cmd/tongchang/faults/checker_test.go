package faults

import (
	"cmp"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the drivers; how the ledger uses them is not what is used here
	_ "modernc.org/sqlite"
)

// evidence is what the checker lays beside the database.
type evidence struct {
	Journals string              // folder
	Heads    []head              // ends of the log that were published during the trial
	Last     head                // the last one
	States   map[int64]shownUnit // what boards are told, by unit
	Shared   bool                // tablets share units: a mark may be stale
	Reused   map[string]bool     // IDs that were sent again with another mark, and refused
}

// shownUnit is a unit as boards get it.
type shownUnit struct {
	Status string `json:"status"`
	Lines  []struct {
		Entry string `json:"entry"`
		Rank  string `json:"rank"`
		Mark  string `json:"mark"`
	} `json:"lines"`
}

// violation is an invariant that does not hold.
type violation struct {
	Invariant string // I1 … I4
	What      string
}

func (v violation) String() string { return v.Invariant + ": " + v.What }

// entry is a row of the log.
type entry struct {
	seq                                                                int64
	id, kind, author, reason, at, payload, outcome, topics, prev, hash string
}

// cell is a row of the marks.
type cell struct {
	start, mark, revision, seq int64
	none                       bool // no mark in it
}

// ledger is the database as the checker reads it: with SQL of its own and none
// of the ledger's code.
type ledger struct {
	code, head string
	lastSeq    int64
	log        []entry
	marks      map[int64]cell            // by start
	units      map[int64]int64           // of each start
	status     map[int64]string          // of each unit
	results    map[int64]map[int64]place // official ones: by unit and start
	late       map[string]int            // by command
	refused    map[string]int            // by command
}

// place is where a start stands.
type place struct{ rank, mark int64 }

func openRaw(dsn string) (*sql.DB, error) {
	if strings.HasPrefix(dsn, "postgres://") {
		return sql.Open("pgx", dsn)
	}
	return sql.Open("sqlite", "file:"+dsn+"?mode=ro&_pragma=busy_timeout(5000)")
}

// rows runs a query and gives each of its rows to take.
func rows(ctx context.Context, db *sql.DB, query string, take func(scan func(...any) error) error) (err error) {
	found, err := db.QueryContext(ctx, query)
	if err != nil {
		return fmt.Errorf("%s: %w", query, err)
	}
	defer func() { err = errors.Join(err, found.Close()) }()
	for found.Next() {
		if err := take(found.Scan); err != nil {
			return fmt.Errorf("%s: %w", query, err)
		}
	}
	return found.Err()
}

// unitsOf lists the units with their starts.
func unitsOf(ctx context.Context, dsn string) (units []unit, err error) {
	db, err := openRaw(dsn)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	err = rows(ctx, db, "SELECT unit_id, id FROM starts ORDER BY unit_id, id", func(scan func(...any) error) error {
		var u, s int64
		if err := scan(&u, &s); err != nil {
			return err
		}
		if len(units) == 0 || units[len(units)-1].id != u {
			units = append(units, unit{id: u})
		}
		last := &units[len(units)-1]
		last.starts = append(last.starts, s)
		return nil
	})
	return units, err
}

func readLedger(ctx context.Context, dsn string) (l *ledger, err error) {
	db, err := openRaw(dsn)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	l = &ledger{marks: map[int64]cell{}, units: map[int64]int64{}, status: map[int64]string{}, results: map[int64]map[int64]place{}, late: map[string]int{}, refused: map[string]int{}}
	type scan = func(...any) error
	counted := func(into map[string]int) func(scan) error {
		return func(scan scan) error {
			var id string
			err := scan(&id)
			into[id]++
			return err
		}
	}
	for _, part := range []struct {
		query string
		take  func(scan) error
	}{
		{"SELECT code, head, last_seq FROM competitions", func(scan scan) error { return scan(&l.code, &l.head, &l.lastSeq) }},
		{`SELECT seq, command_id, kind, author, reason, "at", payload, receipt, topics, prev, hash FROM log ORDER BY seq`, func(scan scan) error {
			var e entry
			var at any
			err := scan(&e.seq, &e.id, &e.kind, &e.author, &e.reason, &at, &e.payload, &e.outcome, &e.topics, &e.prev, &e.hash)
			e.at = moment(at)
			l.log = append(l.log, e)
			return err
		}},
		{"SELECT start_id, mark, revision, seq FROM marks WHERE cell = 'time'", func(scan scan) error {
			var c cell
			var mark sql.NullInt64
			err := scan(&c.start, &mark, &c.revision, &c.seq)
			c.mark, c.none = mark.Int64, !mark.Valid
			l.marks[c.start] = c
			return err
		}},
		{"SELECT id, unit_id FROM starts", func(scan scan) error {
			var s, u int64
			err := scan(&s, &u)
			l.units[s] = u
			return err
		}},
		{"SELECT id, result_status FROM units", func(scan scan) error {
			var u int64
			var status string
			err := scan(&u, &status)
			l.status[u] = status
			return err
		}},
		{`SELECT unit_id, start_id, "rank", mark FROM results`, func(scan scan) error {
			var u, s int64
			var p place
			var mark sql.NullInt64
			err := scan(&u, &s, &p.rank, &mark)
			if p.mark = mark.Int64; l.results[u] == nil {
				l.results[u] = map[int64]place{}
			}
			l.results[u][s] = p
			return err
		}},
		{"SELECT command_id FROM late_marks", counted(l.late)},
		{"SELECT command_id FROM refused", counted(l.refused)},
	} {
		if err := rows(ctx, db, part.query, part.take); err != nil {
			return nil, err
		}
	}
	return l, nil
}

// moment is a time as the chain has it, from either database.
func moment(v any) string {
	const chained = "2006-01-02T15:04:05.000000Z"
	if at, ok := v.(time.Time); ok {
		return at.UTC().Format(chained)
	}
	text := fmt.Sprint(v)
	for _, layout := range []string{"2006-01-02 15:04:05.999999-07:00", "2006-01-02 15:04:05.999999", time.RFC3339Nano} {
		if at, err := time.Parse(layout, text); err == nil {
			return at.UTC().Format(chained)
		}
	}
	return text
}

// check lays journals, database and publication beside each other.
func check(ctx context.Context, dsn string, seen evidence) ([]violation, *tally, error) {
	journals, err := readJournals(seen.Journals)
	if err != nil {
		return nil, nil, err
	}
	l, err := readLedger(ctx, dsn)
	if err != nil {
		return nil, nil, err
	}
	k := &checker{ledger: l, journals: journals, seen: seen, written: map[int64][]entered{}, inLog: map[string][]int64{}}
	k.chain()
	k.entries()
	k.acknowledged()
	k.cells()
	k.places()
	return k.found, &k.tally, nil
}

// checker is one comparison.
type checker struct {
	*ledger
	journals map[string]*kept
	seen     evidence
	inLog    map[string][]int64  // numbers of the entries of each mark's ID
	written  map[int64][]entered // marks in the log, by start, in order
	found    []violation
	tally    tally
}

// entered is a mark as the log has it.
type entered struct {
	id                 string
	seq, saw, revision int64
	mark               string
}

func (k *checker) bad(invariant, format string, args ...any) {
	if len(k.found) < 50 {
		k.found = append(k.found, violation{invariant, fmt.Sprintf(format, args...)})
	}
}

// chain is I4: every entry carries the hash of the one before it, from the
// beginning to the head that is stored and published, and every head that was
// ever published is in it.
func (k *checker) chain() {
	first := sha256.Sum256([]byte("tongchang log of " + k.code))
	prev, hashes := hex.EncodeToString(first[:]), map[int64]string{0: hex.EncodeToString(first[:])}
	for i, e := range k.log {
		b, err := json.Marshal([]any{e.prev, e.seq, e.id, e.kind, e.author, e.reason, e.at, e.payload, e.outcome, e.topics})
		if err != nil {
			k.bad("I4", "entry %d: %v", e.seq, err)
		}
		sum := sha256.Sum256(b)
		switch {
		case e.seq != int64(i)+1:
			k.bad("I4", "entry %d stands where %d must be", e.seq, i+1)
		case e.prev != prev:
			k.bad("I4", "entry %d is not chained to the one before it", e.seq)
		case e.hash != hex.EncodeToString(sum[:]):
			k.bad("I4", "entry %d is not what its hash was made of", e.seq)
		}
		prev, hashes[e.seq] = e.hash, e.hash
	}
	if k.lastSeq != int64(len(k.log)) || k.head != prev {
		k.bad("I4", "the log ends with %d, its head says %d", len(k.log), k.lastSeq)
	}
	if k.seen.Last.Seq != k.lastSeq || k.seen.Last.Head != k.head {
		k.bad("I4", "the head is %d %.8s, published %d %.8s", k.lastSeq, k.head, k.seen.Last.Seq, k.seen.Last.Head)
	}
	for _, h := range k.seen.Heads {
		if hashes[h.Seq] != h.Head {
			k.bad("I4", "published as the log's end at %d: %.8s; the log has %.8s there", h.Seq, h.Head, hashes[h.Seq])
		}
		if h.Epoch != k.seen.Last.Epoch {
			k.bad("I4", "the epoch went from %s to %s", h.Epoch, k.seen.Last.Epoch)
		}
	}
}

// entries is I2: every mark of the log was made by a tablet, once, and saw what
// stood there.
func (k *checker) entries() {
	for _, e := range k.log {
		if e.kind != "mark" {
			continue
		}
		k.inLog[e.id] = append(k.inLog[e.id], e.seq)
		var asked struct {
			Unit, Start, Saw int64
			Mark             string
		}
		var outcome struct {
			Revision int64
		}
		if err := errors.Join(json.Unmarshal([]byte(e.payload), &asked), json.Unmarshal([]byte(e.outcome), &outcome)); err != nil {
			k.bad("I2", "entry %d cannot be read: %v", e.seq, err)
			continue
		}
		before := k.written[asked.Start]
		if n := int64(len(before)); asked.Saw != n || outcome.Revision != n+1 {
			k.bad("I2", "entry %d wrote revision %d of start %d over %d that it had not seen (%d)", e.seq, outcome.Revision, asked.Start, n, asked.Saw)
		}
		k.written[asked.Start] = append(before, entered{e.id, e.seq, asked.Saw, outcome.Revision, asked.Mark})
		own := k.journals[e.id]
		switch {
		case own == nil:
			k.bad("I2", "entry %d: no tablet made the mark %s", e.seq, e.id)
		case own.Unit != asked.Unit || own.Start != asked.Start || own.Saw != asked.Saw || clock(own.Mark) != asked.Mark || own.Author != e.author:
			k.bad("I2", "entry %d is not the mark that %s made", e.seq, own.Author)
		}
	}
	for id, seqs := range k.inLog {
		if len(seqs) > 1 {
			k.bad("I2", "mark %s is in the log as %v", id, seqs)
		}
	}
}

// acknowledged is I1: what a tablet has a receipt for is in the log under that
// number; and every mark has a word on it in the end.
func (k *checker) acknowledged() {
	for id, own := range k.journals {
		k.tally.Again += max(0, own.Sent-1)
		for _, r := range own.Receipts {
			if r != own.Receipts[0] {
				k.bad("I1", "mark %s was acknowledged as %v and as %v", id, own.Receipts[0], r)
			}
		}
		seqs := k.inLog[id]
		switch own.Final {
		case acknowledged:
			k.tally.Acknowledged++
			k.tally.Times = append(k.tally.Times, own.Acked.Sub(own.At))
			if len(seqs) == 0 {
				k.tally.Lost++
			}
			if !slices.Contains(seqs, own.Receipts[0].seq) {
				k.bad("I1", "mark %s was acknowledged as %d, the log has it as %v", id, own.Receipts[0].seq, seqs)
			}
		case "":
			k.tally.Unknown++
			k.bad("I1", "mark %s has been sent %d times, and nobody knows what became of it", id, own.Sent)
		case late:
			if k.late[id] != 1 || len(seqs) > 0 {
				k.tally.Lost++
				k.bad("I1", "late mark %s is %d times in the inbox, in the log as %v", id, k.late[id], seqs)
			}
		case stale:
			if !k.seen.Shared {
				k.bad("I1", "mark %s was refused as stale, and nobody else writes its cell", id)
			}
			if len(seqs) > 0 {
				k.bad("I2", "mark %s was refused, and is in the log as %v", id, seqs)
			}
		default:
			k.bad("I1", "mark %s was refused: %s", id, own.Why)
		}
	}
	for id := range k.late {
		if own := k.journals[id]; own == nil || own.Final != late {
			k.bad("I2", "mark %s is in the inbox, and its tablet does not know", id)
		}
	}
	for id := range k.seen.Reused {
		if k.refused[id] == 0 {
			k.bad("I2", "the ID of mark %s came with another mark, and nothing notes it", id)
		}
	}
}

// cells is the rest of I1 and I2: what stands in a cell is the last mark that
// the log gives it.
func (k *checker) cells() {
	for start, c := range k.marks {
		w := k.written[start]
		if len(w) == 0 {
			k.bad("I2", "start %d has a mark that nothing wrote", start)
			continue
		}
		if last := w[len(w)-1]; c.none || clock(c.mark) != last.mark || c.revision != last.revision || c.seq != last.seq {
			k.bad("I1", "start %d has %s revision %d of entry %d, last written %s revision %d by entry %d", start, clock(c.mark), c.revision, c.seq, last.mark, last.revision, last.seq)
		}
	}
	made := map[int64]int{}
	for _, own := range k.journals {
		made[own.Start]++
	}
	for start, w := range k.written {
		k.tally.Doubled += max(0, len(w)-made[start])
		if _, ok := k.marks[start]; !ok {
			k.bad("I1", "start %d was marked and has nothing", start)
		}
	}
}

// places is I3: the places that follow from the marks are the ones that are
// shown, and the stored ones where the unit is official. The fastest is first,
// who is level shares a place, and the next is skipped.
func (k *checker) places() {
	byUnit := map[int64][]cell{}
	for start, u := range k.units {
		if c, ok := k.marks[start]; ok {
			byUnit[u] = append(byUnit[u], c)
		} else {
			byUnit[u] = append(byUnit[u], cell{start: start, none: true})
		}
	}
	for _, u := range slices.Sorted(maps.Keys(byUnit)) {
		want := ranked(byUnit[u])
		state, ok := k.seen.States[u]
		if !ok || len(state.Lines) != len(byUnit[u]) {
			k.bad("I3", "unit %d: %d lines are shown of %d", u, len(state.Lines), len(byUnit[u]))
			continue
		}
		for _, line := range state.Lines {
			var start int64
			if _, err := fmt.Sscan(line.Entry, &start); err != nil {
				k.bad("I3", "unit %d shows a line %q", u, line.Entry)
				continue
			}
			p, marked := want[start]
			if marked && (line.Mark != clock(p.mark) || line.Rank != fmt.Sprint(p.rank)) || !marked && line.Mark+line.Rank != "" {
				k.bad("I3", "unit %d, start %d: %s, place %d; shown %s, place %s", u, start, clock(p.mark), p.rank, line.Mark, line.Rank)
			}
		}
		official := k.status[u] == "official"
		if official != (len(k.results[u]) > 0) || (state.Status == "official") != official {
			k.bad("I3", "unit %d is %s, shown as %s, with %d results", u, k.status[u], state.Status, len(k.results[u]))
		}
		if official && !maps.Equal(want, k.results[u]) {
			k.bad("I3", "unit %d: the official places are %v, the marks give %v", u, k.results[u], want)
		}
	}
}

func ranked(cells []cell) map[int64]place {
	cells = slices.DeleteFunc(slices.Clone(cells), func(c cell) bool { return c.none })
	slices.SortFunc(cells, func(a, b cell) int { return cmp.Compare(a.mark, b.mark) })
	places := map[int64]place{}
	for i, c := range cells {
		rank := int64(i) + 1
		if i > 0 && cells[i-1].mark == c.mark {
			rank = places[cells[i-1].start].rank
		}
		places[c.start] = place{rank, c.mark}
	}
	return places
}
