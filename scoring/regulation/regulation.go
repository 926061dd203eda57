// Package regulation is a games regulation (竞赛规程) as data: how many places
// are awarded and what they bring, what happens to small fields, ties, records,
// joint teams, penalties, and which tables are published.
//
// Nothing here is a constant of the province: no Heilongjiang regulation could
// be read whole, and other games differ. [Defaults] are common values that an
// edition, a sport or an event overrides, each setting by itself.
package regulation

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"

	"tongchang/scoring"
	"tongchang/scoring/medals"
	"tongchang/scoring/records"
)

// Schema is the version of the file's shape.
const Schema = "tongchang/regulation/1"

// Regulation is one version of an edition's regulation. A changed regulation
// is a new version; results keep the version they were awarded under.
type Regulation struct {
	Schema   string              `json:"schema"`
	Name     string              `json:"name"`
	Edition  string              `json:"edition"`
	Version  int                 `json:"version"`
	Issued   string              `json:"issued,omitempty"` // 2006-01-02
	Source   string              `json:"source,omitempty"` // document and clause
	Settings Settings            `json:"settings"`
	Sports   map[string]Settings `json:"sports,omitempty"`
	Events   map[string]Settings `json:"events,omitempty"`
	Tables   map[string]Table    `json:"tables,omitempty"` // gold, total, points
	FairPlay *FairPlay           `json:"fair_play,omitempty"`
}

// Settings are the values of one layer. What is not set is inherited from the
// layer below: event, sport, edition, defaults.
type Settings struct {
	// Places is how many are awarded in a full field; Points what each place
	// brings; Medals the medal of each place, so that a fourth "bronze" gives
	// both losers of the semi-finals one.
	Places *int            `json:"places,omitempty"`
	Points []scoring.Ratio `json:"points,omitempty"`
	Medals []medals.Medal  `json:"medals,omitempty"`

	// SmallField reduces the places of a small field. Basis says who counts as
	// the field: entries, confirmed (entries not withdrawn) or starters.
	SmallField *SmallField `json:"small_field,omitempty"`
	Basis      string      `json:"field_basis,omitempty"`
	Minimum    *Minimum    `json:"minimum,omitempty"`
	// MergedAward says how a merged event is awarded: combined, one ranking, or
	// class, one for each of the classes.
	MergedAward string `json:"merged_award,omitempty"`

	// TieRank is skip (1, 2, 2, 4) or dense (1, 2, 2, 3). TiePoints is average
	// (of the places that the equals occupy) or full (each the higher place's).
	// Beyond says what places behind the last awarded one add to an average:
	// zero, or what the table has for them.
	TieRank   string `json:"tie_rank,omitempty"`
	TiePoints string `json:"tie_points,omitempty"`
	Beyond    string `json:"beyond_places,omitempty"`

	Multipliers map[string]scoring.Ratio `json:"multipliers,omitempty"` // by kind of event: individual, pair, relay, team, all-round

	RecordBonus     []Bonus `json:"record_bonus,omitempty"`
	BonusOnce       *bool   `json:"bonus_once,omitempty"`       // once per entry and event, however often broken
	BonusHighest    *bool   `json:"bonus_highest,omitempty"`    // of several levels only the bonus worth most
	BonusMultiplied *bool   `json:"bonus_multiplied,omitempty"` // by the event's multiplier

	FinisherPoints    *scoring.Ratio `json:"finisher_points,omitempty"`    // for a rank behind the places
	ForfeitPenalty    *scoring.Ratio `json:"forfeit_penalty,omitempty"`    // points off for staying away without a reason
	IneligiblePenalty *Penalty       `json:"ineligible_penalty,omitempty"` // per proven ineligible entry
	JointTeam         string         `json:"joint_team,omitempty"`         // split: an equal share each; full: the whole each

	Prizes  []Prize  `json:"prizes,omitempty"`
	Protest *Protest `json:"protest,omitempty"`
}

// SmallField is the rule for fields smaller than the places. The rules are
// minus-one-below (a field below the number of places awards one place fewer
// than took part), minus-one-up-to (also a field of just that number: 8 entries,
// 7 places), all (everybody in a small field is placed) and steps (by field size).
type SmallField struct {
	Rule  string `json:"rule"`
	Least int    `json:"least,omitempty"` // never fewer places than this
	Steps []Step `json:"steps,omitempty"`
}

