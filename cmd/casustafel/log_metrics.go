package main

import (
	"slices"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/casustafel/casustafel/internal/app"
)

// measureLog registers how the access log is doing: numbers and ages, of no
// organisation and no case.
func measureLog(registry prometheus.Registerer, a *app.App) {
	for _, trouble := range app.AllLogTroubles {
		registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "casustafel_log_trouble", Help: "1 when somebody has to look at the access log, for this.",
			ConstLabels: prometheus.Labels{"trouble": string(trouble)}}, func() float64 {
			if slices.Contains(a.LogTroubles(), trouble) {
				return 1
			}
			return 0
		}))
	}
	for _, g := range []struct {
		name, help string
		value      func(app.LogState) float64
	}{
		{"waiting", "Records that wait for their place in the tree of the access log.", func(s app.LogState) float64 { return float64(s.Waiting) }},
		{"waiting_seconds", "How long the oldest of them waits.", func(s app.LogState) float64 { return age(s.Oldest) }},
		{"size", "Records in the tree of the access log.", func(s app.LogState) float64 { return float64(s.Size) }},
		{"checkpoint_seconds", "How long ago the tree of the access log was signed.", func(s app.LogState) float64 { return age(s.Checkpoint) }},
		{"held", "1 when the access log is not what this server signed, and is not gone on with.", func(s app.LogState) float64 {
			if s.Held != "" {
				return 1
			}
			return 0
		}},
	} {
		registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "casustafel_log_" + g.name, Help: g.help},
			func() float64 { return g.value(a.LogState()) }))
	}
}

func age(since *time.Time) float64 {
	if since == nil {
		return 0
	}
	return time.Since(*since).Seconds()
}
