// Command casustafel-load measures Casustafel against two reference servers on
// this machine (docs/benchmarks.md).
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/alecthomas/kong"
)

// program is the command line.
type program struct {
	Run       benchCmd     `cmd:"" default:"withargs" help:"Measure."`
	Reference referenceCmd `cmd:"" hidden:"" help:"Serve a reference."`
}

// size is how much there is to measure with.
type size struct {
	Rooms      int   `help:"Rooms of the paced part." default:"20"`
	MaxRooms   int   `help:"Rooms of the max and idle parts." default:"40"`
	Clients    int   `help:"Clients in each room." default:"8"`
	HotClients int   `help:"Clients in the one room of the hot part." default:"200"`
	Writers    int   `help:"Who write in the one note of the note part." default:"50"`
	Idle       int   `help:"Connections of the idle part." default:"2000"`
	Events     int64 `help:"Events of the case in the join part, and changes of a note in another one." default:"10000"`
	Rounds     int   `help:"Rounds: in each, every part at every server." default:"3"`
}

// benchCmd measures.
type benchCmd struct {
	size
	Rate    float64       `help:"Edits a second of the paced part, all rooms together." default:"200"`
	HotRate float64       `help:"Edits a second of the hot part." default:"20"`
	Typing  float64       `help:"Changes a second of the note part, all writers together." default:"50"`
	Window  time.Duration `name:"seconds" help:"Length of each measurement, such as 4s." default:"4s"`
	WarmUp  time.Duration `help:"How long edits flow before they are measured, and a server rests before its memory is." default:"1s"`
	Parts   []string      `help:"What to measure: paced, max, hot, note, idle, join." default:"paced,max,hot,note,idle,join"`
	Server  string        `help:"The casustafel program. Default: built from the working tree." type:"existingfile" placeholder:"FILE"`
	Dir     string        `help:"Where the databases live while it runs: on a real disk. Default: the temporary directory." type:"existingdir"`
}

// Validate keeps a run within what Casustafel allows one user, and everything
// bounded.
func (c *benchCmd) Validate() error {
	switch {
	case c.Clients < len(roles) || c.HotClients < len(roles):
		return fmt.Errorf("at least %d clients a room: one of each kind", len(roles))
	case c.Writers < 2 || c.Typing <= 0 || c.Typing*(c.Window+c.WarmUp).Seconds() > wordsInNote:
		return fmt.Errorf("at least two writers, and at most %d changes of the note", wordsInNote)
	case c.Rooms < 1 || c.MaxRooms < 1 || c.Rounds < 1 || c.Idle < 1 || c.Rate <= 0 || c.HotRate <= 0 || c.Window <= 0 || c.WarmUp < 0 || c.Events < 0:
		return errors.New("every number must be above zero")
	case c.Idle > 10*c.MaxRooms*c.Clients:
		return errors.New("at most ten idle connections a user: more rooms or clients")
	case c.Window > time.Minute || c.WarmUp > time.Minute || c.Rounds > 20 || c.Idle > 9000:
		return errors.New("at most a minute, 20 rounds and 9000 idle connections")
	}
	return nil
}

func main() {
	var p program
	parser := kong.Must(&p, kong.Name("casustafel-load"), kong.Description("Measures Casustafel against two reference servers."), kong.UsageOnError())
	command, err := parser.Parse(os.Args[1:])
	parser.FatalIfErrorf(err)
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	command.BindTo(ctx, (*context.Context)(nil))
	if err := command.Run(); err != nil {
		fmt.Fprintln(os.Stderr, "casustafel-load:", err)
		os.Exit(1)
	}
}
