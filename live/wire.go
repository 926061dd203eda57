// The messages of the protocol, as they are on the wire.

package live

import (
	"encoding/json"
	"fmt"
	"time"
)

// Limits of what a client may say.
const (
	maxMessage = 4096 // bytes
	maxName    = 200  // bytes of a topic's name
)

// What a client can ask for.
const (
	verbWatch   = "watch"
	verbUnwatch = "unwatch"
)

// request is the one message that clients send.
type request struct {
	Type   string `json:"type"`
	Topics []struct {
		Topic string `json:"topic"`
		Epoch string `json:"epoch"`
		Seq   *int64 `json:"seq"` // what the client has; absent: nothing
	} `json:"topics"`
}

// want is a topic asked for and what the client has of it.
type want struct {
	topic string
	have  Position
}

// parseRequest reads a client's message. Fields that it does not know are left
// alone, for clients newer than the server.
func parseRequest(text []byte) (verb string, wants []want, err error) {
	var r request
	if err := json.Unmarshal(text, &r); err != nil {
		return "", nil, err
	}
	if r.Type != verbWatch && r.Type != verbUnwatch {
		return "", nil, fmt.Errorf("live: unknown message type %q", r.Type)
	}
	for _, t := range r.Topics {
		if t.Topic == "" || len(t.Topic) > maxName {
			return "", nil, fmt.Errorf("live: topic name of %d bytes", len(t.Topic))
		}
		w := want{topic: t.Topic, have: nowhere}
		if t.Seq != nil {
			w.have = Position{t.Epoch, *t.Seq}
		}
		wants = append(wants, w)
	}
	return r.Type, wants, nil
}

// message is something for watchers, encoded once for all of them.
type message struct {
	Position
	packet *packet
	text   []byte // the JSON itself, for those who poll
	kind   string
}

// The kinds of message that a server sends.
const (
	kindHello = "hello"
	kindFrame = "frame"
	kindGone  = "gone"
	kindAlive = "alive"
)

func newMessage(kind string, at Position, v any) (*message, error) {
	text, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("live: encode: %w", err)
	}
	p, err := pack(text)
	if err != nil {
		return nil, err
	}
	return &message{Position: at, packet: p, text: text, kind: kind}, nil
}

// frameMessage is one push: the whole present state of one topic, never a
// difference, so a watcher may miss any number and be right after the next.
func frameMessage(topic string, at Position, data json.RawMessage) (*message, error) {
	return newMessage(kindFrame, at, struct {
		Type  string          `json:"type"`
		Topic string          `json:"topic"`
		Epoch string          `json:"epoch"`
		Seq   int64           `json:"seq"`
		Data  json.RawMessage `json:"data"` // opaque here: the Source says what is in it
	}{kindFrame, topic, at.Epoch, at.Seq, data})
}

// goneMessage says that there is no such topic, or none for this viewer.
func goneMessage(topic string, at Position) (*message, error) {
	return newMessage(kindGone, at, struct {
		Type  string `json:"type"`
		Topic string `json:"topic"`
		Epoch string `json:"epoch"`
		Seq   int64  `json:"seq"`
	}{kindGone, topic, at.Epoch, at.Seq})
}

// helloMessage opens a connection, and each new epoch within one.
func helloMessage(at Position, keepAlive time.Duration) (*message, error) {
	return newMessage(kindHello, at, struct {
		Type      string `json:"type"`
		Epoch     string `json:"epoch"`
		Seq       int64  `json:"seq"`
		KeepAlive int64  `json:"keep_alive"` // ms between two signs of life
	}{kindHello, at.Epoch, at.Seq, keepAlive.Milliseconds()})
}

// aliveMessage is a sign of life. current is false while the log or a topic
// cannot be read: the board is connected, but what it shows may be old.
func aliveMessage(at Position, current bool) (*message, error) {
	return newMessage(kindAlive, at, struct {
		Type    string `json:"type"`
		Epoch   string `json:"epoch"`
		Seq     int64  `json:"seq"`
		Current bool   `json:"current"`
	}{kindAlive, at.Epoch, at.Seq, current})
}
