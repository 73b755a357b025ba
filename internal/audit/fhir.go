package audit

import (
	"io"
	"strconv"
)

// FHIR writes lines of the access log as AuditEvents of FHIR R4, one a line (NDJSON):
// https://hl7.org/fhir/R4/auditevent.html. docs/audit-exports.md has the table of what
// goes where. The last one is the export itself, with how many came before it: without
// it, the file is not whole.
type FHIR struct {
	to       io.Writer
	words    Language
	language string
}

// NewFHIR begins a file in a language, of which words are given.
func NewFHIR(to io.Writer, words Language, language string) *FHIR {
	return &FHIR{to: to, words: words, language: language}
}

// Write adds lines.
func (f *FHIR) Write(lines []Line) error {
	for _, l := range lines {
		if err := f.add(f.event(l)); err != nil {
			return err
		}
	}
	return nil
}

// End says that the file is whole.
func (f *FHIR) End(export Line, count int) error {
	event := f.event(export)
	event.Entity = append(event.Entity, entity{
		What:      reference{Display: f.words("log_export.whole")},
		Type:      &entitySystem,
		Role:      &coding{"http://terminology.hl7.org/CodeSystem/object-role", "3", "Report"},
		Lifecycle: &coding{lifecycleSystem, "10", "Export"},
		Detail:    []entityDetail{{"lines", strconv.Itoa(count)}},
	})
	return f.add(event)
}

func (f *FHIR) add(event auditEvent) error {
	line, err := marshal(event)
	if err != nil {
		return err
	}
	_, err = f.to.Write(append(line, '\n'))
	return err
}

// Systems of our own codes and identifiers.
const (
	ours            = "urn:casustafel:"
	eventSystem     = ours + "event"
	roleSystem      = ours + "role"
	groundSystem    = ours + "ground"
	relationSystem  = ours + "relation"
	userSystem      = ours + "user"
	caseSystem      = ours + "case-code"
	programSystem   = ours + "program"
	dicom           = "http://dicom.nema.org/resources/ontology/DCM"
	purposeSystem   = "http://terminology.hl7.org/CodeSystem/v3-ActReason"
	lifecycleSystem = "http://terminology.hl7.org/CodeSystem/dicom-audit-lifecycle"
)

var entitySystem = coding{"http://terminology.hl7.org/CodeSystem/audit-entity-type", "2", "System Object"}

// event is a line as an AuditEvent.
func (f *FHIR) event(l Line) auditEvent {
	e := auditEvent{ResourceType: "AuditEvent", ID: l.ID, Language: f.language, Type: typeOf(l.Event), Action: l.Action,
		Subtype:  []coding{{eventSystem, string(l.Event), f.words.event(l.Event)}},
		Recorded: l.At.UTC().Format(timeForm), Outcome: "0", Purpose: f.purpose(l),
		Agent: []agent{f.agent(l)},
		Source: source{Observer: reference{Display: "Casustafel"},
			Type: []coding{{"http://terminology.hl7.org/CodeSystem/security-source-type", "4", "Application Server"}}},
	}
	if sub, ok := subtypes[l.Event]; ok {
		e.Subtype = append(e.Subtype, sub)
	}
	if l.Refused {
		e.Outcome, e.OutcomeDesc = "4", visible(l.Why)
	}
	if l.Source != "" {
		e.Source.Observer.Identifier = &identifier{System: programSystem, Value: visible(l.Source)}
	}
	if l.Case != "" {
		e.Entity = []entity{caseEntity(l)}
	}
	return e
}

