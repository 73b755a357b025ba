// A moment as people say it: "vandaag 14:05", "dinsdag 14:05", "3 nov 14:05".
const day = 24 * 60 * 60 * 1000;

/** The words for a moment, seen from now, in this machine's own time. */
export function when(at: Date, now: Date, language: string): string {
  const time = new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit" }).format(at);
  return `${dayOf(at, now, language)} ${time}`;
}

function dayOf(at: Date, now: Date, language: string): string {
  const midnight = (moment: Date) => new Date(moment.getFullYear(), moment.getMonth(), moment.getDate()).getTime();
  const ago = Math.round((midnight(now) - midnight(at)) / day);
  if (ago === 0 || ago === 1) return new Intl.RelativeTimeFormat(language, { numeric: "auto" }).format(-ago, "day");
  if (ago > 1 && ago < 7) return new Intl.DateTimeFormat(language, { weekday: "long" }).format(at);
  const year = at.getFullYear() === now.getFullYear() ? {} : { year: "numeric" as const };
  return new Intl.DateTimeFormat(language, { day: "numeric", month: "short", ...year }).format(at);
}
