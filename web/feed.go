package web

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"tongchang/events"
	"tongchang/live"
)

// Feeder builds the present state of every topic, for the hub's frames and for
// the pages that show the same. It is where the log's words (unit/12 was
// touched) become what a language's readers see (zh-CN/unit/12), and it keeps
// what it has built until an entry touches it.
type Feeder struct {
	store     *events.Store
	catalogue *Catalogue

	mu         sync.Mutex
	states     map[string]kept[any]               // by competition and topic
	programmes map[string]kept[*events.Programme] // by competition
	tables     map[string]kept[*events.Standings] // by competition
	indexes    map[string]kept[*searched]         // by competition
	building   map[string]*sync.Mutex             // so that a crowd builds a topic once
	late       delays
}

// kept is something read from the ledger, and the newest entry known not to
// change it.
type kept[V any] struct {
	value V
	epoch string
	seq   int64
}

// maxBuilt bounds what is kept; a games has a few thousand topics.
const maxBuilt = 4096

// NewFeed makes the feed of a store, for [live.NewHub].
func NewFeed(store *events.Store) (*Feeder, error) {
	catalogue, err := ReadCatalogue()
	if err != nil {
		return nil, err
	}
	return newFeeder(store, catalogue), nil
}

func newFeeder(store *events.Store, catalogue *Catalogue) *Feeder {
	return &Feeder{store: store, catalogue: catalogue, states: map[string]kept[any]{},
		programmes: map[string]kept[*events.Programme]{}, tables: map[string]kept[*events.Standings]{}, indexes: map[string]kept[*searched]{}, building: map[string]*sync.Mutex{}}
}

var _ live.Source = (*Feeder)(nil)

// Head is a competition's epoch and newest entry.
func (f *Feeder) Head(ctx context.Context, code string) (live.Position, error) {
	c, err := f.store.Competition(ctx, code)
	if errors.Is(err, events.ErrNotFound) {
		return live.Position{}, live.ErrNoStream
	}
	return live.Position{Epoch: c.Epoch, Seq: c.LastSeq}, err
}

// Touched names the topics of all languages that entries after a number touched.
func (f *Feeder) Touched(ctx context.Context, code string, after int64) ([]string, int64, error) {
	c, err := f.store.Competition(ctx, code)
	if err != nil {
		return nil, after, err
	}
	touched, seq, err := f.store.Touched(ctx, c.ID, after)
	if err != nil {
		return nil, after, err
	}
	var topics []string
	for _, topic := range touched {
		if topic == meetTopic { // a file came in, a draw was made: anything may have changed
			if touched, err = f.everything(ctx, c); err != nil {
				return nil, after, err
			}
			topics = nil
		}
	}
	touched = withCalls(touched)
	for _, topic := range touched {
		for _, lang := range Languages {
			topics = append(topics, lang+"/"+topic)
			if lights := lightsBy(topic); lights != "" {
				topics = append(topics, lang+"/"+lights)
			}
		}
	}
	return topics, seq, nil
}

// withCalls adds the calls to touched topics that change them.
func withCalls(touched []string) []string {
	if !slices.Contains(touched, events.CallTopic) && slices.ContainsFunc(touched, func(t string) bool { return asks(events.CallTopic, t) }) {
		return append(touched, events.CallTopic)
	}
	return touched
}

// asks reports whether a touched topic changes the state of another: its own, or
// for the calls whatever begins, ends or moves a unit, for lights their unit.
func asks(topic, touched string) bool {
	return touched == topic || touched == meetTopic || lightsBy(touched) == topic || topic == events.CallTopic && strings.HasPrefix(touched, "schedule/")
}

// meetTopic is touched by what changes the programme itself.
const meetTopic = "meet"

func (f *Feeder) everything(ctx context.Context, c events.Competition) ([]string, error) {
	p, err := f.store.Programme(ctx, c.ID)
	if err != nil {
		return nil, err
	}
	delegations, err := f.store.Delegations(ctx, c.ID)
	if err != nil {
		return nil, err
	}
	topics := []string{"today", "medals", events.CallTopic}
	for _, s := range p.Sessions {
		topics = append(topics, "schedule/"+s.Day)
	}
	for _, e := range p.Events {
		topics = append(topics, "event/"+strconv.FormatInt(e.ID, 10))
	}
	for _, u := range p.Units {
		topics = append(topics, "unit/"+strconv.FormatInt(u.ID, 10))
	}
	for _, d := range delegations {
		topics = append(topics, "delegation/"+strconv.FormatInt(d.ID, 10))
	}
	return topics, nil
}

// State is a topic's present state as JSON.
func (f *Feeder) State(ctx context.Context, code, topic string) (json.RawMessage, int64, error) {
	state, at, err := f.Present(ctx, code, topic)
	if errors.Is(err, events.ErrNotFound) {
		return nil, at.Seq, live.ErrNoTopic
	}
	if err != nil {
		return nil, 0, err
	}
	data, err := json.Marshal(state)
	return data, at.Seq, err
}

