package identity

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// wellKnown is what the passwords that many people have are made of, with digits
// and signs before, between and after: such lists are what guessers try first.
var wellKnown = strings.Fields(`
	wachtwoord paswoord toegang geheim welkom hallo inloggen beheerder gebruiker tijdelijk standaard verander
	password passwort passw0rd passwd secret welcome hello login access admin administrator root user guest test default changeme letmein
	iloveyou ikhouvanjou trustno1 whatever sunshine princess prinses football voetbal baseball basketball superman batman pokemon
	starwars monkey dragon shadow master killer lovely angel flower freedom summer winter spring autumn september october november december
	zomer herfst lente januari februari maart april augustus oktober january february march august monday friday maandag vrijdag
	amsterdam rotterdam eindhoven utrecht nederland holland feyenoord liverpool arsenal chelsea barcelona juventus
	computer internet samsung google facebook microsoft windows android apple
	michael michelle jennifer jessica jordan charlie daniel thomas nicole ashley matthew
	qaz wsx edc rfv zaq xsw qwa szx 1qa2ws3ed 1a2s3d4f5g6h 1a2s3d4f a1s2d3f4g5h6 a1s2d3f4 z1x2c3v4b5 1qaz2wsx 1q2w3e4r5t6y 1q2w3e4r5t 1q2w3e4r q1w2e3r4t5y6 q1w2e3r4 zaq12wsx zaq1 xsw2 asdf zxcv
	casustafel casus tafel opvang blijf huis kinderwerker hulpverlening
`)

// rows are what fingers run along.
var rows = []string{"qwertyuiop", "azertyuiop", "asdfghjkl", "qsdfghjklm", "zxcvbnm", "wxcvbn", "1234567890", "01234567890", "abcdefghijklmnopqrstuvwxyz"}

const (
	leftMin = 5 // different characters that a guesser does not have for nothing
	runMin  = 3 // of a row of keys, or of one character
	wordMin = 3 // of a name: shorter ones stand in other words
)

// guessable tells whether a password is nothing but what everybody tries first:
// well-known words, names of its person and place, years, and runs of keys. No
// kind of character is asked for, and none is forbidden.
func guessable(password string, of Account) bool {
	typed := []rune(strings.ToLower(normal(password)))
	taken := make([]bool, len(typed))
	words := slices.Concat(wellKnown, namesOf(of))
	slices.SortFunc(words, func(a, b string) int { return len(b) - len(a) })
	for _, read := range [][]rune{typed, []rune(strings.Map(asLetter, string(typed)))} {
		for _, word := range words {
			take(read, []rune(word), taken)
		}
	}
	for year := 1940; year < 2060; year++ {
		take(typed, []rune(strconv.Itoa(year)), taken)
	}
	takeRuns(typed, taken)
	left := map[rune]bool{}
	for i, r := range typed {
		if !taken[i] && !unicode.IsSpace(r) {
			left[r] = true
		}
	}
	return len(left) < leftMin
}

// namesOf are the words that a guesser knows of an account.
func namesOf(a Account) (words []string) {
	for _, said := range []string{a.Login, a.Name, a.OrganisationName} {
		for _, word := range strings.FieldsFunc(strings.ToLower(normal(said)), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
			if len([]rune(word)) >= wordMin {
				words = append(words, word)
			}
		}
	}
	return words
}

// asLetter reads a sign as the letter that people write it for.
func asLetter(r rune) rune {
	if i := strings.IndexRune("0134578@$!|", r); i >= 0 {
		return rune("oieastbasil"[i])
	}
	return r
}

// take marks every place where a word stands that is not taken yet.
func take(read, word []rune, taken []bool) {
	for i := 0; i+len(word) <= len(read); i++ {
		if slices.Equal(read[i:i+len(word)], word) && !slices.Contains(taken[i:i+len(word)], true) {
			for j := range word {
				taken[i+j] = true
			}
		}
	}
}

// takeRuns marks runs of keys, forwards and backwards, and of one character.
func takeRuns(typed []rune, taken []bool) {
	for i := 0; i < len(typed); {
		n := runAt(typed[i:])
		if n < runMin {
			i++
			continue
		}
		for j := range n {
			taken[i+j] = true
		}
		i += n
	}
}

// runAt is the length of the longest run that begins here.
func runAt(typed []rune) int {
	longest := 1
	for longest < len(typed) && typed[longest] == typed[0] {
		longest++
	}
	for _, row := range rows {
		for _, way := range []string{row, reversed(row)} {
			at := strings.IndexRune(way, typed[0])
			if at < 0 {
				continue
			}
			n := 0
			for n < len(typed) && at+n < len(way) && typed[n] == rune(way[at+n]) {
				n++
			}
			longest = max(longest, n)
		}
	}
	return longest
}

func reversed(s string) string {
	b := []byte(s)
	slices.Reverse(b)
	return string(b)
}
