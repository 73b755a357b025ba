// Form fields whose names are those of the protocol. Nothing typed here is
// offered to a translator, spell checker or the browser's memory.
import type { Signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";
import { t } from "../words/words.ts";

const quiet = { spellcheck: false, translate: false, autocomplete: "off" } as const;

interface TextProps {
  name: string; label: string; value: Signal<string>; hint?: string | undefined; required?: boolean;
  max?: number; type?: "text" | "date"; autofocus?: boolean;
}

export function TextField({ name, label, value, hint, required = false, max, type = "text", autofocus = false }: TextProps) {
  const id = useId();
  const props = {
    ...quiet, id, name, value: value.value, required, autofocus,
    ...(max !== undefined && { maxLength: max }), ...(hint && { "aria-describedby": `${id}-hint` }),
    onInput: (event: { currentTarget: HTMLInputElement }) => { value.value = event.currentTarget.value; },
  };
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {hint && <small id={`${id}-hint`}>{hint}</small>}
      {type === "date" ? <input {...props} type="date" /> : <input {...props} type="text" />}
    </div>
  );
}

export function TextArea({ name, label, value, hint, autofocus = false }: Omit<TextProps, "type" | "max" | "required">) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {hint && <small id={`${id}-hint`}>{hint}</small>}
      <textarea {...quiet} id={id} name={name} rows={5} maxLength={16384} value={value.value} autofocus={autofocus}
        {...(hint && { "aria-describedby": `${id}-hint` })} onInput={(event) => { value.value = event.currentTarget.value; }} />
    </div>
  );
}

export interface Choice<V extends string> { value: V; label: string }

interface SelectProps<V extends string> {
  name: string; label: string; value: V; choices: Choice<V>[]; onChange: (value: V) => void; hint?: string | undefined; content?: boolean;
}

/** content: the labels are words of the case, not of the program. */
export function Select<V extends string>({ name, label, value, choices, onChange, hint, content = false }: SelectProps<V>) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select id={id} name={name} value={value} translate={!content} autocomplete="off" {...(hint && { "aria-describedby": `${id}-hint` })}
        onChange={(event) => onChange(event.currentTarget.value as V)}>
        {choices.map((choice) => <option key={choice.value} value={choice.value} selected={choice.value === value}>{choice.label}</option>)}
      </select>
      {hint && <small id={`${id}-hint`}>{hint}</small>}
    </div>
  );
}

interface ChecksProps { name: string; legend: string; value: Signal<string[]>; choices: Choice<string>[] }

export function Checks({ name, legend, value, choices }: ChecksProps) {
  const toggle = (one: string) => { value.value = value.value.includes(one) ? value.value.filter((v) => v !== one) : [...value.value, one]; };
  return (
    <fieldset class="field checks">
      <legend>{legend}</legend>
      {choices.map((choice) => (
        <label key={choice.value} translate={false}>
          <input type="checkbox" name={name} value={choice.value} checked={value.value.includes(choice.value)} onChange={() => toggle(choice.value)} />
          {choice.label}
        </label>
      ))}
    </fieldset>
  );
}

interface RadiosProps<V extends string> {
  name: string; legend: string; value: V; choices: Choice<V>[]; onChange: (value: V) => void; hint?: string;
}

/** One of a few answers; the hint is about the one that is chosen. */
export function Radios<V extends string>({ name, legend, value, choices, onChange, hint }: RadiosProps<V>) {
  const id = useId();
  return (
    <fieldset class="field checks" {...(hint && { "aria-describedby": `${id}-hint` })}>
      <legend translate={false}>{legend}</legend>
      {choices.map((choice) => (
        <label key={choice.value}>
          <input type="radio" name={name} value={choice.value} checked={choice.value === value} onChange={() => onChange(choice.value)} />
          {choice.label}
        </label>
      ))}
      {hint && <small id={`${id}-hint`}>{hint}</small>}
    </fieldset>
  );
}

/** A text of the case as it was typed, with a way to copy it. */
export function CopyableText({ label, text, children }: { label: string; text: string; children?: ComponentChildren }) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <textarea {...quiet} id={id} readOnly rows={Math.min(8, text.split("\n").length + 1)} value={text} />
      <div class="row">
        <button type="button" class="btn" data-act="copy" onClick={() => void navigator.clipboard.writeText(text)}>{t("act.copy")}</button>
        {children}
      </div>
    </div>
  );
}
