// Why a synergy is proposed: what it is worth line by line, what it avoids, who gets what, and on which data it rests.
import { html } from "../../html.js";
import { Provenance, Table } from "../../parts.js";
import { link } from "../../route.js";
import { nameOf, sentence } from "../../shared.js";
import { carbon, km, money, number, quantity, sum, t, word } from "../../words.js";

export function Why({ synergy }) {
  const { suggestion } = synergy;
  return html`
    ${suggestion ? html`<${Figures} suggestion=${suggestion} />` : html`<${Without} synergy=${synergy} />`}
    ${suggestion &&
    html`<h3>${t("detail.fit")}</h3>
      <p>
        ${sentence(word("match", suggestion.match))}${suggestion.technique && html`. ${t("detail.technique")}: <span lang="en">${suggestion.technique}</span>`}.
        ${" "}${t("detail.place.why", { rank: suggestion.rank })} <a href=${link("run", suggestion.runId)}>${t("detail.run")}</a>
      </p>
      <${Split} suggestion=${suggestion} />
      <${Lines} caption=${t("detail.money")} lines=${suggestion.moneyLines.map(inEuro)} show=${(value) => money(value)}
        total=${{ amount: suggestion.valuePerYearEur, low: suggestion.valueLowPerYearEur, high: suggestion.valueHighPerYearEur }} />
      ${suggestion.unpriced.length > 0 &&
      html`<p class="hint">${t("detail.unpriced", { parts: suggestion.unpriced.map((part) => word("part", part)).join(", ") })}</p>`}
      <${Lines} caption=${t("detail.emissions")} lines=${suggestion.emissionLines.map(inTonnes)} show=${(value) => number(value, 1)}
        total=${{ amount: suggestion.avoidedTco2ePerYear, low: suggestion.avoidedLowTco2ePerYear, high: suggestion.avoidedHighTco2ePerYear }} />`}
    <${Sides} synergy=${synergy} />`;
}

function inEuro(line) {
  return { ...line, amount: line.amountEur, low: line.lowEur, high: line.highEur };
}

function inTonnes(line) {
  return { ...line, amount: line.amountTco2e, low: line.lowTco2e, high: line.highTco2e };
}

function Figures({ suggestion }) {
  const range = (low, high, show) => low !== null && high !== null && t("pair.range", { low: show(low), high: show(high) });
  const figures = [
    [t("detail.value"), sum(suggestion.valuePerYearEur), range(suggestion.valueLowPerYearEur, suggestion.valueHighPerYearEur, sum)],
    [t("detail.quantity"), quantity(suggestion.quantityPerYear, suggestion.unit), t("pair.a_year")],
    [t("detail.avoided"), carbon(suggestion.avoidedTco2ePerYear), range(suggestion.avoidedLowTco2ePerYear, suggestion.avoidedHighTco2ePerYear, number)],
    [t("detail.way"), km(suggestion.distanceKm), suggestion.vehicle && word("vehicle", suggestion.vehicle)],
  ];
  return html`<dl class="figures">
    ${figures.map(
      ([label, value, more]) => html`<div key=${label}><dt>${label}</dt><dd class="figure">${value}</dd>
        ${more && html`<dd class="hint">${more}</dd>`}</div>`,
    )}
  </dl>
  ${suggestion.valuePerYearEur === null && html`<p class="hint">${t("detail.hidden_number")}</p>`}`;
}

function Without({ synergy }) {
  if (!synergy.exchangeBand) return html`<p class="hint">${t(synergy.supply && synergy.demand ? "detail.no_suggestion" : "detail.no_exact")}</p>`;
  const { lowPerYear, highPerYear, unit } = synergy.exchangeBand;
  return html`<p class="figure">${t("queue.band", { low: quantity(lowPerYear, unit), high: quantity(highPerYear, unit) })}</p>
    <p class="hint">${t("detail.no_exact")}</p>`;
}

function Split({ suggestion }) {
  const { supplierSharePerYearEur: gives, receiverSharePerYearEur: takes } = suggestion;
  if (gives === null || takes === null) return null;
  const part = (share, name) => html`<div class=${`split-${name}`} style=${{ flexGrow: Math.max(0, share) }}>
    <span>${t(`detail.${name}`)}</span> <strong>${sum(share)}</strong>
  </div>`;
  return html`<h3>${t("detail.split")}</h3>
    <div class="split">${part(gives, "supplier")}${part(takes, "receiver")}</div>
    <p class="hint">${t("detail.split.why")}</p>`;
}

