// What was done, said at the foot of the page, with a way back where there is one.
import { html, useEffect, useState } from "./html.js";
import { t } from "./words.js";

const SHOWN_MS = 8000;
let tell = () => {};
let next = 1;

// undo: a function, or nothing. kind: "done" or "fault".
export function toast(text, { undo = null, kind = "done" } = {}) {
  tell({ id: next++, text, undo, kind });
}

export function Toasts() {
  const [toasts, setToasts] = useState([]);
  useEffect(() => {
    tell = (one) => {
      setToasts((now) => [...now.slice(-3), one]);
      setTimeout(() => setToasts((now) => now.filter((other) => other.id !== one.id)), SHOWN_MS);
    };
    return () => (tell = () => {});
  }, []);
  const undone = (one) => {
    setToasts((now) => now.filter((other) => other.id !== one.id));
    one.undo();
  };
  return html`<div class="toasts" role="status" aria-live="polite">
    ${toasts.map(
      (one) => html`<div key=${one.id} class=${`toast toast-${one.kind}`}>
        <span>${one.text}</span>
        ${one.undo && html`<button type="button" onClick=${() => undone(one)}>${t("shell.undo")}</button>`}
      </div>`,
    )}
  </div>`;
}
