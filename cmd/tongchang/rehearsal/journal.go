package rehearsal

import (
	"encoding/json"
	"io"
	"maps"
	"sync"
)

// Journal is the judges' own record: every command that the server has
// acknowledged, with its number in the log. Whatever happens to the server,
// these must be in its log, once and under this number.
type Journal struct {
	mu    sync.Mutex
	seqs  map[string]int64
	moved []string // commands acknowledged under two numbers
	w     io.Writer
	err   error
}

// Acknowledged is one line of a journal.
type Acknowledged struct {
	Command string `json:"command"`
	Seq     int64  `json:"seq"`
}

// NewJournal makes a journal that is also written to w as JSON lines; nil keeps
// it in memory only.
func NewJournal(w io.Writer) *Journal { return &Journal{seqs: map[string]int64{}, w: w} }

func (j *Journal) note(a Acknowledged) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if was, ok := j.seqs[a.Command]; ok {
		if was != a.Seq {
			j.moved = append(j.moved, a.Command)
		}
		return
	}
	j.seqs[a.Command] = a.Seq
	if j.w != nil && j.err == nil {
		j.err = json.NewEncoder(j.w).Encode(a)
	}
}

// Commands are the acknowledged commands with their numbers, and those that
// were acknowledged under more than one. The error is the first in writing.
func (j *Journal) Commands() (seqs map[string]int64, moved []string, err error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return maps.Clone(j.seqs), append([]string(nil), j.moved...), j.err
}
