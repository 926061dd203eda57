package needs

import (
	"slices"
	"strings"
)

// Reading what delegations write about needs into the columns of their sheets,
// so that the form begins with it: a proposal, which a person looks at before it
// is asked for.

// Said is what a cell asks for, in the words that stand there.
type Said struct {
	Kind  Code
	Words string
}

// sign says which kind a word in a column means. Column is the field of
// events/workbook that the column holds. The first that fits counts.
type sign struct {
	column, word string
	kind         Code
}

var signs = []sign{
	{"wheelchair", "借", "wheelchair-loan"},
	{"wheelchair", "电动", "wheelchair-power"},
	{"wheelchair", "轮椅", "wheelchair-own"},
	{"food", "清真", "halal"},
	{"food", "素", "vegetarian"},
	{"food", "软", "soft-food"},
	{"food", "流食", "soft-food"},
	{"food", "糖", "no-sugar"},
	{"food", "过敏", "allergy"},
	{"food", "忌", "allergy"},
	{"need", "冷藏", "fridge"},
	{"need", "冰箱", "fridge"},
	{"need", "灯光", "start-light"},
	{"need", "字幕", "captions"},
	{"need", "转写", "captions"},
	{"need", "短信", "text-contact"},
	{"need", "坐便", "commode-chair"},
	{"need", "浴椅", "shower-chair"},
	{"need", "扶手", "room-access"},
	{"need", "低位床", "room-access"},
	{"need", "导盲犬", "guide-dog"},
	{"need", "语音", "spoken-news"},
	{"need", "盲文", "braille"},
	{"need", "大字", "large-print"},
	{"need", "手语", "sign-interpreter"},
	{"need", "车", "lift-bus"},
	{"need", "电梯", "room-near"},
	{"need", "安静", "quiet-room"},
	{"need", "接引", "walking-guide"},
	{"need", "引路", "walking-guide"},
	{"need", "陪护", "room-carer"},
	{"room", "陪护", "room-carer"},
	{"room", "无障碍", "room-access"},
	{"room", "轮椅", "room-access"},
	{"paper", "大字", "paper-large"},
	{"paper", "盲文", "paper-braille"},
	{"paper", "电子", "paper-electronic"},
	{"extra", "30", "time-30"},
	{"extra", "50", "time-50"},
	{"signing", "是", "contest-signing"},
	{"signing", "手语", "contest-signing"},
	{"signing", "需", "contest-signing"},
	{"bench", "左手", "left-hand"},
	{"bench", "", "bench"},
	{"tools", "", "own-tools"},
}

// none are the ways of writing that nothing is needed.
var none = []string{"", "无", "没有", "否", "不需要", "不用", "普通", "无需", "/", "-", "—"}

// Columns are the fields of a sheet that Read reads, in the order of the form.
var Columns = []string{"wheelchair", "room", "need", "signing", "food", "paper", "extra", "bench", "tools"}

// Read says what a cell of a sheet asks for. What it does not know is kept as
// something asked for in the person's own words: nothing is lost.
func Read(column, cell string) (all []Said) {
	parts := []string{cell}
	if column == "need" || column == "food" || column == "room" {
		parts = strings.FieldsFunc(cell, func(r rune) bool { return strings.ContainsRune("；;、，,\n", r) })
	}
	for _, part := range parts {
		part = strings.TrimSpace(part)
		if slices.Contains(none, part) {
			continue
		}
		said := Said{Kind: "own-words", Words: part}
		for _, s := range signs {
			if s.column == column && strings.Contains(part, s.word) {
				said.Kind = s.kind
				break
			}
		}
		all = append(all, said)
	}
	return all
}

// Gather puts what several cells ask for together: each kind once, with all the
// words that led to it.
func Gather(all []Said) (kinds []Said) {
	at := map[Code]int{}
	for _, s := range all {
		i, known := at[s.Kind]
		switch {
		case !known:
			at[s.Kind] = len(kinds)
			kinds = append(kinds, s)
		case !strings.Contains(kinds[i].Words, s.Words):
			kinds[i].Words += "；" + s.Words
		}
	}
	return kinds
}
