// What was done with a synergy and what comes next: steps, history, documents, deliveries, consents.
import { ask } from "../../api.js";
import { html, useState } from "../../html.js";
import { Chip, Pager, Table, toast } from "../../parts.js";
import { date, number, quantity, t, word } from "../../words.js";

export function Follow({ synergy, acts }) {
  return html`<${Standing} synergy=${synergy} />
    <${Steps} synergy=${synergy} acts=${acts} />
    <${History} key=${synergy.version} synergy=${synergy} />
    <${Documents} synergy=${synergy} acts=${acts} />
    <${Deliveries} synergy=${synergy} acts=${acts} />
    ${synergy.consents.length > 0 && html`<${Consents} consents=${synergy.consents} />`}`;
}

function Standing({ synergy }) {
  const said = [
    synergy.assignee ? t("follow.assignee", { name: synergy.assignee.name }) : t("follow.nobody"),
    synergy.dueOn && t("follow.due", { date: date(synergy.dueOn) }),
    synergy.agreedQuantityPerYear !== null && t("follow.agreed", { quantity: quantity(synergy.agreedQuantityPerYear, synergy.unit) }),
    synergy.jobsFte !== null && t("follow.jobs", { jobs: number(synergy.jobsFte, 1) }),
    synergy.startedOn && t("follow.started", { date: date(synergy.startedOn) }),
    synergy.trialResult && word("trial", synergy.trialResult),
  ].filter(Boolean);
  return html`<h3>${t("follow.where")}</h3>
    <p><${Chip} kind="info">${word("status", synergy.status)}<//> ${said.join(" · ")}</p>
    ${synergy.note && html`<blockquote>${synergy.note}</blockquote>`}`;
}

function Steps({ synergy, acts }) {
  if (synergy.nextSteps.length === 0) return html`<p class="hint">${t("follow.end")}</p>`;
  return html`<h3>${t("follow.steps")}</h3>
    <ul class="steps">
      ${synergy.nextSteps.map((step) => html`<li key=${step.to}>
        <button type="button" disabled=${!step.allowedToYou} onClick=${() => acts.stepTo(step.to)}>→ ${word("status", step.to)}</button>
        ${" "}<span class="hint">${t("follow.who_may", { seats: step.whoMay.map((seat) => word("seat", seat)).join(", ") })}</span>
      </li>`)}
    </ul>`;
}

function History({ synergy }) {
  const [more, setMore] = useState([]);
  const [page, setPage] = useState(synergy.history.pageInfo);
  const [busy, setBusy] = useState(false);
  const entries = [...synergy.history.nodes, ...more];
  const read = async () => {
    setBusy(true);
    try {
      const { history } = (await ask("console_Review", { id: synergy.id, after: page.endCursor })).synergy;
      setMore((now) => [...now, ...history.nodes]);
      setPage(history.pageInfo);
    } catch (error) {
      toast(error.message, { kind: "fault" });
    }
    setBusy(false);
  };
  return html`<h3>${t("follow.history")}</h3>
    ${entries.length === 0 && html`<p class="hint">${t("follow.history.none")}</p>`}
    <ol class="history">
      ${entries.map((entry) => html`<li key=${entry.id}>
        <span class="hint"><time datetime=${entry.at}>${date(entry.at)}</time> · ${entry.actor}</span>
        <div>${told(entry)}</div>
        ${entry.note && html`<blockquote>${entry.note}</blockquote>`}
        ${entry.evidence.map((one) => html`<${Chip} key=${one.id}>${one.title}<//> `)}
      </li>`)}
    </ol>
    ${page?.hasNextPage && html`<${Pager} pageInfo=${page} shown=${entries.length} busy=${busy} more=${read} />`}`;
}

function told(entry) {
  if (entry.to) {
    const said = [entry.reason && word("reason", entry.reason), entry.trialResult && word("trial", entry.trialResult)].filter(Boolean);
    const step = `${word("status", entry.was)} → ${word("status", entry.to)}`;
    return `${entry.action === "UNDO_STEP" ? `${word("action", entry.action)}: ` : ""}${step}${said.length ? ` (${said.join(", ")})` : ""}`;
  }
  if (entry.action === "ASSIGN_SYNERGY") return entry.assignee ? t("follow.assignee", { name: entry.assignee }) : t("act.done.assign.nobody");
  return word("action", entry.action);
}

function Documents({ synergy, acts }) {
  const { nodes } = synergy.evidence;
  return html`<h3>${t("follow.evidence")}</h3>
    ${nodes.length === 0 && html`<p class="hint">${t("follow.evidence.none")}</p>`}
    <ul>
      ${nodes.map((one) => html`<li key=${one.id}><${Chip}>${word("document", one.kind)}<//>${" "}
        ${one.url ? html`<a href=${one.url} rel="noopener noreferrer" target="_blank">${one.title}</a>` : one.title}
        ${" "}<span class="hint">${one.datedOn && `${date(one.datedOn)} · `}${word("seat", one.attachedBy)}${one.sha256 && ` · SHA-256 ${one.sha256.slice(0, 12)}…`}</span></li>`)}
    </ul>
    <button type="button" onClick=${() => acts.begin("evidence")}>${t("act.evidence")}</button>`;
}

function Deliveries({ synergy, acts }) {
  const { nodes } = synergy.deliveries;
  const sum = synergy.delivered;
  const columns = [
    { key: "day", label: t("form.delivered"), show: (row) => date(row.deliveredOn) },
    { key: "quantity", label: t("detail.quantity"), number: true, show: (row) => quantity(row.quantity, row.unit) },
    { key: "by", label: t("filter.who"), show: (row) => html`${word("seat", row.recordedBy)}${row.replacedById && html` <${Chip} kind="warn">${t("follow.replaced")}<//>`}` },
  ];
  const caption = sum?.deliveryCount ? t("follow.delivered", { count: sum.deliveryCount, quantity: quantity(sum.quantity, sum.unit) }) : t("follow.deliveries");
  return html`<h3>${t("follow.deliveries")}</h3>
    ${nodes.length === 0 ? html`<p class="hint">${t("follow.deliveries.none")}</p>` : html`<${Table} caption=${caption} columns=${columns} rows=${nodes} />`}
    ${synergy.status === "OPERATING" && html`<button type="button" onClick=${() => acts.begin("delivery")}>${t("act.delivery")}</button>`}`;
}

function Consents({ consents }) {
  const side = (consent) => t(consent.side === "SUPPLY" ? "detail.supplier" : "detail.receiver");
  return html`<h3>${t("follow.consents")}</h3>
    <ul>${consents.map((consent) => html`<li key=${consent.side}>
      ${consent.live ? t("follow.consent.live", { side: side(consent), date: date(consent.liveUntil) }) : t("follow.consent.ended", { side: side(consent) })}
    </li>`)}</ul>`;
}
