// Every message of the protocol once, typed. The test holds them against
// testdata/protocol.json, so the types and the file cannot grow apart.
import type { Card, ClientMessage, Commands, Do, Me, ServerMessage, Whole } from "./protocol.ts";

const id = (name: string): string => name.toUpperCase().replace(/[^2-9A-HJ-NP-Z]/g, "").padEnd(16, "2").slice(0, 16);
const fenna = id("FENNA"), iris = id("USERRS"), ruben = id("USERUBEN"), shelter = id("PVANG");
const facts = id("CFACTS"), questions = id("CQUEST"), card = id("KSCHLAAF"), draft = id("KDRAFT"), other = id("KBRAM");
const mask = "00000000000000f0".repeat(3) + "0000000000000100";

function command<C extends keyof Commands>(cmd: C, given: Commands[C]): Do {
  return { t: "do", id: id(`M${cmd}`), cmd, with: given } as Do;
}

export const clientExamples: ClientMessage[] = [
  { t: "join", case: id("ZLVERLNDE") },
  { t: "join", case: id("ZLVERLNDE"), cursor: "c2VhbGVkLWN1cnNvcg", seat: "c2VhbGVkLXNlYXQ" },
  command("rename_case", { name: "Zilverlinde" }),
  command("close_case", {}),
  command("reopen_case", {}),
  command("add_person", { kind: "child", class: "shared", name: "Fenna", calls: "Fen", born: "2013-05-02" }),
  command("change_person", { person: fenna, name: "Fenna", born: "2013-05-02" }),
  command("remove_person", { person: fenna }),
  command("reclass_person", { person: fenna, kind: "child", class: "safety" }),
  command("record_consent", { person: fenna, sharing: "perpetrator_support", answer: "refused" }),
  command("take_back_consent", { person: fenna, sharing: "table" }),
  command("give_custody", { child: fenna, person: id("ANS") }),
  command("take_custody", { child: fenna, person: id("ANS") }),
  command("add_column", { title: "Vragen", after: facts, kind: "question" }),
  command("rename_column", { column: questions, title: "Open vragen" }),
  command("label_column", { column: questions, kind: "question" }),
  command("move_column", { column: questions }),
  command("remove_column", { column: questions, to: facts }),
  command("draft_card", {
    column: facts, title: "Ik slaap pas als Bram slaapt.", text: "Gezegd bij het naar bed gaan.", person: fenna,
    class: "named", named: [ruben], kind: "words", domain: "daily_life", seen: "shelter",
  }),
  command("ask_card", { column: facts, title: "Kwam naar drie van vijf gesprekken.", person: fenna, class: "shared", kind: "fact", for: ruben }),
  command("confirm_card", { card, title: id("TTEL"), text: id("TTEXT"), person: fenna, class: "shared", kind: "fact", domain: "safety", seen: "home" }),
  command("decline_card", { card }),
  command("withdraw_card", { card }),
  command("table_card", { card }),
  command("retitle_card", { card, title: "Ik slaap als Bram slaapt.", base: id("TTEL") }),
  command("edit_card", { card, text: "Eerste regel.\nTweede regel.", base: id("TTEXT") }),
  command("write_note", { card, base: id("TTEXT"), changes: [6, [6, "tweede"], 8, [0, "", "- nieuwe regel"]] }),
  command("name_version", { card, name: "Na het overleg" }),
  command("label_card", { card, kind: "fact", domain: "school_work", seen: "school" }),
  command("move_card", { card, column: questions, after: other }),
  command("archive_card", { card }),
  command("restore_card", { card }),
  command("link_card", { card, to: other }),
  command("unlink_card", { card, to: other }),
  command("shield_card", { card, class: "confidential" }),
  command("share_card", { card, class: "named", named: [ruben] }),
  command("name_readers", { card, named: [ruben] }),
  command("reperspective_card", { card, person: fenna }),
  command("redact", { card }),
  command("undo", { command: id("MEDT") }),
  { t: "join", case: id("ZLVERLNDE"), as: "screen" },
  { t: "join", case: id("ZLVERLNDE"), as: ruben },
  command("tick_member", { member: ruben }),
  command("untick_member", { member: ruben }),
  command("add_guest", { name: "Wijkagent Piet", from: "politie" }),
  command("remove_guest", { guest: id("GAST") }),
  command("show_screen", {}),
  command("blank_screen", {}),
  command("take_seat", {}),
  { t: "who", id: id("WNEW"), person: fenna, class: "confidential" },
  { t: "who", id: id("WCARD"), card, person: fenna, class: "named", named: [ruben] },
  { t: "who", id: id("WPERSN"), family: fenna, kind: "child", class: "safety" },
  { t: "render", id: id("NCARD"), card },
  { t: "history", id: id("HCARD"), card },
  { t: "version", id: id("VERSN"), card, version: id("TTEXT") },
  { t: "targets", id: id("TARGETS"), card },
  { t: "caret", card, base: id("TTEXT"), anchor: 0, head: 5 },
  { t: "caret" },
  { t: "focus", card },
  { t: "focus" },
];