function Lines({ caption, lines, show, total }) {
  const ends = [...lines, total].flatMap((line) => [line.amount, line.low, line.high]).filter((value) => value !== null);
  const [from, to] = [Math.min(0, ...ends), Math.max(0, ...ends)];
  const ranged = (row) => (row.low === null ? "–" : t("pair.range", { low: show(row.low), high: show(row.high) }));
  const columns = [
    { key: "part", label: t("detail.line"), show: (row) => html`<${Part} row=${row} />` },
    { key: "amount", label: t("detail.amount"), number: true, show: (row) => (row.id === "total" ? html`<strong>${show(row.amount)}</strong>` : show(row.amount)) },
    { key: "range", label: t("detail.range"), show: (row) => html`<${Range} row=${row} from=${from} to=${to} /><span class="range-text">${ranged(row)}</span>` },
  ];
  const rows = [...lines.map((line) => ({ ...line, id: line.part })), { ...total, id: "total" }];
  return html`<div class="lines"><${Table} caption=${caption} columns=${columns} rows=${rows} /></div>`;
}

function Part({ row }) {
  if (row.id === "total") return html`<strong>${t("detail.total")}</strong>`;
  return html`${word("part", row.part)}<span class="references" title=${t("detail.factors")}>${row.references.join(" · ")}</span>`;
}

// The range as a bar on the scale of all lines of the table, with a stroke at the amount and one at nothing.
function Range({ row, from, to }) {
  if (row.low === null || row.amount === null || to <= from) return null;
  const at = (value) => ((value - from) / (to - from)) * 100;
  const width = Math.max(1, at(row.high) - at(row.low));
  return html`<svg class="range" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
    <line class="range-zero" x1=${at(0)} x2=${at(0)} y1="0" y2="10" />
    <rect class=${row.amount < 0 ? "range-cost" : "range-gain"} x=${at(row.low)} y="2" width=${width} height="6" />
    <line class="range-amount" x1=${at(row.amount)} x2=${at(row.amount)} y1="0" y2="10" />
  </svg>`;
}

function Sides({ synergy }) {
  const sides = [
    ["supplier", synergy.supply, synergy.supplyOutline, synergy.supplyProvenance],
    ["receiver", synergy.demand, synergy.demandOutline, synergy.demandProvenance],
  ];
  return html`<h3>${t("detail.sides")}</h3>
    <div class="grid">
      ${sides.map(([name, listing, outline, provenance]) => html`<article key=${name} class="side">
        <h4>${t(`detail.${name}`)} <${Provenance} value=${provenance} /></h4>
        ${listing ? html`<${Listed} listing=${listing} />` : html`<${Outlined} outline=${outline} />`}
      </article>`)}
    </div>`;
}

function Listed({ listing }) {
  const { site } = listing;
  return html`<p><strong>${site.name}</strong>, ${site.commune.name}${site.naf && ` · NAF ${site.naf}`}</p>
    <p>${nameOf(listing.resource)}${listing.wasteCode && ` · ${listing.wasteCode}`}
      ${listing.quantityPerYear !== null && html` · ${t("detail.free", { quantity: quantity(listing.quantityPerYear, listing.unit) })}`}
      ${listing.quantityLowPerYear !== null && listing.quantityHighPerYear !== null &&
      html` (${t("pair.range", { low: quantity(listing.quantityLowPerYear, listing.unit), high: quantity(listing.quantityHighPerYear, listing.unit) })})`}
    </p>
    <p class="hint">« ${listing.title} » · ${t("detail.visibility", { visibility: word("visibility", listing.visibility) })}</p>
    <details><summary>${t("detail.source")}</summary><p class="hint" lang="en">${listing.source}</p><p class="hint">${site.source} · ${site.licence}</p></details>`;
}

function Outlined({ outline }) {
  if (!outline) return html`<p>${t("side.hidden")}</p>`;
  const band = t("queue.band", { low: quantity(outline.quantityLowPerYear, outline.unit), high: quantity(outline.quantityHighPerYear, outline.unit) });
  return html`<p><strong>${t("side.anonymised")}</strong>, ${outline.areaName}</p>
    <p>${nameOf(outline.resource) || outline.wasteCode || t(`kind.${outline.kind}`)} · ${band}</p>`;
}
