// What a text can be helped with, in the order of the toolbar.

export const marks = ["bold", "italic", "heading", "list", "task", "quote"] as const;
export const references = ["card", "mention"] as const;
/** The blocks that set facts, interpretations and own words apart, as they are typed. */
export const blocks = ["feit", "interpretatie", "woorden"] as const;

export type Tool = (typeof marks)[number] | (typeof references)[number] | (typeof blocks)[number];
