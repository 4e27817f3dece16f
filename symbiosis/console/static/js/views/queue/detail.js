// One synergy with its arguments: why, what else, law and quality, and what was done with it.
import { html } from "../../html.js";
import { Busy, Chip, Fault, Tabs } from "../../parts.js";
import { may } from "../../session.js";
import { sideOf } from "../../shared.js";
import { date, t, word } from "../../words.js";
import { ACTS } from "./acts.js";
import { Follow } from "./follow.js";
import { Law } from "./law.js";
import { STATUS_KIND } from "./list.js";
import { Others } from "./others.js";
import { Problem } from "./problem.js";
import { Why } from "./why.js";

export const TABS = ["why", "others", "law", "follow"];
const SHOWN = { why: Why, others: Others, law: Law, follow: Follow };

export function Detail({ id, detail, acts, tab, pickTab }) {
  if (!id) return html`<section class="queue-detail card"><p class="hint">${t("queue.pick")}</p></section>`;
  const { synergy } = detail;
  if (!synergy) {
    return html`<section class="queue-detail card" aria-busy="true">
      <${Fault} error=${detail.error} again=${detail.again} />
      ${detail.gone ? html`<p class="hint">${t("queue.gone")}</p>` : !detail.error && html`<${Busy} />`}
    </section>`;
  }
  const Part = SHOWN[tab];
  return html`<section class="queue-detail card" aria-labelledby="detail-title">
    <${Head} synergy=${synergy} />
    <${Actions} synergy=${synergy} acts=${acts} />
    ${!acts.form && html`<${Problem} problem=${acts.problem} again=${acts.loadAnew} />`}
    <${Tabs} label=${t("queue.title")} current=${tab} onPick=${pickTab} tabs=${TABS.map((one) => ({ id: one, label: t(`tab.${one}`) }))} />
    <div role="tabpanel" aria-label=${t(`tab.${tab}`)}><${Part} key=${synergy.id} synergy=${synergy} acts=${acts} detail=${detail} /></div>
  </section>`;
}

function Head({ synergy }) {
  const gives = sideOf(synergy.supply, synergy.supplyOutline);
  const takes = sideOf(synergy.demand, synergy.demandOutline);
  return html`<header class="detail-head">
    <h2 id="detail-title" tabindex="-1">${gives.what || takes.what}${takes.what && takes.what !== gives.what ? ` → ${takes.what}` : ""}</h2>
    <p class="detail-who">
      <strong>${gives.who}</strong>${gives.where && ` (${gives.where})`} → <strong>${takes.who}</strong>${takes.where && ` (${takes.where})`}
    </p>
    <p class="chips">
      <${Chip} kind=${STATUS_KIND[synergy.status] ?? "info"}>${word("status", synergy.status)}<//>
      ${synergy.reason && html`<${Chip}>${word("reason", synergy.reason)}<//>`}
      <${Chip}>${synergy.suggestion ? t("queue.rank", { rank: synergy.suggestion.rank }) : t("queue.unranked")}<//>
      ${synergy.estimated && html`<span class="chip provenance-estimated" title=${t("provenance.ESTIMATED.why")}>${t("queue.estimated")}</span>`}
      ${synergy.assignee && html`<${Chip}>${synergy.assignee.name}<//>`}
      ${synergy.dueOn && html`<${Chip} kind="warn">${t("queue.due", { date: date(synergy.dueOn) })}<//>`}
    </p>
  </header>`;
}

function Actions({ synergy, acts }) {
  const allowed = synergy.nextSteps.filter((step) => step.allowedToYou).map((step) => step.to);
  const keyed = new Set(ACTS.map((act) => act.to));
  const others = allowed.filter((to) => !keyed.has(to));
  const shown = ACTS.filter((act) => (act.to ? allowed.includes(act.to) : act.name !== "assign" || may("FACILITATOR")));
  const kind = { shortlist: "first", reject: "bad" };
  return html`<div class="actions" role="toolbar" aria-label=${t("act.next")}>
    ${shown.map(
      (act) => html`<button key=${act.name} type="button" class=${kind[act.name]} aria-keyshortcuts=${act.key} onClick=${() => acts.begin(act.name)}>
        ${t(`act.${act.name}`)} <kbd aria-hidden="true">${act.key}</kbd>
      </button>`,
    )}
    ${others.map((to) => html`<button key=${to} type="button" onClick=${() => acts.stepTo(to)}>→ ${word("status", to)}</button>`)}
    ${acts.canUndo && html`<button type="button" aria-keyshortcuts="u" onClick=${acts.undo}>${t("act.undo")} <kbd aria-hidden="true">u</kbd></button>`}
  </div>`;
}
