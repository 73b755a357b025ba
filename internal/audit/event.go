package audit

import "slices"

// Event is what was done, in a word. A word is for ever: records keep it. Each has
// a sentence access.<event> in the language files and a place in Kinds;
// internal/events_test.go holds the whole program to that.
type Event string

// Kind is a kind of events, by which whoever reviews the access log looks for them.
type Kind string

// Kinds of events.
const (
	Looking  Kind = "looking"  // in a case
	Changing Kind = "changing" // of a case
	Teams    Kind = "teams"    // who sits at a table, and who never may
	Doors    Kind = "doors"    // signing in and out, and with what
	Accounts Kind = "accounts" // of organisations
	Rules    Kind = "rules"    // the policy
	Reviews  Kind = "reviews"  // of the access log itself
)

// Kinds are all there are, in the order in which they are offered.
var Kinds = []Kind{Looking, Changing, Teams, Doors, Accounts, Rules, Reviews}

var events = map[Kind][]Event{
	Looking: {"join", "leave", "view", "list_cases", "view_team", "view_sight", "history", "version", "list_notices", "put_notices_away", "list_seconds", "export", "view_glass", "view_keeping", "view_case_records", "client_report", LeftCutOff},
	Changing: {"command", "open_case", "open_practice", "ask_second", "withdraw_second", "answer_second", "break_glass", "end_glass",
		"keep_longer", "ask_erasing", "erase_case", "hold_case", "ask_lift", "lift_hold", "answer_keeping", "withdraw_keeping"},
	Teams: {"invite", "invite_again", "withdraw_invitation", "invitation_stopped", "member", "member_ended", "confirm_member", "decline_member",
		"list_confirmations", "add_interpreter", "remove_interpreter", "list_exclusions", "exclude", "readmit", "view_team_rules", "team_rules",
		"list_links", "link_case", "unlink_case",
		"lend", "bar", "given_ended", SightChanged},
	Doors: {"sign_in", "sign_out", "lock", "unlock", "second_factor", "add_factor", "remove_factor", "renew_recovery_codes", "ask_factor_reset", "list_factor_resets",
		"confirm_factor_reset", "decline_factor_reset", "cancel_factor_reset", "factor_reset", "change_password", "sign_in_link"},
	Accounts: {"add_user", "list_users", "open_invitation", "join_organisation", "deactivate_user", "contact", "set_up_link", "set_up", "view_alarm_limits", "alarm_limits", "view_retention_rules", "retention_rules"},
	Rules:    {"policy", "policy_proposed", "policy_withdrawn", "view_policy"},
	Reviews: {"list_glass", "review_glass", "list_alarms", "answer_alarm", "count_reviews", "own_accesses", "view_records", "view_timeline", "tail_records", "tail_ended", "view_overview", "view_month", "review_month", "month_file_begun", "month_file", "month_file_failed", "view_hats", "view_log_export", "export_log", "export_log_ended",
		"backup", "restore",
		"view_retention", "view_certificate", "key_rotated", "log_restored", LogDropped, "master_key_rotated", "master_keys_forgotten"},
}

// SightChanged stands for every event that changed who at a table may see what. It is
// on no record itself.
const SightChanged Event = "sight_changed"

// LeftCutOff stands for the end of a stay that nobody told of (CutOff): its time is until
// when the stay may have lasted. It is on no record itself.
const LeftCutOff Event = "left_cut_off"

// Apart is an event as others read it than who did it: of who may see what, no more
// than that it changed. A member is not to learn that somebody was shut out.
func (e Event) Apart() Event {
	switch e {
	case "lend", "bar", "given_ended":
		return SightChanged
	}
	return e
}

// Events are those of a kind; none for a kind that is not there.
func (k Kind) Events() []Event { return slices.Clone(events[k]) }

// Sheltered are the events that tell that a list is kept of who must never come
// near a case. That there is one is for its keepers alone: it may be a manager whom
// it keeps away.
var Sheltered = []Event{"list_exclusions", "exclude", "readmit", "invitation_stopped"}

// Leaving are the events by which something is taken out of the program: of a file that
// takes long to make, that it goes out (month_file), or begins to (export_log), and not
// that it was begun or failed.
var Leaving = []Event{"export", "export_log", "client_report", "month_file"}

// Often are the events that most lines of a log are of. The indexes on lines that are not
// name them too, and what is counted for overviews puts them together: no event is added
// here without new indexes and counting anew.
var Often = []Event{"join", "leave", "view", "command", "list_cases", "history", "version", "view_team", "list_notices"}

// Uncounted are the events that overviews count only when they were refused: that
// somebody left, and that a view changed by itself. What is counted of lines leaves them
// out by name, so no event is added here or taken away without counting anew.
var Uncounted = []Event{"leave", "view"}

// Glass is the event of somebody breaking the glass.
const Glass Event = "break_glass"

// LogDropped is the event of lines of the log that went after their period.
const LogDropped Event = "log_dropped"

// Accesses are the events of looking in a case and of changing one, which somebody
// did: not that a view changed by itself, nor that a stay ended.
func Accesses() []Event {
	return slices.DeleteFunc(append(Looking.Events(), Changing.Events()...), func(e Event) bool { return slices.Contains(Uncounted, e) || e == LeftCutOff })
}
