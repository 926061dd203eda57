package plan

import (
	"tongchang/scoring/medals"
	"tongchang/scoring/regulation"
)

// Preset is a regulation as other games have published it, to begin with. Key
// names it in the catalogue; Source is where it was read.
type Preset struct {
	Key, Source string
	make        func(*regulation.Regulation)
}

// Presets are the rules that were found for places and points. None of them is
// this province's: its regulation could not be read whole.
var Presets = []Preset{
	{"fewer", "national sports games' public scoring rules: fewer entries than places, one place fewer than took part", func(r *regulation.Regulation) {
		r.Settings.SmallField = &regulation.SmallField{Rule: regulation.MinusOneBelow}
	}},
	{"full", "a roller-skating regulation: entries up to the number of places, one place fewer", func(r *regulation.Regulation) {
		r.Settings.SmallField = &regulation.SmallField{Rule: regulation.MinusOneUpTo}
	}},
	{"all", "school regulations: everybody of a small field is placed", func(r *regulation.Regulation) {
		r.Settings.SmallField = &regulation.SmallField{Rule: regulation.AllPlaced}
	}},
	{"skills", "a provincial skills contest: three prizes from seven, two from four, one of three, none below", func(r *regulation.Regulation) {
		one, two, three := 1, 2, 3
		r.Settings.Places = &three
		r.Settings.SmallField = &regulation.SmallField{Rule: regulation.BySteps, Steps: []regulation.Step{
			{From: 0, Void: true}, {From: 3, Places: &one}, {From: 4, Places: &two}, {From: 7, Places: &three}}}
		r.Settings.Minimum = &regulation.Minimum{Count: 3, Of: "persons", Actions: []regulation.Action{{Do: regulation.Cancel}}}
	}},
	{"no-tables", "the national games of 2015: results of events alone, no tables of delegations", func(r *regulation.Regulation) {
		r.Settings.SmallField = &regulation.SmallField{Rule: regulation.MinusOneBelow}
		for key := range r.Tables {
			r.Tables[key] = regulation.Table{Audience: "internal"}
		}
	}},
}

// PresetOf makes the regulation of a preset; false where there is none of the key.
func PresetOf(key string) (*regulation.Regulation, bool) {
	for _, preset := range Presets {
		if preset.Key != key {
			continue
		}
		r := &regulation.Regulation{Schema: regulation.Schema, Version: 1, Settings: regulation.Defaults(), Tables: map[string]regulation.Table{
			string(medals.ByGold): {Audience: "public"}, string(medals.ByTotal): {Audience: "public"}, string(medals.ByPoints): {Audience: "public"}}}
		preset.make(r)
		return r, true
	}
	return nil, false
}
