// The list of the queue: a synergy a line, what of whom for whom, worth, quantity and way.
import { html, useEffect, useRef } from "../../html.js";
import { Busy, Chip, Fault, Pager } from "../../parts.js";
import { link } from "../../route.js";
import { sideOf } from "../../shared.js";
import { carbon, date, km, quantity, sum, t, word } from "../../words.js";

export const STATUS_KIND = {
  SUGGESTED: "plain", ON_HOLD: "warn", REJECTED: "bad", LOST: "bad", OPERATING: "good", COMPLETED: "good", AGREED: "good",
};

export function List({ list, id, query }) {
  return html`<section class="queue-list card" aria-label=${t("queue.list")}>
    <${Fault} error=${list.error} again=${list.again} />
    <ol>
      ${list.rows.map((row) => html`<${Line} key=${row.id} row=${row} current=${row.id === id} query=${query} />`)}
    </ol>
    ${list.busy && list.rows.length === 0 && html`<${Busy} />`}
    ${!list.busy && !list.error && list.rows.length === 0 && html`<p class="hint">${t("queue.none")}</p>`}
    ${list.rows.length > 0 && html`<${Pager} pageInfo=${list.pageInfo} shown=${list.rows.length} busy=${list.busy} more=${list.more} />`}
  </section>`;
}

function Line({ row, current, query }) {
  const place = useRef(null);
  useEffect(() => {
    if (current) place.current?.scrollIntoView({ block: "nearest" });
  }, [current]);
  const gives = sideOf(row.supply, row.supplyOutline);
  const takes = sideOf(row.demand, row.demandOutline);
  const { suggestion } = row;
  return html`<li ref=${place}>
    <a href=${link("queue", row.id, query)} class="line" aria-current=${current ? "true" : undefined}>
      <span class="line-rank" title=${suggestion ? t("queue.rank", { rank: suggestion.rank }) : t("queue.unranked")}>${suggestion?.rank ?? "·"}</span>
      <span class="line-what">${gives.what || takes.what}${takes.what && takes.what !== gives.what ? ` → ${takes.what}` : ""}</span>
      <span class="line-who">${named(gives)} → ${named(takes)}</span>
      <span class="line-facts">${facts(row)}</span>
      <span class="line-chips">
        ${row.status !== "SUGGESTED" && html`<${Chip} kind=${STATUS_KIND[row.status] ?? "info"}>${word("status", row.status)}<//>`}
        ${row.estimated && html`<span class="chip provenance-estimated">${t("queue.estimated")}</span>`}
        ${row.assignee && html`<${Chip}>${row.assignee.name}<//>`}
        ${row.dueOn && html`<${Chip} kind="warn">${t("queue.due", { date: date(row.dueOn) })}<//>`}
      </span>
    </a>
  </li>`;
}

function named(side) {
  return side.where ? `${side.who} (${side.where})` : side.who;
}

function facts({ suggestion, exchangeBand }) {
  if (suggestion) {
    const said = [
      suggestion.valuePerYearEur !== null && html`<strong>${sum(suggestion.valuePerYearEur)}</strong>`,
      quantity(suggestion.quantityPerYear, suggestion.unit),
      km(suggestion.distanceKm),
      carbon(suggestion.avoidedTco2ePerYear),
    ].filter(Boolean);
    return said.map((one, at) => html`<span key=${at}>${one}${" "}</span>`);
  }
  if (exchangeBand) {
    const { lowPerYear, highPerYear, unit } = exchangeBand;
    return t("queue.band", { low: quantity(lowPerYear, unit), high: quantity(highPerYear, unit) });
  }
  return t("queue.unranked");
}
