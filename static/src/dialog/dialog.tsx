// A native modal dialog. Hooks for browser tests: the open dialog is
// dialog[open], its submit button [data-act=confirm], its close button
// [data-act=close]; other acts have buttons of their own by name.
import { X } from "lucide";
import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { Icon } from "../icon/icon.tsx";
import type { Deed } from "../state/deed.ts";
import { useTable } from "../state/table.ts";
import { Refusal } from "../refusal/refusal.tsx";
import { t } from "../words/words.ts";
import "./dialog.css";

/**
 * returnTo: where focus goes when what opened the dialog is no longer there.
 * panel: it stands beside the board, which stays in sight.
 */
export function Dialog({ title, returnTo, panel = false, children }: { title: string; returnTo: string; panel?: boolean; children: ComponentChildren }) {
  const table = useTable();
  const self = useRef<HTMLDialogElement>(null);
  const heading = useId();
  const close = () => table.show(undefined);
  useEffect(() => {
    const dialog = self.current;
    const opener = document.activeElement;
    dialog?.showModal();
    // Some browsers close it on Escape without asking first.
    dialog?.addEventListener("close", close);
    return () => {
      dialog?.removeEventListener("close", close);
      dialog?.close();
      const back = opener instanceof HTMLElement && opener.isConnected && opener !== document.body ? opener : document.querySelector<HTMLElement>(returnTo);
      (back ?? document.querySelector<HTMLElement>("h1"))?.focus();
    };
  }, []);
  return (
    <dialog ref={self} class={panel ? "panel" : undefined} aria-labelledby={heading} onCancel={(event) => { event.preventDefault(); close(); }}>
      <header>
        <h2 id={heading} tabIndex={-1} translate={false}>{title}</h2>
        <button type="button" class="btn plain" data-act="close" onClick={close} aria-label={t("act.close")}><Icon of={X} /></button>
      </header>
      <div class="body">{children}</div>
    </dialog>
  );
}

interface FormProps {
  deed: Deed;
  onSubmit: () => void;
  confirm: string;
  /** Only the main form of a dialog is primary; danger is asked twice. */
  tone?: "primary" | "plain" | "danger";
  /** What is ticked before something dangerous is done. */
  sure?: string;
  ready?: boolean;
  onDiscard?: (() => void) | undefined;
  onBack?: (() => void) | undefined;
  children?: ComponentChildren;
}

/**
 * A form in a dialog: fields, the refusal if any, and what can be done with it.
 * The key makes another button of it when it comes to mean something else, so
 * that a press begun on the one never ends on the other.
 */
export function DialogForm({ deed, onSubmit, confirm, tone = "primary", sure = t("dialog.sure"), ready = true, onDiscard, onBack, children }: FormProps) {
  const table = useTable();
  return (
    <form class="stack" autocomplete="off" onSubmit={(event) => { event.preventDefault(); if (!deed.busy.value) onSubmit(); }}>
      {children}
      <Refusal error={deed.error.value} />
      {deed.busy.value && table.connection.value === "offline" && <p class="notice" role="status">{t("connection.unsent")}</p>}
      {tone === "danger" && <Sure words={sure} />}
      <div class="row actions">
        <button key={confirm} type="submit" class={tone === "plain" ? "btn" : `btn ${tone}`} data-act="confirm" disabled={!ready} aria-disabled={deed.busy.value}>
          {deed.busy.value ? t("act.sending") : confirm}
        </button>
        {onBack && <button type="button" class="btn" data-act="back" onClick={onBack}>{t("act.back")}</button>}
        {onDiscard && <button type="button" class="btn" data-act="discard" onClick={onDiscard}>{t("act.discard")}</button>}
      </div>
    </form>
  );
}

/** What cannot be undone asks for one press more, as a field that must be ticked. */
function Sure({ words }: { words: string }) {
  return <label class="sure" translate={false}><input type="checkbox" name="sure" required /> {words}</label>;
}
