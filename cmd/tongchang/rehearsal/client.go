package rehearsal

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"
)

// Client speaks to one competition of a server. A command is sent until the
// server has said what became of it; sending it again is safe, since its ID
// stays the same.
type Client struct {
	URL         string // http://127.0.0.1:8080
	Competition string
	Key         string // the desk's
	Lang        string // of the server's messages; empty is the server's own
	// Patience is how long to go on sending to a server that does not answer;
	// 0 is a minute.
	Patience time.Duration
	// Journal notes every acknowledged command; nil is none.
	Journal *Journal
	HTTP    *http.Client // nil is one of its own

	once  sync.Once
	mu    sync.Mutex
	times []time.Duration // from sending to acknowledgement
}

// Answer is the server's definite word on a command: a receipt, or a refusal.
type Answer struct {
	Code     int             `json:"-"` // HTTP
	Seq      int64           `json:"seq"`
	Repeated bool            `json:"repeated"`
	Outcome  json.RawMessage `json:"outcome"`

	Status  string `json:"status"` // of a refusal
	Problem string `json:"problem"`
	Field   string `json:"field"`
	Message string `json:"message"`
	Present struct {
		Text     string `json:"text"`
		Revision int64  `json:"revision"`
		By       string `json:"by"`
	} `json:"present"`
}

// OK reports whether the command was accepted, now or before.
func (a *Answer) OK() bool { return a.Code == http.StatusOK }

// Refused is an answer that ends what the player was about.
type Refused struct {
	What string
	Answer
}

func (r *Refused) Error() string {
	return fmt.Sprintf("%s: %d %s %s %s (%s)", r.What, r.Code, r.Status, r.Problem, r.Field, r.Message)
}

// Envelope is what every command has beside what it asks for.
type Envelope struct {
	Command string `json:"command"`
	Author  string `json:"author,omitempty"`
	Reason  string `json:"reason,omitempty"`
}

// by begins a command of a seat's.
func by(seat string) Envelope { return Envelope{Command: uuid.NewString(), Author: seat} }

const (
	patience    = time.Minute
	oneTry      = 10 * time.Second
	maxAnswer   = 64 << 20
	firstPause  = 20 * time.Millisecond
	longestWait = 500 * time.Millisecond
)

func (c *Client) client() *http.Client {
	c.once.Do(func() {
		if c.HTTP == nil {
			c.HTTP = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 128, IdleConnTimeout: 30 * time.Second}}
		}
		if c.Patience == 0 {
			c.Patience = patience
		}
	})
	return c.HTTP
}

// Get reads a public address into a value.
func (c *Client) Get(ctx context.Context, path string, into any) error {
	return c.insist(ctx, func(ctx context.Context) (bool, error) {
		a, body, err := c.ask(ctx, http.MethodGet, path, nil)
		if err != nil || a.Code == http.StatusServiceUnavailable {
			return false, err
		}
		if !a.OK() {
			return true, &Refused{"GET " + path, *a}
		}
		return true, json.Unmarshal(body, into)
	})
}

// Post sends a command until there is a definite answer, which may be a refusal.
func (c *Client) Post(ctx context.Context, path string, command Envelope, fields any) (*Answer, error) {
	body, err := payload(command, fields)
	if err != nil {
		return nil, err
	}
	var answer *Answer
	begun := time.Now()
	err = c.insist(ctx, func(ctx context.Context) (bool, error) {
		a, _, err := c.ask(ctx, http.MethodPost, path, body)
		if err != nil || a.Code >= http.StatusInternalServerError {
			return false, err
		}
		answer = a
		return true, nil
	})
	if err != nil {
		return nil, err
	}
	if answer.OK() {
		c.acknowledged(command.Command, answer, time.Since(begun))
	}
	return answer, nil
}

// Must sends a command that has to be accepted.
func (c *Client) Must(ctx context.Context, path string, command Envelope, fields any) (*Answer, error) {
	a, err := c.Post(ctx, path, command, fields)
	if err == nil && !a.OK() {
		err = &Refused{path, *a}
	}
	return a, err
}

// abandon sends a command once and walks away after a while, as when the
// network breaks: nobody learns what became of it.
func (c *Client) abandon(ctx context.Context, path string, command Envelope, fields any, after time.Duration) error {
	body, err := payload(command, fields)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, after)
	defer cancel()
	a, _, err := c.ask(ctx, http.MethodPost, path, body)
	if err == nil && a.OK() {
		c.acknowledged(command.Command, a, after)
	}
	return nil // lost or not: the sender sends again
}

// payload is a command's body: the envelope's fields and those it asks for.
func payload(command Envelope, fields any) ([]byte, error) {
	raw, err := json.Marshal(fields)
	if err != nil {
		return nil, err
	}
	all := map[string]json.RawMessage{}
	if err := json.Unmarshal(raw, &all); err != nil {
		return nil, err
	}
	head, err := json.Marshal(command)
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(head, &all); err != nil {
		return nil, err
	}
	return json.Marshal(all)
}

// insist tries until it is done or patience ends. Waits grow and differ from
// sender to sender.
func (c *Client) insist(ctx context.Context, try func(context.Context) (done bool, err error)) error {
	c.client()
	deadline := time.Now().Add(c.Patience)
	for pause := firstPause; ; pause = min(2*pause, longestWait) {
		one, cancel := context.WithTimeout(ctx, oneTry)
		done, err := try(one)
		cancel()
		switch {
		case done:
			return err
		case ctx.Err() != nil:
			return ctx.Err()
		case time.Now().After(deadline):
			return errors.Join(ErrNoAnswer, err)
		}
		if err := sleep(ctx, pause/2+rand.N(pause)); err != nil {
			return err
		}
	}
}

// ErrNoAnswer is a server that has not answered for as long as patience lasts.
var ErrNoAnswer = errors.New("the server gives no answer")

// ask is one request. An answer that is not whole is an error.
func (c *Client) ask(ctx context.Context, method, path string, body []byte) (*Answer, []byte, error) {
	r, err := http.NewRequestWithContext(ctx, method, c.URL+"/c/"+c.Competition+path, bytes.NewReader(body))
	if err != nil {
		return nil, nil, err
	}
	r.Header.Set("Accept", "application/json")
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Authorization", "Bearer "+c.Key)
	}
	if c.Lang != "" {
		r.AddCookie(&http.Cookie{Name: "lang", Value: c.Lang})
	}
	res, err := c.client().Do(r)
	if err != nil {
		return nil, nil, err
	}
	defer res.Body.Close() // read to its end below
	got, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer))
	if err != nil {
		return nil, nil, err
	}
	a := &Answer{Code: res.StatusCode}
	if method == http.MethodPost || !a.OK() {
		if err := json.Unmarshal(got, a); err != nil && a.OK() {
			return nil, nil, fmt.Errorf("%s %s: %w", method, path, err)
		}
	}
	return a, got, nil
}

// acknowledged notes a receipt.
func (c *Client) acknowledged(id string, a *Answer, took time.Duration) {
	c.mu.Lock()
	c.times = append(c.times, took)
	c.mu.Unlock()
	if c.Journal != nil {
		c.Journal.note(Acknowledged{Command: id, Seq: a.Seq})
	}
}

// Latency is how many commands were acknowledged, and the time within which
// half and 99 of 100 of them were.
func (c *Client) Latency() (n int, p50, p99 time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if n = len(c.times); n == 0 {
		return 0, 0, 0
	}
	sorted := slices.Sorted(slices.Values(c.times))
	return n, sorted[n/2], sorted[n*99/100]
}
