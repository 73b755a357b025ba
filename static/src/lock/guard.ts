// Locks a page that was left alone, and opens it again for who may. It knows
// when; how a page is hidden, and how the server and the other tabs are reached,
// it is given.
import { IdleClock } from "./idle.ts";

/** What came of asking the server, and whose session it is there. */
export interface Outcome { state: "open" | "locked" | "over" | "unreachable"; user: string }
export type Saying = "failed" | "offline" | "over";
/** What tabs tell each other; never anything of a case. */
export type Word = "active" | "locked" | "unlocked";
/** With the word, the user whose page says it. */
export interface Told { word: Word; user: string }

export interface Page {
  hide(): void;
  show(): void;
  /** Says on the lock why it stays; undefined: nothing. */
  say(what: Saying | undefined): void;
  /** Starts the page anew, and leaves behind what it had in memory. */
  restart(): void;
}

/** What opens it again: a password, or what a passkey answered. */
export type Proof = string | { question: string; answer: string };

interface Server {
  /** False: it was not reached. */
  lock(): Promise<boolean>;
  unlock(proof: Proof): Promise<Outcome>;
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
  readonly #hands: IdleClock; // what is looked at from afar stays lit without them

  constructor(readonly user: string, readonly clock: IdleClock, readonly page: Page, readonly server: Server, readonly tabs: (told: Told) => void) {
    this.#hands = new IdleClock(clock.limit, clock.mono, clock.wall);
  }

  get locked(): boolean { return this.#locked }

  /** A key, a pointer or a touch; false when it came too late: then it does nothing. */
  touched(): boolean {
    if (this.#locked) return true; // on the lock itself
    this.left();
    if (this.#locked) return false;
    this.#alive();
    if (this.clock.mono() - this.#toldActive >= activeEvery) {
      this.#toldActive = this.clock.mono();
      this.#say("active");
    }
    this.#used();
    return true;
  }

  /** A move or a turn of the wheel: does nothing by itself. It locks not what is looked at from afar, and is no hand on it either. */
  moved(): boolean {
    const fromAfar = !this.clock.due() && this.#hands.due();
    return fromAfar || this.touched();
  }

  /** The page is being left, or used: that comes too late where nobody was but who looks from afar. */
  left(): void {
    if (!this.check() && this.#hands.due()) void this.lock();
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
    void this.look();
  }

  /** Locks when it is time; tells whether the page is locked. */
  check(): boolean {
    if (!this.#locked && this.clock.due()) void this.lock();
    return this.#locked;
  }

  /** Hides everything at once, then tells the other tabs and the server; false when that was not reached yet. */
  lock(): Promise<boolean> {
    this.#hide();
    this.#say("locked");
    return this.#tell();
  }

  /** The server said that the session is locked. */
  told(): void { this.#hide() }

  heard({ word, user }: Told): void {
    if (user !== this.user) {
      void this.look(); // somebody else is in this browser: is this page still anybody's?
      return;
    }
    switch (word) {
      case "active":
        if (!this.check()) this.#alive();
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

  /**
   * Asks whose session it is now. It may have been opened in another tab, or
   * locked; and a page of who has gone is for nobody who comes after. True: it is
   * open, and of the person whose page this is.
   */
  async look(): Promise<boolean> {
    if (this.#untold) return false;
    const locked = this.#locked;
    const outcome = await this.server.state();
    if (this.#untold || locked !== this.#locked) return false; // said of a time before
    switch (outcome.state) {
      case "open": return this.#open(outcome.user);
      case "locked": this.#hide(); return false;
      case "over":
        this.#hide();
        return this.#stay("over");
      case "unreachable": return false;
    }
  }

  /** Tries to unlock; tells whether that worked. */
  async unlock(proof: Proof): Promise<boolean> {
    if (!this.#locked) return true;
    this.page.say(undefined);
    if (this.#untold && !await this.#tell()) return this.#stay("offline");
    const outcome = await this.server.unlock(proof);
    switch (outcome.state) {
      case "open":
        if (this.#open(outcome.user)) this.#say("unlocked");
        return true;
      case "locked": return this.#stay("failed");
      case "over": return this.#stay("over");
      case "unreachable": return this.#stay("offline");
    }
  }

  #say(word: Word): void { this.tabs({ word, user: this.user }) }

  #alive(): void {
    this.clock.touch();
    this.#hands.touch();
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
  #open(user: string): boolean {
    if (user !== this.user) {
      this.#hide();
      this.page.restart();
      return false;
    }
    if (!this.#locked) return true;
    this.#locked = false;
    this.#alive();
    this.page.show();
    return true;
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
