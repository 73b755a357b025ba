// The messages of internal/room/PROTOCOL.md, both ways. testdata/protocol.json
// holds an example of each; the tests of server and browser both read it.

export const subprotocol = "casustafel.1";

export const views = ["child", "parent", "partner", "network", "professional"] as const;
export const classes = ["shared", "confidential", "safety", "named", "private"] as const;
export const owners = ["self", "named", "peer", "other"] as const;
export const kinds = ["fact", "interpretation", "words", "question", "signal", "strength", "concern"] as const;
export const domains = ["housing", "money", "school_work", "health", "mental_health", "safety",
  "parenting", "relations", "network", "daily_life", "justice"] as const;
export const seenWhere = ["shelter", "home", "school", "elsewhere"] as const;
export const roles = ["child_worker", "ambulant_worker", "residential_worker", "mental_health", "perpetrator_support",
  "chair", "expert_by_experience", "guest", "consult_child_worker", "manager", "admin", "none"] as const;

/** With whom something of a person is shared: a role is one discipline. */
export const sharings = ["table", ...roles.slice(0, 9), "outside"] as const;
export const consentAnswers = ["informed", "agreed", "refused", "unsafe"] as const;

export type View = (typeof views)[number];
export type PersonKind = Exclude<View, "professional">;
export type Class = (typeof classes)[number];
export type PersonClass = "shared" | "confidential" | "safety";
export type Owner = (typeof owners)[number];
export type Kind = (typeof kinds)[number];
export type Domain = (typeof domains)[number];
export type Seen = (typeof seenWhere)[number];
export type Role = (typeof roles)[number];
export type Sharing = (typeof sharings)[number];
export type ConsentAnswer = (typeof consentAnswers)[number];
export type Status = "open" | "closed";

export const personKinds = views.filter((v): v is PersonKind => v !== "professional");
export const personClasses: PersonClass[] = ["shared", "confidential", "safety"];

/** A projection: everything of the case that this reader gets. */
export interface Whole {
  case: Case;
  team: Member[];
  family: Person[];
  columns: Column[];
  cards: Record<string, Card & { text: Text }>;
  order: Record<string, string[]>;
  undo?: Undo;
  consents: Consent[];
  custody: Custody[];
  attendance: Attendance;
  given?: Given[];
}

/** What was given to a member beyond the own role, or (bar) taken from it, as far as this reader knows: a
 * card, or a person and what hangs on it, or everything. */
export interface Given { id: string; kind: "lend" | "glass" | "bar"; user: string; card?: string; person?: string; until?: string }

/** Who is in the meeting room, and whether the Scherm is shown there. Because of
 * those in held it stays blank. */
export interface Attendance { members: string[]; guests: Guest[]; screen: boolean; held?: string[] }
export interface Guest { id: string; name: string; from?: string; redacted?: true }

/** practice: everything in it is invented. */
export interface Case { id: string; name: string; status: Status; practice?: true }
export interface Column { id: string; title: string; kind?: Kind }
export interface Text { base: string; body: string; redacted?: true }
/**
 * My own last change that can be taken back now; what is the type of event. The
 * rest is what it goes back to: a title, how a text began, labels, or a place.
 */
export interface Undo {
  command: string; card: string; what: string; title?: string; text?: string;
  kind?: Kind; domain?: Domain; seen?: Seen; col?: string; after?: string;
}

export interface Member {
  user: string; name: string; role: Role; org: string; org_name: string;
  beside: string[]; contact?: true; function?: "meeting" | "process" | "both"; ended?: true;
}

export interface Person {
  id: string; kind: PersonKind; class: PersonClass; name: string; calls?: string; born?: string;
  by: string; role: Role; org: string; removed?: true; redacted?: true;
}

/** A card; text is absent in a change that leaves it as it was. */
export interface Card {
  id: string; col: string; title: Text; text?: Text; person?: string; class: Class; named?: string[];
  kind: Kind; domain?: Domain; seen?: Seen; by: string; role: Role; org: string;
  /** Of whom it is asked; who would not have it in their name. */
  for?: string; declined?: string;
  at: string; tabled?: string; changed: string; archived?: true; links?: string[];
}

/** What a colleague, or I, heard a person of the family say about a sharing. */
export interface Consent {
  person: string; sharing: Sharing; answer: ConsentAnswer; class: Class; by: string; role: Role; org: string; at: string;
}
export interface Custody { child: string; person: string }

export interface Me { user: string; role: Role; rights: Record<Status, Record<string, string>> }
export interface Here { user: string; card?: string }

