// The parts that views are made of.
import { html, useEffect, useMemo, useRef, useState } from "./html.js";
import { t, word } from "./words.js";
export { Dialog } from "./dialog.js";
export { toast, Toasts } from "./toasts.js";

export function Busy({ text }) {
  return html`<p class="busy" role="status"><span class="spinner" aria-hidden="true"></span>${text ?? t("shell.busy")}</p>`;
}

// An error as its sentence, with a way to try again.
export function Fault({ error, again }) {
  if (!error) return null;
  return html`<div class="fault" role="alert">
    <p>${error.message}</p>
    ${again && html`<button type="button" onClick=${again}>${t("shell.again")}</button>`}
  </div>`;
}

export function Chip({ kind = "plain", title, children }) {
  return html`<span class=${`chip chip-${kind}`} title=${title}>${children}</span>`;
}

// Where a figure comes from; estimated ones cannot be overlooked.
export function Provenance({ value }) {
  if (!value) return null;
  return html`<span class=${`chip provenance-${value.toLowerCase()}`} title=${t(`provenance.${value}.why`)}>
    ${word("provenance", value)}
  </span>`;
}

// A labelled input; the child is the input element and gets its id from here.
export function Field({ id, label, hint, error, children }) {
  return html`<div class="field">
    <label for=${id}>${label}</label>
    ${children}
    ${hint && html`<p class="hint" id=${`${id}-hint`}>${hint}</p>`}
    ${error && html`<p class="error" role="alert">${error}</p>`}
  </div>`;
}

// options: [[value, label], …]
export function Select({ id, value, options, onPick, ...more }) {
  return html`<select id=${id} value=${value ?? ""} onChange=${(event) => onPick(event.target.value)} ...${more}>
    ${options.map(([key, label]) => html`<option key=${key} value=${key} selected=${key === (value ?? "")}>${label}</option>`)}
  </select>`;
}

export function Toggle({ pressed, onPress, children, ...more }) {
  return html`<button type="button" class="toggle" aria-pressed=${pressed ? "true" : "false"} onClick=${() => onPress(!pressed)} ...${more}>
    ${children}
  </button>`;
}

// tabs: [{id, label}]; arrow keys move, as in every tab list.
export function Tabs({ tabs, current, onPick, label }) {
  const list = useRef(null);
  const moved = (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const at = tabs.findIndex((tab) => tab.id === current);
    const next = (at + step + tabs.length) % tabs.length;
    onPick(tabs[next].id);
    list.current?.children[next]?.focus();
  };
  return html`<div class="tabs" role="tablist" aria-label=${label} ref=${list} onKeyDown=${moved}>
    ${tabs.map(
      (tab) => html`<button
        key=${tab.id}
        type="button"
        role="tab"
        aria-selected=${tab.id === current ? "true" : "false"}
        tabindex=${tab.id === current ? 0 : -1}
        onClick=${() => onPick(tab.id)}
      >
        ${tab.label}
      </button>`,
    )}
  </div>`;
}

// columns: [{key, label, number, show(row), sort(row)}]; rows have an `id`. `onPick(row)` makes rows openable by key too.
export function Table({ columns, rows, caption, onPick, current, hideCaption = false, empty }) {
  const [order, setOrder] = useState(null);
  const sorted = useMemo(() => inOrder(rows, columns, order), [rows, columns, order]);
  const turn = (key) => setOrder((now) => ({ key, down: now?.key === key ? !now.down : true }));
  return html`<div class="table-frame" tabindex="0" role="region" aria-label=${caption}>
    <table class="table">
      <caption class=${hideCaption ? "unseen" : ""}>${caption}</caption>
      <thead>
        <tr>
          ${columns.map((column) => html`<${Heading} key=${column.key} column=${column} order=${order} turn=${turn} />`)}
        </tr>
      </thead>
      <tbody>
        ${sorted.length === 0 && html`<tr><td colspan=${columns.length} class="hint">${empty ?? t("shell.nothing")}</td></tr>`}
        ${sorted.map((row) => html`<${Row} key=${row.id} row=${row} columns=${columns} onPick=${onPick} current=${current} />`)}
      </tbody>
    </table>
  </div>`;
}

function Heading({ column, order, turn }) {
  const sorted = order?.key === column.key ? (order.down ? "descending" : "ascending") : undefined;
  const sign = sorted === undefined ? "" : order.down ? " ↓" : " ↑";
  return html`<th scope="col" class=${column.number ? "number" : ""} aria-sort=${sorted}>
    ${column.sort ? html`<button type="button" class="plain" onClick=${() => turn(column.key)}>${column.label}${sign}</button>` : column.label}
  </th>`;
}

function Row({ row, columns, onPick, current }) {
  const open = onPick && (() => onPick(row));
  const keyed = (event) => {
    if (event.key === "Enter" && event.target === event.currentTarget) open();
  };
  return html`<tr
    class=${`${open ? "openable" : ""} ${current === row.id ? "current" : ""}`}
    tabindex=${open ? 0 : undefined}
    aria-current=${current === row.id ? "true" : undefined}
    onClick=${open}
    onKeyDown=${open && keyed}
  >
    ${columns.map(
      (column) => html`<td key=${column.key} class=${column.number ? "number" : ""} data-label=${column.label}>
        ${column.show ? column.show(row) : row[column.key]}
      </td>`,
    )}
  </tr>`;
}

function inOrder(rows, columns, order) {
  const column = order && columns.find((one) => one.key === order.key);
  if (!column) return rows;
  const compared = (a, b) => {
    const [left, right] = [column.sort(a), column.sort(b)];
    if (left === right) return 0;
    if (left === null || left === undefined) return 1;
    if (right === null || right === undefined) return -1;
    const size = typeof left === "string" ? left.localeCompare(right) : left - right;
    return order.down ? -size : size;
  };
  return [...rows].sort(compared);
}

// More of a list that comes in pages.
export function Pager({ pageInfo, shown, total, busy, more }) {
  if (!pageInfo?.hasNextPage && total === undefined) return null;
  return html`<div class="pager">
    <span class="hint">${t(total === undefined ? "shell.shown" : "shell.shown_of", { count: shown, total })}</span>
    ${pageInfo?.hasNextPage && html`<button type="button" disabled=${busy} onClick=${more}>${t("shell.more")}</button>`}
  </div>`;
}

// Calls `acts[key]` for keys pressed outside of inputs and dialogs.
export function useKeys(acts, deps) {
  useEffect(() => {
    const pressed = (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select, dialog")) return;
      const act = acts[event.key];
      if (!act) return;
      event.preventDefault();
      act();
    };
    window.addEventListener("keydown", pressed);
    return () => window.removeEventListener("keydown", pressed);
  }, deps);
}