// agent is who did it, from where and by which rules.
func (f *FHIR) agent(l Line) agent {
	name := visible(f.words.who(l))
	a := agent{Who: reference{Display: name}, Name: name, Requestor: true,
		Type: &concept{Coding: []coding{{"http://terminology.hl7.org/CodeSystem/extra-security-role-type", "humanuser", "human user"}}}}
	if l.User != "" {
		a.Who.Identifier = &identifier{System: userSystem, Value: string(l.User)}
		if l.Organisation != "" {
			a.Who.Identifier.Assigner = &reference{Display: visible(l.Organisation)}
		}
	}
	if role := f.words.role(l.Role); role != "" {
		a.Role = append(a.Role, concept{Coding: []coding{{roleSystem, string(l.Role), role}}})
	}
	if l.Relation != "" {
		a.Role = append(a.Role, concept{Coding: []coding{{relationSystem, string(l.Relation), f.words.relation(l.Relation)}}})
	}
	if l.Policy != "" {
		a.Policy = append(a.Policy, ours+"policy:"+l.Policy)
	}
	if l.Rule != "" {
		a.Policy = append(a.Policy, ours+"rule:"+l.Rule)
	}
	if l.AccessPoint != "" {
		a.Network = &network{visible(l.AccessPoint), "1"}
	}
	return a
}

// caseEntity is the case that it was about, by its code.
func caseEntity(l Line) entity {
	lifecycle, ok := lifecycles[l.Action]
	if l.Event == "export" {
		lifecycle, ok = coding{lifecycleSystem, "10", "Export"}, true
	}
	e := entity{What: reference{Identifier: &identifier{System: caseSystem, Value: string(l.Case)}},
		Type: &entitySystem, Role: &coding{"http://terminology.hl7.org/CodeSystem/object-role", "4", "Domain Resource"},
		Labels: []coding{{"http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "R", "restricted"}}}
	if ok {
		e.Lifecycle = &lifecycle
	}
	return e
}

// purpose is what it was for: as HL7 has it, and the ground of a place at a table.
func (f *FHIR) purpose(l Line) []concept {
	p := concept{Coding: []coding{purposeOf(l)}}
	if l.Ground != "" {
		p.Coding = append(p.Coding, coding{groundSystem, l.Ground, f.words.ground(l.Ground)})
	}
	return []concept{p}
}

// The parts of an AuditEvent that are used.
type (
	auditEvent struct {
		ResourceType string    `json:"resourceType"`
		ID           string    `json:"id"`
		Language     string    `json:"language,omitempty"`
		Type         coding    `json:"type"`
		Subtype      []coding  `json:"subtype"`
		Action       Action    `json:"action"`
		Recorded     string    `json:"recorded"`
		Outcome      string    `json:"outcome"`
		OutcomeDesc  string    `json:"outcomeDesc,omitempty"`
		Purpose      []concept `json:"purposeOfEvent,omitempty"`
		Agent        []agent   `json:"agent"`
		Source       source    `json:"source"`
		Entity       []entity  `json:"entity,omitempty"`
	}
	agent struct {
		Type      *concept  `json:"type,omitempty"`
		Role      []concept `json:"role,omitempty"`
		Who       reference `json:"who"`
		Name      string    `json:"name,omitempty"`
		Requestor bool      `json:"requestor"`
		Policy    []string  `json:"policy,omitempty"`
		Network   *network  `json:"network,omitempty"`
	}
	source struct {
		Observer reference `json:"observer"`
		Type     []coding  `json:"type"`
	}
	entity struct {
		What      reference      `json:"what"`
		Type      *coding        `json:"type,omitempty"`
		Role      *coding        `json:"role,omitempty"`
		Lifecycle *coding        `json:"lifecycle,omitempty"`
		Labels    []coding       `json:"securityLabel,omitempty"`
		Detail    []entityDetail `json:"detail,omitempty"`
	}
	entityDetail struct {
		Type  string `json:"type"`
		Value string `json:"valueString"`
	}
	network struct {
		Address string `json:"address"`
		Type    string `json:"type"`
	}
	concept struct {
		Coding []coding `json:"coding"`
	}
	coding struct {
		System  string `json:"system"`
		Code    string `json:"code"`
		Display string `json:"display,omitempty"`
	}
	reference struct {
		Identifier *identifier `json:"identifier,omitempty"`
		Display    string      `json:"display,omitempty"`
	}
	identifier struct {
		System   string     `json:"system"`
		Value    string     `json:"value"`
		Assigner *reference `json:"assigner,omitempty"`
	}
)
