package room

import "github.com/prometheus/client_golang/prometheus"

// Metrics count what the hub does. No label carries a case, a person or content.
type Metrics struct {
	connections prometheus.Gauge
	rooms       prometheus.Gauge
	frames      prometheus.Counter
	commands    *prometheus.CounterVec
	closes      *prometheus.CounterVec
}

// NewMetrics makes the counters and registers them, unless r is nil.
func NewMetrics(r prometheus.Registerer) *Metrics {
	m := &Metrics{
		connections: prometheus.NewGauge(prometheus.GaugeOpts{Name: "casustafel_connections", Help: "Open live connections."}),
		rooms:       prometheus.NewGauge(prometheus.GaugeOpts{Name: "casustafel_rooms", Help: "Open rooms."}),
		frames:      prometheus.NewCounter(prometheus.CounterOpts{Name: "casustafel_frames_total", Help: "Frames written to clients."}),
		commands:    prometheus.NewCounterVec(prometheus.CounterOpts{Name: "casustafel_commands_total", Help: "Commands by outcome."}, []string{"outcome"}),
		closes:      prometheus.NewCounterVec(prometheus.CounterOpts{Name: "casustafel_closes_total", Help: "Connections that ended, by reason."}, []string{"reason"}),
	}
	if r != nil {
		r.MustRegister(m.connections, m.rooms, m.frames, m.commands, m.closes)
	}
	return m
}