const me: Me = { user: iris, role: "child_worker", rights: { open: { read: mask, voice: mask, columns: mask }, closed: { read: mask } } };

const tabled: Card & { text: { base: string; body: string } } = {
  id: card, col: facts, title: { base: id("TTEL"), body: "Ik slaap pas als Bram slaapt." },
  text: { base: id("TTEXT"), body: "Gezegd bij het naar bed gaan." }, person: fenna, class: "named", named: [ruben],
  kind: "words", domain: "daily_life", seen: "shelter", by: iris, role: "child_worker", org: shelter,
  at: "2025-11-03T09:00:00Z", tabled: "2025-11-03T09:05:00Z", changed: "2025-11-03T09:05:00Z", links: [other],
};

const whole: Whole = {
  case: { id: id("ZLVERLNDE"), name: "Zilverlinde", status: "open" },
  team: [
    { user: iris, name: "Iris", role: "child_worker", org: shelter, org_name: "Opvang West", beside: [fenna] },
    { user: ruben, name: "Ruben", role: "perpetrator_support", org: id("RECLASS"), org_name: "Steunpunt Oost", beside: [], contact: true, ended: true },
  ],
  family: [
    { id: fenna, kind: "child", class: "shared", name: "Fenna", calls: "Fen", born: "2013-05-02", by: iris, role: "child_worker", org: shelter },
    { id: id("ANS"), kind: "network", class: "safety", name: "", by: iris, role: "child_worker", org: shelter, removed: true, redacted: true },
  ],
  columns: [{ id: facts, title: "Feiten", kind: "fact" }, { id: questions, title: "Vragen" }],
  cards: {
    [card]: tabled,
    [draft]: {
      id: draft, col: facts, title: { base: id("TDRAFT"), body: "Navragen bij school" }, text: { base: id("TDRAFTX"), body: "" },
      class: "private", kind: "question", by: iris, role: "child_worker", org: shelter,
      at: "2025-11-03T09:10:00Z", changed: "2025-11-03T09:10:00Z",
    },
    [other]: {
      id: other, col: questions, title: { base: id("THER"), body: "", redacted: true }, text: { base: id("THERX"), body: "", redacted: true },
      class: "shared", kind: "fact", by: ruben, role: "perpetrator_support", org: id("RECLASS"),
      at: "2025-11-02T09:00:00Z", tabled: "2025-11-02T09:00:00Z", changed: "2025-11-02T10:00:00Z", archived: true,
    },
  },
  order: { [facts]: [card, draft], [questions]: [other] },
  undo: { command: id("MEDT"), card, what: "card_edited", text: "Gezegd bij het opstaan." },
  consents: [{
    person: fenna, sharing: "perpetrator_support", answer: "refused", class: "confidential",
    by: iris, role: "child_worker", org: shelter, at: "2025-11-03T09:20:00Z",
  }],
  custody: [{ child: fenna, person: id("ANS") }],
  attendance: { members: [iris, ruben], guests: [{ id: id("GAST"), name: "Wijkagent Piet", from: "politie" }], screen: true, held: [ruben] },
};

const { text: _unchanged, ...withoutText } = tabled;
const { tabled: _draft, ...withoutTextOrTable } = withoutText;

