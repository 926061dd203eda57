// The meter: how the server is doing, in figures, for Prometheus and for the
// organiser's page. It holds nothing about people.
package web

import (
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	dto "github.com/prometheus/client_model/go"

	"tongchang/live"
)

// Meter measures one server. Give its methods Committed and Reached to the store
// and the hub when they are made, and the two to Watch afterwards.
type Meter struct {
	registry *prometheus.Registry
	began    time.Time
	commits  timing
	unknown  prometheus.Counter
	reached  timing
	reading  prometheus.Gauge // watchers of the last round
}

// timing is a time measured twice: as a histogram, which can be added up over
// nodes, and as what it has been lately, which people read.
type timing struct {
	all    prometheus.Histogram
	lately prometheus.Summary
}

// lately is how far back the organiser's page looks.
const lately = 5 * time.Minute

func newTiming(name, help string) timing {
	buckets := []float64{.001, .0025, .005, .01, .025, .05, .1, .15, .2, .25, .3, .5, 1, 2.5, 5, 10} // around what the project promises: 250 and 300 ms
	return timing{
		all:    prometheus.NewHistogram(prometheus.HistogramOpts{Name: name, Help: help, Buckets: buckets}),
		lately: prometheus.NewSummary(prometheus.SummaryOpts{Name: name + "_lately", Objectives: map[float64]float64{.5: .01, .99: .001}, MaxAge: lately}),
	}
}

func (q timing) saw(took time.Duration) {
	q.all.Observe(took.Seconds())
	q.lately.Observe(took.Seconds())
}

// p99 is within what 99 of 100 were lately; false while there was nothing.
func (q timing) p99() (took time.Duration, ok bool) {
	var m dto.Metric
	if q.lately.Write(&m) != nil {
		return 0, false
	}
	for _, v := range m.GetSummary().GetQuantile() {
		if v.GetQuantile() == .99 && v.GetValue() == v.GetValue() { // NaN when there was nothing
			return time.Duration(v.GetValue() * float64(time.Second)), true
		}
	}
	return 0, false
}

// count is how often it was measured since the server began.
func (q timing) count() uint64 {
	var m dto.Metric
	if q.all.Write(&m) != nil {
		return 0
	}
	return m.GetHistogram().GetSampleCount()
}

// NewMeter makes a meter.
func NewMeter() *Meter {
	m := &Meter{
		registry: prometheus.NewRegistry(),
		began:    time.Now(),
		commits:  newTiming("tongchang_commit_seconds", "From handing a command to the committer until its outcome was known."),
		unknown:  prometheus.NewCounter(prometheus.CounterOpts{Name: "tongchang_commits_unknown_total", Help: "Commands of which the database did not say what became of them."}),
		reached:  newTiming("tongchang_fanout_seconds", "From the wake after a commit until the last watcher had been written to."),
		reading:  prometheus.NewGauge(prometheus.GaugeOpts{Name: "tongchang_fanout_watchers", Help: "Watchers that the last news went to."}),
	}
	m.registry.MustRegister(m.commits.all, m.unknown, m.reached.all, m.reading,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// Committed notes a command's outcome; see events.WithCommitted.
func (m *Meter) Committed(took time.Duration, err error) {
	m.commits.saw(took)
	if err != nil {
		m.unknown.Inc()
	}
}

// Reached notes that news has reached its watchers; see [live.Options].
func (m *Meter) Reached(watchers int, took time.Duration) {
	m.reached.saw(took)
	m.reading.Set(float64(watchers))
}

// Watch adds the figures of a hub, and of a store's queue, to what is measured.
func (m *Meter) Watch(hub *live.Hub, queued func() int) {
	m.registry.MustRegister(hubFigures{hub, queued})
}

// ServeHTTP answers with the figures in Prometheus's format.
func (m *Meter) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{}).ServeHTTP(w, r)
}

// hubFigures are read when they are asked for.
type hubFigures struct {
	hub    *live.Hub
	queued func() int
}

// The figures of the moment, and those that only grow.
var (
	watchersFigure = figure("watchers", "Connections that watch.")
	streamsFigure  = figure("streams", "Competitions that are watched.")
	topicsFigure   = figure("topics", "Topics that are kept current.")
	arrivingFigure = figure("arriving", "Newcomers waiting for their turn.")
	queuedFigure   = figure("watchers_queued", "Watchers to whom something has still to be written.")
	behindFigure   = figure("feed_behind_seconds", "Age of the oldest change that a watched topic does not show yet.")
	commandsFigure = figure("commands_queued", "Commands waiting for the committer.")

	admittedFigure = figure("admitted_total", "Connections that became watchers.")
	polledFigure   = figure("polled_total", "Answers to those who poll.")
	framesFigure   = figure("frames_total", "States read and encoded.")
	deliveries     = figure("deliveries_total", "Frames written to watchers.")
	skippedFigure  = figure("skipped_total", "Frames replaced by newer ones before they were written.")
	slowFigure     = figure("slow_total", "Watchers sent away because they were stuck.")
	refusedFigure  = figure("refused_total", "Connections and polls refused: full, closing, foreign origin.")
	troubleFigure  = figure("feed_errors_total", "Times the log or a state could not be read.")
)

func figure(name, help string) *prometheus.Desc {
	return prometheus.NewDesc("tongchang_"+name, help, nil, nil)
}

// Describe is part of prometheus.Collector.
func (f hubFigures) Describe(out chan<- *prometheus.Desc) { prometheus.DescribeByCollect(f, out) }

// Collect is part of prometheus.Collector.
func (f hubFigures) Collect(out chan<- prometheus.Metric) {
	st := f.hub.Stats()
	for d, v := range map[*prometheus.Desc]float64{
		watchersFigure: float64(st.Watchers), streamsFigure: float64(st.Streams), topicsFigure: float64(st.Topics), arrivingFigure: float64(st.Arriving),
		queuedFigure: float64(st.Queued), behindFigure: st.Behind.Seconds(), commandsFigure: float64(f.queued()),
	} {
		out <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v)
	}
	for d, v := range map[*prometheus.Desc]int64{
		admittedFigure: st.Admitted, polledFigure: st.Polled, framesFigure: st.Frames, deliveries: st.Delivered,
		skippedFigure: st.Skipped, slowFigure: st.Slow, refusedFigure: st.Refused, troubleFigure: st.SourceErrors,
	} {
		out <- prometheus.MustNewConstMetric(d, prometheus.CounterValue, float64(v))
	}
}
