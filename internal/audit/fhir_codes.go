package audit

// typeOf is the kind of an event as DICOM has it, which FHIR takes over.
func typeOf(event Event) coding {
	if t, ok := types[event]; ok {
		return t
	}
	return kindTypes[KindOf(event)]
}

// KindOf is the kind of an event; empty for one of another version of the program.
func KindOf(event Event) Kind { return kindOf[event] }

var kindOf = func() map[Event]Kind {
	all := map[Event]Kind{}
	for kind, of := range events {
		for _, event := range of {
			all[event] = kind
		}
	}
	return all
}()

// Types of DICOM that are used.
var (
	activity       = coding{dicom, "110100", "Application Activity"}
	logUsed        = coding{dicom, "110101", "Audit Log Used"}
	exported       = coding{dicom, "110106", "Export"}
	patientRecord  = coding{dicom, "110110", "Patient Record"}
	query          = coding{dicom, "110112", "Query"}
	securityAlert  = coding{dicom, "110113", "Security Alert"}
	authentication = coding{dicom, "110114", "User Authentication"}
)

// kindTypes are the types of whole kinds of events.
var kindTypes = map[Kind]coding{
	"":       activity,
	Looking:  patientRecord,
	Changing: patientRecord,
	Teams:    securityAlert,
	Doors:    authentication,
	Accounts: securityAlert,
	Rules:    securityAlert,
	Reviews:  logUsed,
}

// types are those of events that are of another than the rest of their kind.
var types = map[Event]coding{
	"list_cases":         query,
	"list_notices":       query,
	"list_seconds":       query,
	"list_confirmations": query,
	"list_links":         query,
	"list_users":         query,
	"view_team_rules":    query,
	"export":             exported,
	"export_log":         exported,
	"export_log_ended":   exported,
	"month_file_begun":   exported,
	"month_file":         exported,
	"month_file_failed":  exported,
	"break_glass":        securityAlert,
	"end_glass":          securityAlert,
	"add_factor":         securityAlert,
	"remove_factor":      securityAlert,
	"factor_reset":       securityAlert,
	"change_password":    securityAlert,
}

// subtypes are the subtypes of DICOM that an event has beside its own word.
var subtypes = map[Event]coding{
	"sign_in":         login,
	"unlock":          login,
	"sign_out":        logout,
	"lock":            logout,
	"break_glass":     {dicom, "110127", "Emergency Override Started"},
	"end_glass":       {dicom, "110138", "Emergency Override Stopped"},
	SightChanged:      {dicom, "110135", "Object Security Attributes Changed"},
	"member":          userChanged,
	"member_ended":    userChanged,
	"add_user":        userChanged,
	"deactivate_user": userChanged,
	"add_factor":      userChanged,
	"remove_factor":   userChanged,
	"factor_reset":    userChanged,
	"change_password": userChanged,
	"policy":          {dicom, "110136", "Security Roles Changed"},
}

var (
	login       = coding{dicom, "110122", "Login"}
	logout      = coding{dicom, "110123", "Logout"}
	userChanged = coding{dicom, "110137", "User security Attributes Changed"}
)

// lifecycles are what an action does to a case as DICOM has it.
var lifecycles = map[Action]coding{
	Create:  {lifecycleSystem, "1", "Origination / Creation"},
	Read:    {lifecycleSystem, "6", "Access / Use"},
	Execute: {lifecycleSystem, "6", "Access / Use"},
	Update:  {lifecycleSystem, "3", "Amendment"},
	Delete:  {lifecycleSystem, "14", "Logical deletion"},
}

// Purposes of HL7 that are used.
var (
	treatment  = coding{purposeSystem, "TREAT", "treatment"}
	emergency  = coding{purposeSystem, "ETREAT", "Emergency Treatment"}
	compliance = coding{purposeSystem, "HCOMPL", "health compliance"}
	systems    = coding{purposeSystem, "HSYSADMIN", "health system administration"}
)

// purposeOf is what something was done for: in acute danger, for the family at the
// table, to review who looked, or to keep accounts and rules.
func purposeOf(l Line) coding {
	if l.Relation == ByGlass || l.Event == "break_glass" || l.Event == "end_glass" {
		return emergency
	}
	switch KindOf(l.Event) {
	case Looking, Changing, Teams:
		return treatment
	case Reviews:
		return compliance
	}
	return systems
}
