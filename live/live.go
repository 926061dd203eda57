// Package live carries what has happened to everybody who watches. It knows
// streams (a log with gapless numbers), topics (one thing in it), frames (the
// whole present state of one topic) and watchers (one listener each); what
// they are about it has never heard. It could serve a bakery.
//
// A stream is read by one goroutine, the tail, while anybody watches it. The
// tail looks when it is woken and at the latest every second, asks the [Source]
// which topics the new entries touched, reads the present state of those that
// are watched once, encodes it once and puts it into the watchers' queues. A
// queue holds at most one frame per topic: the newest. So a slow watcher skips
// states, never sees an old one after a new one, and is right as soon as it
// has caught up; one that is stuck is sent away and told to come back.
//
// The protocol is described in docs/feed.md.
package live

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"time"
)

// Position is a place in a stream's log. Numbers compare only within one
// epoch, which changes whenever the log may have gone back: on a restore.
type Position struct {
	Epoch string
	Seq   int64
}

// nowhere is the position of somebody who has seen nothing.
var nowhere = Position{Seq: -1}

// Source is where the truth of a stream is. Its methods are called from one
// goroutine per stream, with a deadline; an error is logged and tried again.
type Source interface {
	// Head is the stream's epoch and the number of its newest committed entry,
	// 0 while there is none. ErrNoStream sends the watchers away for good.
	Head(ctx context.Context, stream string) (Position, error)

	// Touched names the topics that the entries after `after` touched, and the
	// newest entry it looked at. It may stop before the head and is then asked
	// again; where there are newer entries it looks at one of them at least.
	Touched(ctx context.Context, stream string, after int64) (topics []string, seq int64, err error)

	// State is the topic's whole present state as JSON, and the newest
	// committed entry that this reading could see, whether or not that one
	// touched the topic. State and number come from one snapshot.
	// ErrNoTopic when there is no such topic.
	State(ctx context.Context, stream, topic string) (data json.RawMessage, seq int64, err error)
}

// What a Source answers when asked for something that is not there. A topic may
// come into being later: its watchers are kept. ErrNotYet is for a Source that is
// told of states itself: it has asked for the topic, and will call [Hub.Touch].
var (
	ErrNoStream = errors.New("live: no such stream")
	ErrNoTopic  = errors.New("live: no such topic")
	ErrNotYet   = errors.New("live: not heard yet")
)

// Viewer is on whose behalf a connection watches. It is kept as long as the
// connection lives, so May should not hold on to the request.
type Viewer struct {
	// May says whether the viewer may watch the topic; nil allows every one. A
	// topic that may not be watched is answered like one that does not exist.
	May func(topic string) bool

	// Session is what [Hub.Dismiss] is told when this viewer has to go; empty
	// for the public.
	Session string
}

// Options are the settings of a [Hub]; zero values mean the default.
type Options struct {
	// Origins are the pages that may connect besides those of the server's own
	// host, written as browsers send them: "https://games.example".
	Origins []string

	// AllowNoOrigin lets programs in that send no Origin header; browsers
	// always do. Leave it off where cookies decide what may be watched.
	AllowNoOrigin bool

	MaxWatchers  int           // connections at once; default 12,000
	MaxTopics    int           // topics of one connection; default 64
	Arrivals     int           // newcomers without a session let in each second; the others wait for their turn; default 1,500
	KeepAlive    time.Duration // between two signs of life; default 15 s
	WriteTimeout time.Duration // how long a message may wait, and then take; default 7 s, so that a stuck watcher is gone in 15
	Look         time.Duration // the longest a tail waits to look by itself; default 1 s
	Pace         time.Duration // the least time between two looks: what happens meanwhile goes out as one; default 100 ms

	// Pushed is for a Source that is told of states by another hub, in the order in
	// which that one reads them: it says with [Hub.Touch] what is new, and what it
	// has of a topic is believed whichever entry it includes.
	Pushed bool

	// Reached, when set, is told how long news took from the moment the hub was
	// told to look until the last of so many watchers had been written to. It is
	// called from many goroutines and must not wait.
	Reached func(watchers int, took time.Duration)

	Logger *slog.Logger // default slog.Default()
}

func (o Options) withDefaults() Options {
	o.MaxWatchers = cmp.Or(o.MaxWatchers, 12_000)
	o.MaxTopics = cmp.Or(o.MaxTopics, 64)
	o.Arrivals = cmp.Or(o.Arrivals, 1500)
	o.KeepAlive = cmp.Or(o.KeepAlive, 15*time.Second)
	o.WriteTimeout = cmp.Or(o.WriteTimeout, 7*time.Second)
	o.Look = cmp.Or(o.Look, time.Second)
	o.Pace = cmp.Or(o.Pace, 100*time.Millisecond)
	o.Logger = cmp.Or(o.Logger, slog.Default())
	return o
}

// Close codes of the protocol. Those that ask to come back give the
// milliseconds to wait as the close reason.
const (
	CloseRestart   = 1012 // the server stops: come back
	CloseSlow      = 1013 // too slow to be kept: come back
	CloseNotText   = 1003 // binary message: do not come back
	CloseNotUTF8   = 1007 // do not come back
	CloseFlood     = 1008 // too many messages, pings or bytes: do not come back
	CloseTooBig    = 1009 // message over 4 KB: do not come back
	CloseNonsense  = 4400 // a message that is not of this protocol: do not come back
	CloseDismissed = 4401 // the session is over: sign in first
	CloseNoStream  = 4404 // do not come back
)

// Stats are a hub's figures. The first are of the moment, the others since the
// hub was made.
type Stats struct {
	Watchers, Streams, Topics int
	Arriving                  int           // newcomers waiting for their turn
	Queued                    int           // watchers to whom something has still to be written
	Behind                    time.Duration // how long ago the log was last read to its end, or a topic went stale: the worst of all streams

	Admitted     int64 // connections that became watchers
	Polled       int64 // answers to those who poll
	Frames       int64 // states read and encoded
	Delivered    int64 // frames written to watchers
	Skipped      int64 // frames replaced by newer ones before they were written
	Slow         int64 // watchers sent away because they were stuck
	Refused      int64 // connections refused: full, closing or foreign origin
	SourceErrors int64
}