/** Every command with what it is done with. */
export interface Commands {
  rename_case: { name: string };
  close_case: Record<never, never>;
  reopen_case: Record<never, never>;
  add_person: { kind: PersonKind; class: PersonClass; name: string; calls?: string; born?: string };
  change_person: { person: string; name: string; calls?: string; born?: string };
  remove_person: { person: string };
  reclass_person: { person: string; kind: PersonKind; class: PersonClass };
  record_consent: { person: string; sharing: Sharing; answer: ConsentAnswer };
  take_back_consent: { person: string; sharing: Sharing };
  give_custody: Custody;
  take_custody: Custody;
  add_column: { title: string; after?: string; kind?: Kind };
  rename_column: { column: string; title: string };
  label_column: { column: string; kind?: Kind };
  move_column: { column: string; after?: string };
  remove_column: { column: string; to: string };
  draft_card: {
    column: string; title: string; text?: string; person?: string; class: Class; named?: string[];
    kind: Kind; domain?: Domain; seen?: Seen;
  };
  ask_card: Commands["draft_card"] & { for: string };
  confirm_card: { card: string; title: string; text: string; person?: string; class: Class; kind: Kind; domain?: Domain; seen?: Seen };
  decline_card: { card: string };
  withdraw_card: { card: string };
  table_card: { card: string };
  retitle_card: { card: string; title: string; base: string };
  edit_card: { card: string; text: string; base: string };
  write_note: { card: string; base: string; changes: Changes };
  label_card: { card: string; kind: Kind; domain?: Domain; seen?: Seen };
  move_card: { card: string; column: string; after?: string };
  archive_card: { card: string };
  restore_card: { card: string };
  link_card: { card: string; to: string };
  unlink_card: { card: string; to: string };
  shield_card: { card: string; class: Class; named?: string[] };
  share_card: { card: string; class: Class; named?: string[] };
  name_readers: { card: string; named: string[] };
  reperspective_card: { card: string; person?: string };
  redact: { card?: string; person?: string; column?: string; guest?: string };
  name_version: { card: string; name: string };
  undo: { command: string };
  tick_member: { member: string };
  untick_member: { member: string };
  add_guest: { name: string; from?: string };
  remove_guest: { guest: string };
  show_screen: Record<never, never>;
  blank_screen: Record<never, never>;
  take_seat: Record<never, never>;
}
export type CommandName = keyof Commands;

export interface Join { t: "join"; case: string; cursor?: string; seat?: string; as?: string }
export type Do = { [C in CommandName]: { t: "do"; id: string; cmd: C; with: Commands[C] } }[CommandName];
export interface Who {
  t: "who"; id: string; card?: string; person?: string; class: Class; named?: string[]; family?: string; kind?: PersonKind;
}
export interface Render { t: "render"; id: string; card: string }
export interface History { t: "history"; id: string; card: string }
/** Asks for the text of a version that a line of the card's history names. */
export interface Version { t: "version"; id: string; card: string; version: string }
/** Asks what the note of a card can link to, and whom it can mention. */
export interface Targets { t: "targets"; id: string; card: string }
export interface Focus { t: "focus"; card?: string }
/** Where I write, as it stands in the text that base names; without a card: nowhere any more. */
export type Caret = { t: "caret" } & (Spot | Partial<Record<keyof Spot, never>>);
export type ClientMessage = Join | Do | Who | Render | History | Version | Targets | Focus | Caret;

/** A place in the note of a card, in UTF-16 units of the text that base names. */
export interface Spot { card: string; base: string; anchor: number; head: number }

/** A change of a text, as CodeMirror's change sets write it: keep n, or take n away and put lines there. */
export type Changes = (number | [number, ...string[]])[];
/** A change of a note: the text that base names is what it led to; id is its writer's command. */
export interface Step { id: string; user: string; base: string; changes: Changes }
/** What was written in the note of a card. The first step is made in the text that from names; who has a
 * later one already goes on after the step that led to it. */
export interface Written { card: string; changed: string; from: string; steps: Step[] }

export interface Hello { t: "hello"; me: Me; seat: string; cursor: string; whole?: Whole; here: Here[] }
export interface Change {
  t: "change"; cursor: string; case?: Case; team?: Member[]; family?: Person[]; columns?: Column[];
  cards?: Card[]; written?: Written[]; gone?: string[]; order?: Record<string, string[]>; undo?: Undo; no_undo?: true;
  consents?: Consent[]; custody?: Custody[];
  attendance?: Attendance;
  given?: Given[];
}
export interface HereMessage { t: "here"; here: Here[] }
/** Where others write now; replaces the earlier list. */
export interface Carets { t: "carets"; carets: ({ user: string } & Spot)[] }
export interface MeMessage { t: "me"; me: Me; seat: string }
export interface Answer { t: "answer"; id: string; ok: boolean; made?: string; error?: Failure }
export interface Readers {
  t: "readers"; id: string; can: string[]; cannot: string[]; gains: string[]; loses: string[]; error?: Failure;
}
/** html is safe to put in the page, whoever wrote the text. */
export interface Rendered { t: "rendered"; id: string; base?: string; html: string; error?: Failure }
/** One thing that was done with a card; col: the column it was moved to; version: its text before it
 * was edited, or the one that was given the name. */
export interface Line { at: string; user: string; what: string; col?: string; version?: string; name?: string }
/** unread: the version from before all that others wrote since I looked last. */
export interface Happened { t: "happened"; id: string; lines: Line[]; unread?: string; error?: Failure }
/** The text of a version. */
export interface Told { t: "told"; id: string; card: string; version: string; body: string; error?: Failure }
/** The cards that every reader of a note sees, and who may read it. */
export interface Aims { t: "aims"; id: string; cards: string[]; users: string[]; error?: Failure }
export interface ErrorMessage { t: "error"; reason: string }
export interface Beat { t: "beat" }
export type ServerMessage = Hello | Change | HereMessage | Carets | MeMessage | Answer | Readers | Rendered | Happened | Told | Aims
  | ErrorMessage | Beat;

export type FailureKind = "invalid" | "not_found" | "denied" | "conflict" | "too_many" | "unavailable" | "internal";
export interface Failure {
  kind: FailureKind; reason: string; rule?: string; why?: string; current?: { base: string; body: string };
}

/** The close code by which the server says that nothing can be put on the record, so that nothing goes out. */
export const unrecorded = 4004;
/** The close codes by which the server says: do not come back by yourself. */
export function isTerminal(code: number): boolean { return code >= 4100 && code <= 4199 }
export const closed = { signedOut: 4100, noSuchCase: 4101, notUnderstood: 4102, tooMany: 4103, otherVersion: 4104, locked: 4105 } as const;
