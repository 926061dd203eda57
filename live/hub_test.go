package live_test

import (
	"io"
	"log/slog"
	"testing"
)

var quiet = slog.New(slog.NewTextHandler(io.Discard, nil))

func TestFrames(t *testing.T) {
	s := open(t, newBakery("rye", "oat"))
	c := s.customer(t, "")
	if h := c.next("hello"); h.Epoch != "monday" || h.Seq != 0 || h.KeepAlive != 15000 {
		t.Errorf("hello = %+v", h)
	}
	c.watch("rye")
	if f := c.next("frame"); f.Topic != "rye" || f.Epoch != "monday" || f.loaves() != 0 {
		t.Errorf("first frame = %+v", f)
	}
	s.sell("oat") // nobody watches
	want := s.sell("rye")
	if f := c.next("frame"); f.Seq != want || f.loaves() != 1 {
		t.Errorf("frame = %+v, want entry %d with one loaf", f, want)
	}
	c.say("unwatch", watching{Topic: "rye"})
	c.watch("oat")
	if f := c.next("frame"); f.Topic != "oat" || f.loaves() != 1 {
		t.Errorf("frame = %+v", f)
	}
}
