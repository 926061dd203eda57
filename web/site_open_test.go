package web

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"tongchang/events"
	"tongchang/events/ledgertest"
)

// fits holds a value against a schema of the interface's description.
func fits(d shape, schema shape, v any, at string) error {
	if ref, ok := schema["$ref"].(string); ok {
		name := strings.TrimPrefix(ref, "#/components/schemas/")
		named, ok := d["components"].(map[string]any)["schemas"].(map[string]any)[name].(map[string]any)
		if !ok {
			return fmt.Errorf("%s: no schema %s", at, name)
		}
		return fits(d, named, v, at)
	}
	if choice, ok := schema["anyOf"].([]any); ok {
		var err error
		for _, one := range choice {
			if err = fits(d, one.(map[string]any), v, at); err == nil {
				return nil
			}
		}
		return err
	}
	switch schema["type"] {
	case "object":
		m, ok := v.(map[string]any)
		if !ok {
			return fmt.Errorf("%s: %T, want an object", at, v)
		}
		return fitsObject(d, schema, m, at)
	case "array":
		all, ok := v.([]any)
		if !ok {
			return fmt.Errorf("%s: %T, want a list", at, v)
		}
		for i, one := range all {
			if err := fits(d, schema["items"].(map[string]any), one, fmt.Sprintf("%s/%d", at, i)); err != nil {
				return err
			}
		}
	case "string":
		if _, ok := v.(string); !ok {
			return fmt.Errorf("%s: %T, want a text", at, v)
		}
	case "boolean":
		if _, ok := v.(bool); !ok {
			return fmt.Errorf("%s: %T, want true or false", at, v)
		}
	case "integer":
		if n, ok := v.(float64); !ok || n != float64(int64(n)) {
			return fmt.Errorf("%s: %v, want a whole number", at, v)
		}
	case nil:
	default:
		return fmt.Errorf("%s: schema of type %v", at, schema["type"])
	}
	return nil
}

func fitsObject(d, schema shape, m map[string]any, at string) error {
	properties, _ := schema["properties"].(map[string]any)
	required, _ := schema["required"].([]any)
	for _, name := range required {
		if _, ok := m[name.(string)]; !ok {
			return fmt.Errorf("%s: no %s", at, name)
		}
	}
	for name, value := range m {
		of, known := properties[name].(map[string]any)
		if !known && schema["additionalProperties"] == false {
			return fmt.Errorf("%s: %s is not in the description", at, name)
		}
		if known {
			if err := fits(d, of, value, at+"/"+name); err != nil {
				return err
			}
		}
	}
	return nil
}

// TestOpenAPI: every address of the description answers as it says, to pages of
// other sites too, and has a tag by which it is not sent twice.
func TestOpenAPI(t *testing.T) {
	m := newMatrix(t)
	get := func(path, tag string, into any) *http.Response {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, m.URL+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		if tag != "" {
			r.Header.Set("If-None-Match", tag)
		}
		r.Header.Set("Origin", "https://elsewhere.example")
		answered, err := m.Client().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer answered.Body.Close()
		body, err := io.ReadAll(answered.Body)
		if err == nil && into != nil && len(body) > 0 {
			err = json.Unmarshal(body, into)
		}
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		return answered
	}
	var d shape
	get("/c/games/api/openapi.json", "", &d)
	unit := numeral(m.units[0])
	there := map[string]string{"{competition}": "games", "{unit}": unit, "{phase}": numeral(m.phases[0])}
	topics := []string{"zh-CN/unit/" + unit, "en/medals", "zh-CN/today", "en/calls", "zh-CN/delegation/" + numeral(m.delegations[0])}
	asked := 0
	for pattern, item := range d["paths"].(map[string]any) {
		responses := item.(map[string]any)["get"].(map[string]any)["responses"].(map[string]any)
		schema := func(status string) shape {
			return responses[status].(map[string]any)["content"].(map[string]any)["application/json"].(map[string]any)["schema"].(map[string]any)
		}
		for _, topic := range topics {
			path := strings.ReplaceAll(pattern, "{topic}", topic)
			if path == pattern && topic != topics[0] {
				continue
			}
			for name, value := range there {
				path = strings.ReplaceAll(path, name, value)
			}
			var v any
			answered := get(path, "", &v)
			if err := fits(d, schema("200"), v, path); err != nil || answered.StatusCode != http.StatusOK || answered.Header.Get("Access-Control-Allow-Origin") != "*" {
				t.Errorf("%s: %d, %v", path, answered.StatusCode, err)
			}
			if tag := answered.Header.Get("ETag"); tag != "" {
				if again := get(path, tag, nil); again.StatusCode != http.StatusNotModified {
					t.Errorf("%s with its tag: %d", path, again.StatusCode)
				}
			} else if !strings.HasSuffix(path, "/changes") {
				t.Errorf("%s has no tag", path)
			}
			asked++
		}
		if strings.Contains(pattern, "/api/units") {
			var v any
			if answered := get("/c/games/api/units/987654321", "", &v); answered.StatusCode != http.StatusNotFound || fits(d, schema("default"), v, "error") != nil {
				t.Errorf("a unit that is not there: %d %v", answered.StatusCode, v)
			}
		}
	}
	if asked < 10 {
		t.Errorf("only %d addresses asked", asked)
	}
}

// TestChanges: who asks with the last token hears what has changed since, at
// once or as soon as it does, and is told when only a snapshot will do.
func TestChanges(t *testing.T) {
	h := newHouse(t, ledgertest.New(t, "sqlite"))
	ask := func(query string) (c apiChange, err error) {
		answered, err := h.Client().Get(h.URL + "/c/games/api/changes" + query)
		if err != nil {
			return c, err
		}
		defer answered.Body.Close()
		return c, json.NewDecoder(answered.Body).Decode(&c)
	}
	changes := func(query string) apiChange {
		t.Helper()
		c, err := ask(query)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	first := changes("")
	if !first.Snapshot || first.Token == "" {
		t.Fatalf("without a token: %+v", first)
	}
	if c := changes("?since=" + first.Token); c.Snapshot || len(c.Changed) > 0 || c.Token != first.Token {
		t.Errorf("nothing has happened: %+v", c)
	}
	for _, old := range []string{"other-1", "x", first.Token + "9"} {
		if c := changes("?since=" + old); !c.Snapshot || c.Token != first.Token {
			t.Errorf("since %s: %+v", old, c)
		}
	}
	type answer struct {
		apiChange
		err error
	}
	heard := make(chan answer, 1)
	go func() {
		c, err := ask("?wait=25&since=" + first.Token)
		heard <- answer{c, err}
	}()
	h.json("POST", "/c/games/marks", h.mark(0, "1:02.34"), http.StatusOK, nil)
	c := <-heard
	if c.err != nil || c.Snapshot || !slices.Contains(c.Changed, fmt.Sprint("unit/", h.unit)) || c.Token == first.Token {
		t.Errorf("after a mark: %+v", c)
	}
	if !slices.Contains(c.Changed, events.CallTopic) { // the unit has begun: it is called no more
		t.Errorf("after the first mark of a unit the calls have not changed: %+v", c)
	}
}
