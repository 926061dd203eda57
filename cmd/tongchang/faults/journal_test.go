package faults

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// What can be said of a mark in a journal. Made comes before the mark is sent
// for the first time, whatever happens to it later.
const (
	made         = "made"
	sent         = "sent"
	acknowledged = "acknowledged"
	stale        = "stale" // somebody else was faster: the judge has to decide
	late         = "late"  // the server has it in the chief judge's inbox
	refused      = "refused"
)

// note is one line of a tablet's journal.
type note struct {
	State string    `json:"state"`
	ID    string    `json:"id"`
	At    time.Time `json:"at"`

	Unit   int64  `json:"unit,omitempty"` // with made
	Start  int64  `json:"start,omitempty"`
	Saw    int64  `json:"saw,omitempty"`
	Mark   int64  `json:"mark,omitempty"` // ms
	Author string `json:"author,omitempty"`

	Seq      int64  `json:"seq,omitempty"` // with acknowledged
	Revision int64  `json:"revision,omitempty"`
	Problem  string `json:"problem,omitempty"` // with refused
}

// journal is a tablet's own record: a file that only grows. The checker reads
// it from there.
type journal struct {
	mu   sync.Mutex
	file *os.File
	err  error
}

func openJournal(dir string, tablet int) (*journal, error) {
	f, err := os.OpenFile(filepath.Join(dir, fmt.Sprintf("tablet-%02d.jsonl", tablet)), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	return &journal{file: f}, nil
}

func (j *journal) write(n note) {
	n.At = time.Now()
	b, err := json.Marshal(n)
	j.mu.Lock()
	defer j.mu.Unlock()
	if err == nil {
		_, err = j.file.Write(append(b, '\n'))
	}
	j.err = errors.Join(j.err, err)
}

func (j *journal) close() error { return errors.Join(j.err, j.file.Close()) }

// kept is what a journal says of one mark, all its lines together.
type kept struct {
	note               // as it was made
	Sent     int       // how often
	Receipts []receipt // every acknowledgement
	Final    string    // the last word on it; empty: none
	Why      string    // of a refusal
	Acked    time.Time // the first time
}

type receipt struct{ seq, revision int64 }

// readJournals reads the journals of a folder, by the marks' IDs.
func readJournals(dir string) (map[string]*kept, error) {
	files, err := filepath.Glob(filepath.Join(dir, "tablet-*.jsonl"))
	if err != nil {
		return nil, err
	}
	marks := map[string]*kept{}
	for _, name := range files {
		if err := readJournal(name, marks); err != nil {
			return nil, fmt.Errorf("%s: %w", filepath.Base(name), err)
		}
	}
	return marks, nil
}

func readJournal(name string, marks map[string]*kept) (err error) {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		var n note
		if err := json.Unmarshal(lines.Bytes(), &n); err != nil {
			return err
		}
		k := marks[n.ID]
		if n.State == made {
			if k != nil {
				return fmt.Errorf("mark %s was made twice", n.ID)
			}
			marks[n.ID] = &kept{note: n}
			continue
		}
		if k == nil {
			return fmt.Errorf("mark %s was %s before it was made", n.ID, n.State)
		}
		switch n.State {
		case sent:
			k.Sent++
		case acknowledged:
			k.Receipts = append(k.Receipts, receipt{n.Seq, n.Revision})
			if k.Acked.IsZero() {
				k.Acked = n.At
			}
			k.Final = acknowledged
		default:
			k.Final, k.Why = n.State, n.Problem
		}
	}
	return lines.Err()
}
