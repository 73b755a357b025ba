/** Whether what had focus is gone, so that somebody has to give it a place. */
export function focusIsLost(): boolean {
  const { activeElement } = document;
  return activeElement === null || activeElement === document.body || activeElement.localName === "dialog";
}