export const serverExamples: ServerMessage[] = [
  { t: "hello", me, seat: "c2VhbGVkLXNlYXQ", cursor: "c2VhbGVkLWN1cnNvcg", whole, here: [{ user: iris, card }, { user: ruben }] },
  { t: "hello", me, seat: "c2VhbGVkLXNlYXQ", cursor: "c2VhbGVkLWN1cnNvcg", here: [{ user: iris }] },
  {
    t: "change", cursor: "bmV4dC1jdXJzb3I", case: { id: id("ZLVERLNDE"), name: "Linde", status: "closed" },
    team: whole.team, family: whole.family, consents: whole.consents, custody: whole.custody, columns: [{ id: facts, title: "Feiten" }], cards: [withoutText],
    gone: [other], order: { [facts]: [draft, card] }, undo: { command: id("MVE"), card, what: "card_moved", col: facts, after: draft },
  },
  { t: "change", cursor: "bmV4dC1jdXJzb3Iy", undo: { command: id("MLABEL"), card, what: "card_labelled", kind: "question", domain: "health", seen: "home" } },
  { t: "change", cursor: "bmV4dC1jdXJzb3Iz", undo: { command: id("MRETTLE"), card, what: "card_retitled", title: "Slaapt slecht." } },
  { t: "change", cursor: "bmV4dC1jdXJzb3I0", cards: [{ ...withoutTextOrTable, id: draft, for: ruben }, { ...withoutTextOrTable, id: other, declined: ruben }] },
  { t: "change", cursor: "bmV4dC1jdXJzb3Iy", no_undo: true },
  {
    t: "change", cursor: "bmV4dC1jdXJzb3Iz", team: [], family: [], columns: [], gone: [card],
    attendance: { members: [], guests: [{ id: id("GAST"), name: "", redacted: true }], screen: false },
  },
  {
    t: "change", cursor: "bmV4dC1jdXJzb3I1", written: [{
      card, changed: "2025-11-03T09:30:00Z", from: id("TTEXT"), steps: [
        { id: id("MWRTE"), user: ruben, base: id("TNEXT"), changes: [23, [6, " in slaap", "vallen."]] },
        { id: id("MWRTEN"), user: iris, base: id("TLAST"), changes: [[0, "😀 "], 32, [8]] },
      ],
    }],
  },
  { t: "here", here: [{ user: ruben, card }] },
  { t: "carets", carets: [{ user: ruben, card, base: id("TTEXT"), anchor: 3, head: 0 }] },
  { t: "carets", carets: [] },
  { t: "me", me, seat: "c2VhbGVkLXNlYXQ" },
  { t: "answer", id: id("MDRAFT"), ok: true, made: draft },
  {
    t: "answer", id: id("MEDT"), ok: false,
    error: { kind: "conflict", reason: "stale_text", current: { base: id("TNEW"), body: "Wat er nu staat." } },
  },
  {
    t: "answer", id: id("MSHARE"), ok: false,
    error: { kind: "denied", reason: "not_allowed", rule: "D-07", why: "A safety or private card is never opened up: write a new card without the secret" },
  },
  { t: "readers", id: id("WCARD"), can: [iris], cannot: [ruben], gains: [], loses: [ruben] },
  { t: "readers", id: id("WGNE"), can: [], cannot: [], gains: [], loses: [], error: { kind: "not_found", reason: "not_found" } },
  { t: "rendered", id: id("NCARD"), base: id("TTEXT"), html: "<p>Gezegd bij het naar bed gaan.</p>\n" },
  { t: "rendered", id: id("NGNE"), html: "", error: { kind: "not_found", reason: "not_found" } },
  {
    t: "happened", id: id("HCARD"),
    lines: [{ at: "2025-11-03T09:00:00Z", user: iris, what: "drafted" }, { at: "2025-11-03T09:20:00Z", user: ruben, what: "moved", col: facts }],
  },
  {
    t: "happened", id: id("HNTE"),
    lines: [
      { at: "2025-11-03T09:25:00Z", user: iris, what: "edited" },
      { at: "2025-11-03T09:30:00Z", user: ruben, what: "edited", version: id("TTEXT") },
      { at: "2025-11-03T09:40:00Z", user: ruben, what: "named", version: id("TLAST"), name: "Voor het besluit" },
    ],
    unread: id("TTEXT"),
  },
  { t: "happened", id: id("HGNE"), lines: [], error: { kind: "not_found", reason: "not_found" } },
  { t: "told", id: id("VERSN"), card, version: id("TTEXT"), body: "Gezegd bij het naar bed gaan." },
  { t: "told", id: id("VGNE"), card, version: id("TTEXT"), body: "", error: { kind: "not_found", reason: "not_found" } },
  { t: "aims", id: id("TARGETS"), cards: [card, other], users: [iris] },
  { t: "aims", id: id("TGNE"), cards: [], users: [], error: { kind: "not_found", reason: "not_found" } },
  { t: "error", reason: "bad_frame" },
  { t: "beat" },
];
