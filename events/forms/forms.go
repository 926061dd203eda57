// Package forms makes what goes out to delegations and into print: the form that
// they fill in, their own workbook with what is wrong with it, the lists of the
// order book and the numbers of people.
//
// Everything is a function of its arguments. Sentences come from the message
// catalogues through [Words]; the names of columns and functions that are read
// again are part of the forms, and Chinese.
package forms

import "tongchang/scoring"

// Words says things in one language: T a key of the catalogue with its
// arguments, Problem what the rules have found.
type Words struct {
	T       func(key string, args ...any) string
	Problem func(scoring.Invalid) string
}
