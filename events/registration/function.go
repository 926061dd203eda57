package registration

import (
	"strings"

	"tongchang/events/entry"
)

// Athlete is the function of who competes.
const Athlete = "athlete"

// functions are what a delegation's people are there for, by the words that
// sheets have for them, the more particular first.
var functions = []struct{ word, function string }{
	{"副团长", "deputy"}, {"团长", "head"}, {"领队", "leader"}, {"教练", "coach"}, {"领跑", "guide"}, {"引导", "guide"}, {"领航", "pilot"},
	{"助手", "assistant"}, {"坡道", "assistant"}, {"翻译", "interpreter"}, {"队医", "doctor"}, {"医", "doctor"}, {"陪同", "escort"}, {"护理", "escort"},
	{"联络", "contact"}, {"裁判", "official"}, {"司机", "driver"},
}

// Function reads a function as typed: 教练员 is a coach. What is not known is
// staff.
func Function(typed string) string {
	word := entry.Plain(typed)
	for _, f := range functions {
		if strings.Contains(word, f.word) {
			return f.function
		}
	}
	return "staff"
}
