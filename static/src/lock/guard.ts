// Locks a page that was left alone, and opens it again for who may. It knows
// when; how a page is hidden, and how the server and the other tabs are reached,
// it is given.
import type { IdleClock } from "./idle.ts";

/** What came of asking the server, and whose session it is there. */
export interface Outcome { state: "open" | "locked" | "over" | "unreachable"; user: string }
export type Saying = "failed" | "offline" | "over";
/** What tabs tell each other; never anything of a case. */
export type Word = "active" | "locked" | "unlocked";

export interface Page {
  hide(): void;
  show(): void;
  /** Says on the lock why it stays; undefined: nothing. */
  say(what: Saying | undefined): void;
  /** Starts the page anew, and leaves behind what it had in memory. */
  restart(): void;
}

interface Server {
  /** False: it was not reached. */
  lock(): Promise<boolean>;
  unlock(password: string): Promise<Outcome>;
  state(): Promise<Outcome>;
}

const activeEvery = 1_000; // milliseconds between two signs of life to the other tabs
const usedEvery = 60_000; // milliseconds between two to the server, for which a session that is used holds longer
const tryAgain = 2_000; // milliseconds until the server is told once more

export class Guard {
  #locked = false;
  #untold = false; // the server does not know yet
  #telling: Promise<boolean> | undefined;
  #again: ReturnType<typeof setTimeout> | undefined;
  #toldActive = -Infinity;
  #toldUsed = 0;

  constructor(readonly user: string, readonly clock: IdleClock, readonly page: Page, readonly server: Server, readonly tabs: (word: Word) => void) {}

  get locked(): boolean { return this.#locked }

  /** A key, a pointer or a touch; false when it came too late: then it does nothing. */
  touched(): boolean {
    if (this.#locked) return true; // on the lock itself
    if (this.check()) return false;
    this.clock.touch();
    if (this.clock.mono() - this.#toldActive >= activeEvery) {
      this.#toldActive = this.clock.mono();
      this.tabs("active");
    }
    this.#used();
    return true;
  }

  /** What is on the page is being looked at, from too far away for keys: it stays, and nothing is said of other tabs. */
  inUse(): void {
    if (this.check()) return;
    this.clock.touch();
    this.#used();
  }

  #used(): void {
    if (this.clock.mono() - this.#toldUsed < usedEvery) return;
    this.#toldUsed = this.clock.mono();
    void this.server.state().then((outcome) => { if (outcome.state === "locked") this.told(); });
  }

  /** Locks when it is time; tells whether the page is locked. */
  check(): boolean {
    if (!this.#locked && this.clock.due()) this.lock();
    return this.#locked;
  }

  /** Hides everything at once, then tells the other tabs and the server. */
  lock(): void {
    this.#hide();
    this.tabs("locked");
    void this.#tell();
  }

  /** The server said that the session is locked. */
  told(): void { this.#hide() }

  heard(word: Word): void {
    switch (word) {
      case "active":
        if (!this.check()) this.clock.touch();
        break;
      case "locked": // the tab that says so may not have reached the server
        if (this.#locked) break;
        this.#hide();
        void this.#tell();
        break;
      case "unlocked":
        void this.look();
        break;
    }
  }

  /** Asks whether the session was opened in another tab meanwhile. */
  async look(): Promise<void> {
    if (!this.#locked || this.#untold) return;
    const outcome = await this.server.state();
    if (this.#locked && !this.#untold && outcome.state === "open") this.#open(outcome.user);
  }

  /** Tries to unlock; tells whether that worked. */
  async unlock(password: string): Promise<boolean> {
    if (!this.#locked) return true;
    this.page.say(undefined);
    if (this.#untold && !await this.#tell()) return this.#stay("offline");
    const outcome = await this.server.unlock(password);
    switch (outcome.state) {
      case "open":
        this.#open(outcome.user);
        this.tabs("unlocked");
        return true;
      case "locked": return this.#stay("failed");
      case "over": return this.#stay("over");
      case "unreachable": return this.#stay("offline");
    }
  }

  #stay(why: Saying): false {
    this.page.say(why);
    return false;
  }

  #hide(): void {
    if (this.#locked) return;
    this.#locked = true;
    this.page.hide();
  }

  /** Only for the person whose page it is: another may have signed in in this browser. */
  #open(user: string): void {
    if (user !== this.user) {
      this.page.restart();
      return;
    }
    this.#locked = false;
    this.clock.touch();
    this.page.show();
  }

  // Until the server knows, nothing that it says opens this page.
  #tell(): Promise<boolean> {
    if (this.#telling) return this.#telling;
    clearTimeout(this.#again);
    this.#untold = true;
    this.#telling = this.server.lock().then((reached) => {
      this.#telling = undefined;
      this.#untold = !reached;
      if (!reached) this.#again = setTimeout(() => void this.#tell(), tryAgain);
      return reached;
    });
    return this.#telling;
  }
}
