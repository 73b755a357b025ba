package casework

import "slices"

// Role is what a professional is in one case. The same words name the
// discipline stamped on a card.
type Role string

// Roles within a case, and the two outside cases.
const (
	ChildWorker        Role = "child_worker"
	AmbulantWorker     Role = "ambulant_worker"
	ResidentialWorker  Role = "residential_worker"
	MentalHealth       Role = "mental_health"
	PerpetratorSupport Role = "perpetrator_support"
	Chair              Role = "chair"
	ExpertByExperience Role = "expert_by_experience"
	Guest              Role = "guest"
	ConsultChildWorker Role = "consult_child_worker"
	Manager            Role = "manager"
	Admin              Role = "admin"
	NoRole             Role = "none"
)

// Roles lists every role, in the order tables show them.
var Roles = []Role{ChildWorker, AmbulantWorker, ResidentialWorker, MentalHealth, PerpetratorSupport, Chair,
	ExpertByExperience, Guest, ConsultChildWorker, Manager, Admin, NoRole}

// CaseRoles lists the roles a member of a case can have.
var CaseRoles = Roles[:9]

// Held tells whether it is a role at all: somebody outside every case has none.
func (r Role) Held() bool { return r != "" && r != NoRole }

// InCase tells whether a member of a case can have the role.
func (r Role) InCase() bool { return slices.Contains(CaseRoles, r) }

// View is the sort of speaker a card speaks from.
type View string

// Views: the kinds of person, and professional for the table's own voice.
const (
	ViewChild        View = "child"
	ViewParent       View = "parent"
	ViewPartner      View = "partner"
	ViewNetwork      View = "network"
	ViewProfessional View = "professional"
)

// Views lists every view, in cell order.
var Views = []View{ViewChild, ViewParent, ViewPartner, ViewNetwork, ViewProfessional}

// IsPersonKind tells whether a person of the family can be of this view.
func (v View) IsPersonKind() bool { return v != ViewProfessional && slices.Contains(Views, v) }

// Class says who may know.
type Class string

// Classes: see DOMAIN "Wie mag dit lezen?".
const (
	Shared       Class = "shared"
	Confidential Class = "confidential"
	Safety       Class = "safety"
	Named        Class = "named"
	Private      Class = "private"
)

// Classes lists every class, in cell order.
var Classes = []Class{Shared, Confidential, Safety, Named, Private}

// ForPerson tells whether a person of the family can have this class: a name
// and a birth date are kept by a circle of roles, never by name or discipline.
func (c Class) ForPerson() bool { return c == Shared || c == Confidential || c == Safety }

// Owner is how a reader stands to the author of a card.
type Owner string

// Owners, first match wins.
const (
	OwnerSelf  Owner = "self"  // the author
	OwnerNamed Owner = "named" // the author named this reader
	OwnerPeer  Owner = "peer"  // same discipline and organisation
	OwnerOther Owner = "other"
)

// Owners lists every owner word, in cell order.
var Owners = []Owner{OwnerSelf, OwnerNamed, OwnerPeer, OwnerOther}

// Status of a case.
type Status string

// Statuses of a case.
const (
	Open   Status = "open"
	Closed Status = "closed"
)

// Statuses lists both.
var Statuses = []Status{Open, Closed}

// Kind says what a card is: the meldcode keeps facts, words and
// interpretations apart.
type Kind string

// Kinds of card.
const (
	Fact           Kind = "fact"
	Interpretation Kind = "interpretation"
	Words          Kind = "words"
	Question       Kind = "question"
	Signal         Kind = "signal"
	Strength       Kind = "strength"
	Concern        Kind = "concern"
)

// Kinds lists every kind.
var Kinds = []Kind{Fact, Interpretation, Words, Question, Signal, Strength, Concern}

// Act returns what writing a card of this kind is: putting down facts and
// words for someone is to voice, a question or an interpretation is to ask.
func (k Kind) Act() Act {
	if k == Interpretation || k == Question {
		return ActAsk
	}
	return ActVoice
}

// Domain is the life domain (leefdomein) a card is about; "" when unsaid.
type Domain string

// Domains lists the life domains.
var Domains = []Domain{"housing", "money", "school_work", "health", "mental_health", "safety",
	"parenting", "relations", "network", "daily_life", "justice"}

// Seen is where something was seen; "" when unsaid.
type Seen string

// SeenWhere lists the places.
var SeenWhere = []Seen{"shelter", "home", "school", "elsewhere"}

// Act is something a member does; every act has a row in the policy's golden table.
type Act string

// Acts about a card or a person.
const (
	ActRead          Act = "read"
	ActVoice         Act = "voice"
	ActAsk           Act = "ask"
	ActEdit          Act = "edit"
	ActMove          Act = "move"
	ActArchive       Act = "archive"
	ActShare         Act = "share"
	ActShield        Act = "shield"
	ActReperspective Act = "reperspective"
	ActRedact        Act = "redact"
	ActPersons       Act = "persons" // add, change or remove a person of the family
	ActLend          Act = "lend"
	ActBar           Act = "bar"
	ActExport        Act = "export"
	ActAnswer        Act = "answer" // a consult's question
)

// Acts about a case as a whole, or about none.
const (
	ActOpen     Act = "open" // a case
	ActJoin     Act = "join"
	ActColumns  Act = "columns"
	ActPropose  Act = "propose"
	ActPosition Act = "position"
	ActInvite   Act = "invite"
	ActLead     Act = "lead"
	ActClose    Act = "close"
	ActReopen   Act = "reopen"
	ActAudit    Act = "audit"
	ActGlass    Act = "glass"
	ActUsers    Act = "users"
	ActPolicies Act = "policies"
	ActConfirm  Act = "confirm" // that somebody of one's own organisation takes a place at a table
	ActSecond   Act = "second"  // decide about the keeping of a case from outside it, and be the second person whom reopening, exporting and erasing it need
)

// CardActs lists the acts asked of one cell each.
var CardActs = []Act{ActRead, ActVoice, ActAsk, ActEdit, ActMove, ActArchive, ActShare, ActShield,
	ActReperspective, ActRedact, ActPersons, ActLend, ActBar, ActExport, ActAnswer}

// CaseActs lists the acts asked of no cell.
var CaseActs = []Act{ActOpen, ActJoin, ActColumns, ActPropose, ActPosition, ActInvite, ActLead, ActClose,
	ActReopen, ActAudit, ActGlass, ActUsers, ActPolicies, ActConfirm, ActSecond}

// Grant is an extra word on a membership for now.
type Grant string

// Grants; bar is the reverse of one.
const (
	NoGrant      Grant = "none"
	GrantLend    Grant = "lend"
	GrantConsult Grant = "consult"
	GrantItem    Grant = "item"
	GrantGlass   Grant = "glass"
	GrantBar     Grant = "bar"
)

// Grants lists every grant word.
var Grants = []Grant{NoGrant, GrantLend, GrantConsult, GrantItem, GrantGlass, GrantBar}
