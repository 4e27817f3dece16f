// What else was possible for the two listings of a synergy: other partners, and what taking one would cost the plan.
import { useAsk } from "../../api.js";
import { html } from "../../html.js";
import { Busy, Chip, Fault, Provenance, Table } from "../../parts.js";
import { nameOf } from "../../shared.js";
import { km, money, sum, t, unitOf, word } from "../../words.js";

export function Others({ synergy }) {
  const { supply, demand } = synergy;
  if (!supply || !demand) return html`<p class="hint">${t("law.hidden")}</p>`;
  return html`<h3>${t("others.title")}</h3>
    <p class="hint">${t("others.regret.why")}</p>
    <${Partners} listing=${supply} other=${demand} caption=${t("others.supply", { name: nameOf(supply.resource) })} />
    <${Partners} listing=${demand} other=${supply} caption=${t("others.demand", { name: nameOf(demand.resource) })} />`;
}

function Partners({ listing, other, caption }) {
  const asked = useAsk("PartnersOf", { listingId: listing.id, first: 9 }, [listing.id]);
  if (asked.error) return html`<${Fault} error=${asked.error} again=${asked.again} />`;
  if (!asked.data) return html`<${Busy} />`;
  const rows = asked.data.partnersOf.filter((row) => row.listing.id !== other.id).map((row) => ({ ...row, id: row.listing.id }));
  const columns = [
    { key: "partner", label: t("others.partner"), sort: (row) => row.listing.site.name, show: (row) => html`${row.listing.site.name}, ${row.listing.site.commune.name}<br />
      <span class="hint">${nameOf(row.listing.resource)}, ${word("match", row.meeting.match)} · ${km(row.meeting.wayKm)}</span> <${Provenance} value=${row.listing.provenance} />` },
    { key: "alone", label: t("others.alone"), number: true, sort: (row) => row.meeting.greatest.valueEur, show: (row) => sum(row.meeting.greatest.valueEur) },
    { key: "regret", label: t("others.regret"), number: true, sort: (row) => row.regretPerUnitEur, show: regret },
  ];
  return html`<div class="others"><${Table} caption=${caption} columns=${columns} rows=${rows} empty=${t("others.none")} /></div>`;
}

function regret(row) {
  const { leftOut, unit } = row.meeting;
  if (leftOut.length > 0) return html`<${Chip}>${t("others.left_out")}<//>`;
  if (row.regretPerUnitEur === null) return html`<span class="hint">${t("others.regret.unknown")}</span>`;
  if (row.regretPerUnitEur === 0) return html`<span class="hint">${t("others.regret.none")}</span>`;
  return t("others.regret.unit", { eur: money(row.regretPerUnitEur, 2), unit: unitOf(unit) });
}