// Present is a topic's present state and the position that it includes. It is
// built again only when an entry has touched it since.
func (f *Feeder) Present(ctx context.Context, code, topic string) (any, live.Position, error) {
	c, err := f.store.Competition(ctx, code) // before the state: it includes at least this much
	if err != nil {
		return nil, live.Position{}, err
	}
	at := live.Position{Epoch: c.Epoch, Seq: c.LastSeq}
	key := code + " " + topic
	one := f.lock(key)
	one.Lock()
	defer one.Unlock()
	lang, name, _ := strings.Cut(topic, "/")
	if f.catalogue.translators[lang] == nil {
		return nil, at, errNoPage
	}
	if f.oldByNow(key, name) {
		f.mu.Lock()
		delete(f.states, key)
		f.mu.Unlock()
	}
	state, err := recall(ctx, f, c, f.states, key, func(t string) bool { return asks(name, t) },
		func() (any, error) { return f.build(ctx, c, f.catalogue.In(lang), name) })
	return state, at, err
}

func (f *Feeder) lock(key string) *sync.Mutex {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.building) > maxBuilt {
		clear(f.building) // at worst somebody builds a topic twice
	}
	if f.building[key] == nil {
		f.building[key] = new(sync.Mutex)
	}
	return f.building[key]
}

// recall is what a cache has under a key, or loads it where an entry has touched
// it since.
func recall[V any](ctx context.Context, f *Feeder, c events.Competition, cache map[string]kept[V], key string,
	asked func(topic string) bool, load func() (V, error)) (V, error) {
	f.mu.Lock()
	k, ok := cache[key]
	f.mu.Unlock()
	clean := false
	if ok && k.epoch == c.Epoch {
		k.seq, clean = f.untouched(ctx, c, k.seq, asked)
	}
	if !clean {
		v, err := load()
		if err != nil {
			return v, err
		}
		k = kept[V]{v, c.Epoch, c.LastSeq}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(cache) >= maxBuilt {
		clear(cache)
	}
	cache[key] = k
	return k.value, nil
}

// untouched reports whether no entry after a number touched what is asked for,
// up to the competition's end as it was read.
func (f *Feeder) untouched(ctx context.Context, c events.Competition, after int64, asked func(topic string) bool) (int64, bool) {
	for after < c.LastSeq {
		touched, seq, err := f.store.Touched(ctx, c.ID, after)
		if err != nil || seq == after {
			return after, false
		}
		for _, t := range touched {
			if asked(t) {
				return after, false
			}
		}
		after = seq
	}
	return after, true
}

// programme is the competition's programme as it stands; statuses in it change
// only with entries that touch the schedule.
func (f *Feeder) programme(ctx context.Context, c events.Competition) (*events.Programme, error) {
	return recall(ctx, f, c, f.programmes, c.Code, func(t string) bool { return t == meetTopic || strings.HasPrefix(t, "schedule/") },
		func() (*events.Programme, error) { return f.store.Programme(ctx, c.ID) })
}

// standings are the competition's tables; only what becomes official, is taken
// back or changes the regulation changes them, not every mark.
func (f *Feeder) standings(ctx context.Context, c events.Competition) (*events.Standings, error) {
	return recall(ctx, f, c, f.tables, c.Code, func(t string) bool { return t == meetTopic || t == "medals" },
		func() (*events.Standings, error) { return f.store.Standings(ctx, c) })
}

// build makes the state of a topic without its language.
func (f *Feeder) build(ctx context.Context, c events.Competition, t *Translator, topic string) (any, error) {
	b, err := f.builder(ctx, c, t)
	if err != nil {
		return nil, err
	}
	kind, rest, _ := strings.Cut(topic, "/")
	id, _ := strconv.ParseInt(rest, 10, 64)
	switch kind {
	case "unit":
		return b.unit(ctx, id)
	case "lights":
		return b.lights(ctx, id)
	case "event":
		return b.event(ctx, id)
	case "delegation":
		return b.delegation(ctx, id)
	case "schedule":
		return b.schedule(ctx, rest, nil)
	case "today":
		return b.today(ctx)
	case "medals":
		return b.medals(ctx)
	case events.CallTopic:
		return b.calls(ctx)
	}
	return nil, errNoPage
}

// builder is what all states of one competition and language are built with.
type builder struct {
	store     *events.Store
	c         events.Competition
	t         *Translator
	zone      *time.Location
	programme *events.Programme
	root      string
	feeder    *Feeder
}

func (f *Feeder) builder(ctx context.Context, c events.Competition, t *Translator) (*builder, error) {
	p, err := f.programme(ctx, c)
	if err != nil {
		return nil, err
	}
	zone, err := time.LoadLocation(c.Zone)
	if err != nil {
		zone = time.UTC
	}
	return &builder{store: f.store, c: c, t: t, zone: zone, programme: p, root: "/c/" + c.Code, feeder: f}, nil
}
