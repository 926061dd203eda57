package web

import (
	"tongchang/events/pads"
)

// lightsPage is a hall screen with the lights of a lift; white is nil while the
// referees decide.
func lightsPage(t *Translator, white []bool) BoardLightsPage {
	b := &builder{t: t}
	at := pads.Lights{Number: 3, Weight: 118_500, Referees: 3, White: white, Good: true}
	name := say(t, "郭布勒·春花", "Guobule Chunhua")
	s := LightsState{Title: say(t, "女子 73 公斤级 · 决赛", "Women’s up to 73 kg · Final"), Status: StatusLive, StatusText: t.Status(StatusLive), Key: "7/attempt-3", Name: name,
		Delegation: say(t, "齐齐哈尔", "Qiqihar"), Attempt: t.T("lights.attempt", at.Number), Weight: "118.5", Verdict: t.T("lights.waiting"), Updated: "10:41:07"}
	for i := range at.Referees {
		s.Lights = append(s.Lights, b.light(at, i))
	}
	if white != nil {
		s.Verdict, s.Good = b.verdict(at), true
		s.Sentence = t.T("lights.sentence", s.Name, s.Attempt, s.Weight, s.Verdict)
	}
	path := "/c/hlj9/board/lights/31"
	if white == nil {
		path = "/c/hlj9/board/lights/32"
	}
	return BoardLightsPage{Page: samplePage(t, t.Join(t.T("lights.title"), s.Title), path, "lights/31"), Over: say(t, "举重 · 决赛", "Powerlifting · Final"), Heading: say(t, "女子 73 公斤级", "Women’s up to 73 kg"), State: s}
}