// The small-field rules.
const (
	MinusOneBelow = "minus-one-below"
	MinusOneUpTo  = "minus-one-up-to"
	AllPlaced     = "all"
	BySteps       = "steps"
)

// Step applies to fields of From and more, up to the next step. Void is a
// contest that awards nothing.
type Step struct {
	From   int  `json:"from"`
	Places *int `json:"places,omitempty"` // nil: the usual number
	Medals *int `json:"medals,omitempty"` // how many places earn a medal; nil: as many as are placed
	Void   bool `json:"void,omitempty"`
}

// Minimum is the smallest field of an event, counted in persons (entries of
// one event, so a pair is one) or delegations, and what is done below it: the
// actions in turn until one works.
type Minimum struct {
	Count   int        `json:"count"`
	Of      string     `json:"of"` // persons or delegations
	Actions []Action   `json:"actions,omitempty"`
	Sets    [][]string `json:"sets,omitempty"` // classes that merge-set joins
}

// Action is one way to deal with a small field: merge-up into a less impaired
// class of the same event (at most Steps classes up; 0 means 1), merge-set
// within a listed set, exhibition (held, nothing awarded), cancel, or ask
// (left to a person). AtLeast keeps an action to fields that are not smaller.
type Action struct {
	Do      string `json:"do"`
	Steps   int    `json:"steps,omitempty"`
	AtLeast int    `json:"at_least,omitempty"`
}

// The actions.
const (
	MergeUp    = "merge-up"
	MergeSet   = "merge-set"
	Exhibition = "exhibition"
	Cancel     = "cancel"
	Ask        = "ask"
)

// Bonus is what a record brings: Points, or Factor times the points of the
// result (2 doubles them). States nil means better, break and set.
type Bonus struct {
	Level  string          `json:"level"`
	States []records.State `json:"states,omitempty"`
	Points scoring.Ratio   `json:"points,omitzero"`
	Factor scoring.Ratio   `json:"factor,omitzero"`
}

// Penalty is what an ineligible entry costs its delegation.
type Penalty struct {
	Gold   scoring.Ratio `json:"gold,omitzero"`
	Points scoring.Ratio `json:"points,omitzero"`
}

// Prize goes to the places From (0 means 1) to To in fields of at least Field:
// a first prize, the title of a technical expert in events of ten and more.
type Prize struct {
	Name  string `json:"name"`
	From  int    `json:"from,omitempty"`
	To    int    `json:"to"`
	Field int    `json:"field,omitempty"`
}

// Protest is how long a result may be protested and for what fee, in fen.
type Protest struct {
	Minutes int  `json:"minutes"`
	Fee     int  `json:"fee,omitempty"`
	Refund  bool `json:"refund,omitempty"` // the fee comes back where the protest succeeds
}

// FairPlay gives one fair-play award to so many; see [Quota].
type FairPlay struct {
	Teams    int `json:"teams"`
	Athletes int `json:"athletes"`
	Referees int `json:"referees"`
}

// Quota is how many awards a group of n gets at one to per: fewer than one
// counts as one, nobody gets none.
func Quota(n, per int) int {
	if n <= 0 || per <= 0 {
		return 0
	}
	return max(1, n/per)
}

// Table is a published table: who may see it and how it is ordered. The 2015
// national games dropped their tables, provinces publish up to three.
type Table struct {
	Audience   string         `json:"audience"`       // public, internal or off
	Ties       []medals.Key   `json:"ties,omitempty"` // nil: golds, silvers, bronzes
	Limits     []medals.Limit `json:"limits,omitempty"`
	MixedShare scoring.Ratio  `json:"mixed_share,omitzero"` // of a mixed result in tables by sex; 0 means 1/2
}

// Rules are the rules of one of the regulation's tables, to rank by. Without
// an entry the table is off.
func (r *Regulation) Rules(by medals.Key, delegations []medals.Delegation) (rules medals.Rules, audience string) {
	t, ok := r.Tables[string(by)]
	if !ok {
		t.Audience = "off"
	}
	return medals.Rules{By: by, Ties: t.Ties, Limits: t.Limits, MixedShare: t.MixedShare, Delegations: delegations, Source: r.Source}, t.Audience
}

