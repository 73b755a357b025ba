// Follows the access log over a stream, and knows whether that is there: a browser that
// lost its connection says so to nobody, and one that was turned away stays still.
import type { News } from "./news.ts";

/** Where new lines come from; an EventSource. */
export interface Stream {
  readonly readyState: number;
  addEventListener(name: string, hear: (event: MessageEvent<string>) => void): void;
  close(): void;
}

/** on: new lines come. lost: they will again, none is missed. over: they come no more. */
export type Following = "on" | "lost" | "over";

const closed = 2; // EventSource.CLOSED
const silence = 15_000; // milliseconds; the server says every two seconds that it is there

export class Follow {
  #stream: Stream | undefined;
  #quiet: ReturnType<typeof setTimeout> | undefined;

  /** `open` begins to follow from a place on; `said` is told how it stands, and `heard` that lines came. */
  constructor(
    private readonly news: News, private readonly open: (place: string) => Stream,
    private readonly said: (how: Following) => void, private readonly heard: () => void,
  ) {}

  get active(): boolean { return this.#stream !== undefined }

  start(): void {
    const stream = this.open(this.news.place);
    this.#stream = stream;
    this.#watch();
    const hear = (name: string, then: (event: MessageEvent<string>) => void) =>
      stream.addEventListener(name, (event) => { if (this.#stream === stream) then(event); });
    hear("open", () => this.#there());
    hear("beat", () => this.#watch());
    hear("lines", (event) => {
      this.#watch();
      this.news.hear(event.data, event.lastEventId);
      this.heard();
    });
    hear("ended", () => this.#over());
    hear("error", () => { if (stream.readyState === closed) this.#over(); else this.said("lost"); });
  }

  /** Ends it without a word. */
  stop(): void {
    clearTimeout(this.#quiet);
    this.#stream?.close();
    this.#stream = undefined;
  }

  #there(): void {
    this.#watch();
    this.said("on");
  }

  #over(): void {
    this.stop();
    this.said("over");
  }

  // A connection that is dead without saying so is given up for another.
  #watch(): void {
    clearTimeout(this.#quiet);
    this.#quiet = setTimeout(() => {
      this.stop();
      this.said("lost");
      this.start();
    }, silence);
  }
}
