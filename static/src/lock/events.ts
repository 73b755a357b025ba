// What the lock of a page and the page itself tell each other, as events on the
// document: the lock is a script of its own, on every page of who is signed in.

/** From the lock: everything is off the screen, and has to stay off it. */
export const hidden = "casustafel:hidden";
/** From the lock: the server says that it is still the person of this page who is signed in. */
export const mine = "casustafel:mine";
/** To the lock: who is signed in now? */
export const whose = "casustafel:whose";
/** From the lock: the page is on the screen again. */
export const shown = "casustafel:shown";
/** To the lock: what is on the page is being looked at, though nobody touches it. */
export const inUse = "casustafel:in-use";
/** To the lock: the server says that the session is locked. */
export const told = "casustafel:told";
