package web

import (
	"encoding/json"
	"net/http"
	"reflect"
	"strings"
	"time"
)

// The interface's description, made from the very types that leave the server,
// so that it cannot say anything else than they do.

// shape is a schema of JSON (2020-12), as OpenAPI 3.1 has them.
type shape map[string]any

// shapes makes schemas of types and keeps those that have a name.
type shapes struct {
	named map[string]shape
}

var (
	timeType = reflect.TypeFor[time.Time]()
	rawType  = reflect.TypeFor[json.RawMessage]()
)

// of is the schema of a type. Types of ours are named without their api.
func (s *shapes) of(t reflect.Type) shape {
	switch {
	case t == timeType:
		return shape{"type": "string", "format": "date-time"}
	case t == rawType:
		return shape{}
	}
	switch t.Kind() {
	case reflect.Pointer:
		return s.of(t.Elem())
	case reflect.String:
		return shape{"type": "string"}
	case reflect.Bool:
		return shape{"type": "boolean"}
	case reflect.Int, reflect.Int64:
		return shape{"type": "integer"}
	case reflect.Slice:
		return shape{"type": "array", "items": s.of(t.Elem())}
	case reflect.Map:
		return shape{"type": "object", "additionalProperties": s.of(t.Elem())}
	case reflect.Struct:
		name := strings.TrimPrefix(t.Name(), "api")
		if _, done := s.named[name]; !done {
			s.named[name] = shape{} // a type may hold itself
			s.named[name] = s.object(t)
		}
		return shape{"$ref": "#/components/schemas/" + name}
	}
	return shape{}
}

func (s *shapes) object(t reflect.Type) shape {
	properties, required := shape{}, []string{}
	for i := range t.NumField() {
		f := t.Field(i)
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name == "-" || !f.IsExported() {
			continue
		}
		if name == "" {
			name = f.Name
		}
		properties[name] = s.of(f.Type)
		if !strings.Contains(options, "omit") {
			required = append(required, name)
		}
	}
	return shape{"type": "object", "properties": properties, "required": required, "additionalProperties": false}
}

// reading is an address of the interface with what it answers.
type reading struct {
	path    string
	id      string
	summary string
	takes   []shape
	gives   shape
}

func parameter(in, name, about string, schema shape) shape {
	return shape{"name": name, "in": in, "required": in == "path", "description": about, "schema": schema}
}

// describe makes the OpenAPI document. It is in English, as programs are.
func describe() shape {
	s := &shapes{named: map[string]shape{}}
	integer, text := shape{"type": "integer", "minimum": 1}, shape{"type": "string"}
	id := func(name, about string) shape { return parameter("path", name, about, integer) }
	frame := func(about string, states ...reflect.Type) shape {
		var choice []shape
		for _, t := range states {
			choice = append(choice, s.of(t))
		}
		return shape{"type": "object", "description": about, "required": []string{"topic", "epoch", "seq"},
			"properties": shape{"type": text, "topic": text, "epoch": text, "seq": shape{"type": "integer"}, "data": shape{"anyOf": choice}}}
	}
	states := frame("the whole present state of one topic", reflect.TypeFor[UnitState](), reflect.TypeFor[EventState](), reflect.TypeFor[MedalsState](), reflect.TypeFor[TodayState](),
		reflect.TypeFor[ScheduleState](), reflect.TypeFor[DelegationState](), reflect.TypeFor[CallsState]())
	document := shape{"type": "object", "description": "a ranking document: docs/ranking-document.md", "required": []string{"ruleset", "lines"}}
	paths := shape{}
	for _, a := range []reading{
		{"/api/programme", "programme", "The competition with its log's end, and all events, phases and units.", nil, s.of(reflect.TypeFor[apiProgramme]())},
		{"/api/units/{unit}", "unit", "A unit with its start list and marks.", []shape{id("unit", "a unit's id")}, s.of(reflect.TypeFor[apiUnitLines]())},
		{"/api/phases/{phase}", "phase", "A phase with its lines over all units.", []shape{id("phase", "a phase's id")}, s.of(reflect.TypeFor[apiPhaseLines]())},
		{"/api/changes", "changes", "The topics that have changed since a token, or that a snapshot has to be taken.", []shape{parameter("query", "since", "the token of the last answer; without one a snapshot is asked for", text),
			parameter("query", "wait", "seconds to wait for a change, 25 at most", shape{"type": "integer", "minimum": 0, "maximum": 25})}, s.of(reflect.TypeFor[apiChange]())},
		{"/state/{topic}", "state", "A topic's present frame, with an ETag. A topic begins with a language: zh-CN/unit/12, en/medals, en/schedule/2027-06-21.", []shape{parameter("path", "topic", "a topic; it has slashes", text)}, states},
		{"/documents/units/{unit}.json", "unitDocument", "A unit's ranking document, from which anyone can rank it again.", []shape{id("unit", "a unit's id")}, document},
		{"/documents/phases/{phase}.json", "phaseDocument", "A phase's ranking document.", []shape{id("phase", "a phase's id")}, document},
	} {
		paths["/c/{competition}"+a.path] = shape{"get": shape{"operationId": a.id, "summary": a.summary,
			"parameters": append([]shape{parameter("path", "competition", "the competition's code", text)}, a.takes...),
			"responses": shape{"200": shape{"description": "as asked", "content": shape{"application/json": shape{"schema": a.gives}}},
				"304":     shape{"description": "as you have it (If-None-Match)"},
				"default": shape{"description": "why not", "content": shape{"application/json": shape{"schema": s.of(reflect.TypeFor[apiError]())}}}}}}
	}
	return shape{"openapi": "3.1.0", "info": shape{"title": "Tongchang", "version": "1", "description": "What is public of a competition. Reading needs no key and may be done from any site. Commands are in docs/api.md, the websocket in docs/asyncapi.yaml."},
		"paths": paths, "components": shape{"schemas": s.named}}
}

// openAPI serves the description.
func (s *Server) openAPI(w http.ResponseWriter, _ *http.Request) error {
	return writeJSON(w, http.StatusOK, describe())
}
