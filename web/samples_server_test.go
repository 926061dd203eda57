package web

import (
	"time"

	"tongchang/live"
)

// serverSamples are the page of the server: all well, and a surge with a slow disk.
func serverSamples(t *Translator) []sample {
	url := "/c/hlj9/desk/server"
	well := serverLoad{Stats: live.Stats{Watchers: 3214}, up: 26*time.Hour + 7*time.Minute, commitP99: 7300 * time.Microsecond, committed: true, reachedP99: 118 * time.Millisecond, reachedSome: true}
	surge := well
	surge.Arriving, surge.waiting, surge.Slow, surge.Refused, surge.commitP99 = 4120, 96, 31, 12, 1840*time.Millisecond
	var samples []sample
	for _, s := range []struct {
		name, path string
		load       serverLoad
	}{{"server", url, well}, {"server-surge", url + "/surge", surge}, {"server-fresh", url + "/fresh", serverLoad{}}} {
		p := ServerPage{Page: signedIn(t, t.T("server.title"), s.path, "organiser"), StateURL: url + "/state", State: t.ServerState(s.load)}
		p.Bar.Links = []BarLink{{t.T("bar.server"), url, true}, {t.T("bar.public"), "/c/hlj9", false}}
		p.State.Updated = "14:47:08"
		samples = append(samples, sample{s.name, s.path, p})
	}
	return samples
}
