package casetest

import (
	"encoding/base32"
	"encoding/binary"
	"math/rand/v2"
	"slices"

	"github.com/casustafel/casustafel/internal/casework"
)

// Meeting puts a meeting room into a history: between its steps the chair ticks
// and unticks who is there and shows the Scherm, over and over. The same seed
// makes the same.
func Meeting(steps []Step, seed uint64) []Step {
	random := rand.New(rand.NewPCG(seed, 3))
	chair, all := Cast()[0].User, Users(Cast())
	var met []Step
	do := func(after Step, command string, fields map[string]any) {
		var key [10]byte
		binary.BigEndian.PutUint64(key[:], random.Uint64())
		met = append(met, Step{ID: casework.CommandID(base32.NewEncoding("23456789ABCDEFGHJKLMNPQRSTUVWXYZ").EncodeToString(key[:])),
			At: after.At, User: chair, Command: command, With: encode(fields)})
	}
	for i, s := range steps {
		met = append(met, s)
		switch {
		case i < len(opening):
		case i%4 == 0:
			command := []string{"tick_member", "tick_member", "untick_member"}[random.IntN(3)]
			do(s, command, map[string]any{"member": all[random.IntN(len(all))]})
		case i == len(steps)*3/4:
			do(s, "add_guest", map[string]any{"name": "gast"})
		}
		if i%2 == 1 {
			do(s, "show_screen", nil)
		}
	}
	return slices.Clip(met)
}
