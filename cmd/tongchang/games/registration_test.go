package games

import (
	"bytes"
	"testing"
	"time"

	"tongchang/events/entry"
	"tongchang/events/identity"
	"tongchang/events/registration"
)

// TestRegistration: what is made up reads as an edition and as workbooks, with
// exactly as many rows refused as were spoilt badly.
func TestRegistration(t *testing.T) {
	opening := time.Date(2027, 6, 18, 0, 0, 0, 0, time.UTC)
	made, err := MakeRegistration(7, opening)
	if err != nil {
		t.Fatal(err)
	}
	ed, err := entry.ReadEdition(bytes.NewReader(made.Rules), bytes.NewReader(made.Programme))
	if err != nil {
		t.Fatal(err)
	}
	var files []registration.File
	spoilt := 0
	for _, b := range made.Books {
		files = append(files, registration.File{Name: b.Name, Data: b.Data})
		spoilt += b.Wrong
	}
	im := registration.Read(ed, files, identity.DateOf(opening.AddDate(0, -2, 0)))
	for _, f := range im.Files {
		if f.Err != nil || f.Athletes < 15 || f.Staff != 4 {
			t.Errorf("%s: %d athletes, %d staff, %v", f.Name, f.Athletes, f.Staff, f.Err)
		}
	}
	wrong := map[*entry.Row]bool{}
	for _, p := range im.Problems {
		if p.Kind == "partner_missing" { // BC3 without an assistant on the list: to be asked for, not to be put right in the row
			continue
		}
		for _, r := range p.Rows {
			wrong[r] = true
		}
	}
	if len(wrong) != spoilt || spoilt < 15 {
		t.Errorf("%d rows with problems, %d spoilt", len(wrong), spoilt)
		for _, p := range im.Problems {
			t.Log(p.Kind, p.At, p.Name)
		}
	}
	if clean := im.Clean(); len(clean) < 100 {
		t.Errorf("%d clean rows", len(clean))
	}
}
