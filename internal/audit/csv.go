package audit

import (
	"encoding/csv"
	"io"
	"strconv"
	"time"
)

// CSVHead are the columns of a file of lines: what NEN 7513 calls them, in Dutch
// whatever the language of the rest, so that a file can be read by a program.
var CSVHead = []string{"Regel", "Logregel-id", "Datum en tijd", "Datum en tijd (UTC)", "Gebeurteniscode", "Gebeurtenis", "Actiecode", "Uitkomst", "Reden van weigering",
	"Autorisatieregel", "Autorisatieprotocol", "Gebruikers-id", "Gebruikersnaam", "Organisatie van gebruiker", "Rolcode", "Gebruikersrol", "Relatie", "Grond",
	"Object-id (casuscode)", "Toegangspunt", "Logbron"}

// CSV writes lines of the access log as a table (RFC 4180), for a spreadsheet that
// speaks Dutch: cells are parted by semicolons, and the file says that it is UTF-8 by
// beginning with U+FEFF. Times are those of a place beside those of UTC. The last row
// says that the file is whole; without it, it is not.
type CSV struct {
	w     *csv.Writer
	words Language
	here  *time.Location
	begun bool
	count int
}

// NewCSV begins a file in a language, with the clock of a place.
func NewCSV(to io.Writer, words Language, here *time.Location) *CSV {
	w := csv.NewWriter(&marked{to: to})
	w.Comma, w.UseCRLF = ';', true
	return &CSV{w: w, words: words, here: here}
}

// marked puts U+FEFF before the first byte.
type marked struct {
	to  io.Writer
	has bool
}

func (m *marked) Write(p []byte) (int, error) {
	if !m.has {
		m.has = true
		if _, err := io.WriteString(m.to, "\uFEFF"); err != nil {
			return 0, err
		}
	}
	return m.to.Write(p)
}

// Write adds lines.
func (c *CSV) Write(lines []Line) error {
	rows := make([][]string, 0, len(lines)+1)
	if !c.begun {
		rows, c.begun = append(rows, CSVHead), true
	}
	for _, l := range lines {
		c.count++
		rows = append(rows, c.row(l))
	}
	return c.w.WriteAll(rows)
}

// End says that the file is whole.
func (c *CSV) End(_ Line, count int) error {
	last := make([]string, len(CSVHead))
	last[0], last[1] = c.words("log_export.whole"), strconv.Itoa(count)
	return c.w.WriteAll([][]string{last})
}

// row is a line as a row. Codes are ours and stand as they are; everything passes
// through cell all the same.
func (c *CSV) row(l Line) []string {
	outcome := "records.done"
	if l.Refused {
		outcome = "records.refused"
	}
	role := l.Role
	if !role.Held() {
		role = ""
	}
	cells := []string{strconv.Itoa(c.count), l.ID, l.At.In(c.here).Format(time.DateTime), l.At.UTC().Format(timeForm), string(l.Event), c.words.event(l.Event), string(l.Action), c.words(outcome), l.Why,
		l.Rule, l.Policy, string(l.User), c.words.who(l), l.Organisation, string(role), c.words.role(l.Role), c.words.relation(l.Relation), c.words.ground(l.Ground),
		string(l.Case), l.AccessPoint, l.Source}
	for i := range cells {
		cells[i] = cell(cells[i])
	}
	return cells
}
