package web

import (
	"testing"
)

func renderer(t *testing.T) *Renderer {
	t.Helper()
	c, err := ReadCatalogue()
	if err != nil {
		t.Fatal(err)
	}
	a, err := ReadAssets()
	if err != nil {
		t.Fatal(err)
	}
	r, err := NewRenderer(c, a)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestEmptyPages(t *testing.T) {
	r := renderer(t)
	p := Page{Choice: Choice{Lang: Chinese}}
	for _, v := range []View{HomePage{Page: p}, TodayPage{Page: p}, SchedulePage{Page: p}, EventPage{Page: p}, UnitPage{Page: p}, MedalsPage{Page: p}, DelegationPage{Page: p}, BoardUnitPage{Page: p}, BoardMedalsPage{Page: p}, JudgePage{Page: p}, ConflictPage{Page: p}, ErrorPage{Page: p}} {
		if _, err := r.HTML(v); err != nil {
			t.Error(err)
		}
	}
}
