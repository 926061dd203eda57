package web

import "testing"

// TestWordsOfTheRules: every reason, problem and column that the rules can
// give has its words.
func TestWordsOfTheRules(t *testing.T) {
	source := readSource(t, "..")
	catalogue := keysOf(t, Chinese)
	for key, where := range source.given {
		if catalogue[key] == nil {
			t.Errorf("%s gives %q, for which there are no words", where, key)
		}
	}
}
