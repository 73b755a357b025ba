import { Annotation } from "@codemirror/state";

/** Marks what came from the server: nobody typed it here. */
export const remote = Annotation.define<boolean>();