// Defaults are the values of the common regulation: eight places for
// 9-7-6-5-4-3-2-1, one place fewer in a small field, tied points averaged,
// relays and teams double. Multipliers, minimum and merging are custom rather
// than sourced; each is there to be overridden.
func Defaults() Settings {
	eight, yes, no := 8, true, false
	points := make([]scoring.Ratio, 0, eight)
	for _, p := range []int64{9, 7, 6, 5, 4, 3, 2, 1} {
		points = append(points, scoring.Whole(p))
	}
	return Settings{
		Places: &eight, Points: points, Medals: []medals.Medal{medals.Gold, medals.Silver, medals.Bronze},
		SmallField:  &SmallField{Rule: MinusOneBelow},
		Basis:       "starters",
		Minimum:     &Minimum{Count: 3, Of: "persons", Actions: []Action{{Do: MergeUp}, {Do: Exhibition, AtLeast: 2}, {Do: Cancel}}},
		MergedAward: "combined",
		TieRank:     "skip", TiePoints: "average", Beyond: "zero",
		Multipliers: map[string]scoring.Ratio{
			"individual": scoring.Whole(1), "pair": scoring.Whole(1),
			"relay": scoring.Whole(2), "team": scoring.Whole(2), "all-round": scoring.Whole(2),
		},
		RecordBonus: []Bonus{}, BonusOnce: &yes, BonusHighest: &yes, BonusMultiplied: &no,
		FinisherPoints: &scoring.Ratio{}, ForfeitPenalty: &scoring.Ratio{}, IneligiblePenalty: &Penalty{},
		JointTeam: "split",
		Prizes:    []Prize{}, Protest: &Protest{Minutes: 30},
	}
}

// Resolved are the settings in force for an event: none is missing. Layer says
// for each setting, by its JSON name, where its value comes from: default,
// edition, sport or event.
type Resolved struct {
	Settings
	Layer map[string]string
}

// Resolve lays the layers over the defaults, each setting by itself; the
// multipliers even each kind by itself.
func Resolve(edition, sport, event Settings) Resolved {
	r := Resolved{Layer: map[string]string{}}
	into := reflect.ValueOf(&r.Settings).Elem()
	for _, layer := range []struct {
		name     string
		settings Settings
	}{{"default", Defaults()}, {"edition", edition}, {"sport", sport}, {"event", event}} {
		from := reflect.ValueOf(layer.settings)
		for i := range from.NumField() {
			name := names[i]
			switch value := from.Field(i); {
			case value.IsZero():
			case value.Kind() == reflect.Map:
				if into.Field(i).IsNil() {
					into.Field(i).Set(reflect.MakeMap(value.Type()))
				}
				for _, key := range value.MapKeys() {
					into.Field(i).SetMapIndex(key, value.MapIndex(key))
					r.Layer[name+"."+key.String()] = layer.name
				}
			default:
				into.Field(i).Set(value)
				r.Layer[name] = layer.name
			}
		}
	}
	return r
}

// names are the settings' JSON names, by field.
var names = func() []string {
	settings := reflect.TypeFor[Settings]()
	names := make([]string, settings.NumField())
	for i := range names {
		names[i], _, _ = strings.Cut(settings.Field(i).Tag.Get("json"), ",")
	}
	return names
}()

// For are the settings of an event of a sport.
func (r *Regulation) For(sport, event string) Resolved {
	return Resolve(r.Settings, r.Sports[sport], r.Events[event])
}

// why names a setting with the value and layer that it had. Of a path such as
// points[2] the layer is that of points.
func (r *Resolved) why(setting, value string) medals.Why {
	layer, ok := r.Layer[setting]
	if !ok {
		layer = r.Layer[setting[:len(setting)-len(strings.TrimLeft(setting, letters))]]
	}
	return medals.Why{Setting: setting, Value: value, Layer: layer}
}

const letters = "abcdefghijklmnopqrstuvwxyz_"

// Read reads a regulation strictly and checks it.
func Read(raw []byte) (Regulation, error) {
	var r Regulation
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if err := d.Decode(&r); err != nil {
		return Regulation{}, &scoring.Invalid{Field: "regulation", Problem: "unreadable", With: []string{err.Error()}}
	}
	if d.More() {
		return Regulation{}, &scoring.Invalid{Field: "regulation", Problem: "unreadable", With: []string{"more than one value"}}
	}
	return r, r.Check()
}

// Check answers with the first of the [Regulation.Problems].
func (r *Regulation) Check() error {
	if all := r.Problems(); len(all) > 0 {
		return all[0]
	}
	return nil
}

func text(v any) string { return fmt.Sprint(v) }
