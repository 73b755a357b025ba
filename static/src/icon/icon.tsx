import type { IconNode } from "lucide";
import { Circle, Diamond, LockKeyhole, NotebookPen, PenLine, Shield, Square, Triangle, UserCheck, Users } from "lucide";
import { h } from "preact";
import type { Class, View } from "../protocol.ts";
import "./icon.css";

/** A lucide icon; it always stands beside words and says nothing itself. */
export function Icon({ of, filled = false }: { of: IconNode; filled?: boolean }) {
  return (
    <svg class={filled ? "icon filled" : "icon"} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      {of.map(([tag, attributes]) => h(tag, attributes as Record<string, string>))}
    </svg>
  );
}

const ofView: Record<View, IconNode> = { child: Diamond, parent: Circle, partner: Triangle, network: Square, professional: PenLine };
const ofClass: Record<Class, IconNode> = { shared: Users, confidential: LockKeyhole, safety: Shield, named: UserCheck, private: NotebookPen };

export function ViewIcon({ view }: { view: View }) { return <Icon of={ofView[view]} filled={view !== "professional"} /> }
export function ClassIcon({ of }: { of: Class }) { return <Icon of={ofClass[of]} /> }
