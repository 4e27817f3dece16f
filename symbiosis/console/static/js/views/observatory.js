// The observatory: what everybody may see, under statistical secrecy, without signing in.
import { useAsk } from "../api.js";
import { groupName } from "../groups.js";
import { html } from "../html.js";
import { Busy, Fault, Field, Select } from "../parts.js";
import { go, link } from "../route.js";
import { carbon, date, t, tonnes } from "../words.js";
import { asCsv, asJson, saved, useObservatory } from "./observatory/data.js";
import { Bands, Deliveries, Families } from "./observatory/pictures.js";
export { words } from "./observatory/words.js";

export const styles = ["css/observatory.css"];
const REASONS = ["few", "large", "guess", "others"];

export function View({ route }) {
  const territory = route.query.territory || null;
  const { made, error, again } = useObservatory(territory);
  return html`<div class="observatory">
    <h1>${t("observatory.title")}</h1>
    <p class="observatory-intro">${t("observatory.intro")}</p>
    <${Places} territory=${territory} />
    <${Fault} error=${error} again=${again} />
    ${made === undefined && !error && html`<${Busy} />`}
    ${made === null && html`<p class="card">${t("observatory.none")}</p>`}
    ${made && html`<${Publication} made=${made} />`}
  </div>`;
}

function Places({ territory }) {
  const { data } = useAsk("Territories", { first: 100 });
  const places = (data?.territories.nodes ?? []).filter((one) => one.kind === "METROPOLE").map((one) => [one.id, one.name]);
  return html`<div class="toolbar">
    <${Field} id="observatory-territory" label=${t("observatory.territory")}>
      <${Select} id="observatory-territory" value=${territory} options=${[["", t("observatory.everywhere")], ...places]}
        onPick=${(picked) => go(link("observatory", { territory: picked }), { replace: true })} />
    <//>
  </div>`;
}

function Publication({ made }) {
  const seeHidden = (event) => {
    event.preventDefault();
    document.getElementById("observatory-hidden").scrollIntoView();
    document.getElementById("observatory-hidden").focus();
  };
  return html`<section class="card" aria-labelledby="observatory-totals">
      <h2 id="observatory-totals">${t("observatory.totals")}</h2>
      <${Totals} totals=${made.totals} />
      <p class="hint">${t("observatory.made", { date: date(made.madeAt) })} <a href="#observatory-hidden" onClick=${seeHidden}>${t("observatory.hidden.see")}</a></p>
    </section>
    <section class="card" aria-label=${t("observatory.sankey")}><${Bands} flows=${made.flows} /></section>
    <section class="card" aria-label=${t("observatory.bars")}><${Families} cells=${made.cells} /></section>
    <section class="card" aria-labelledby="observatory-deliveries">
      <h2 id="observatory-deliveries">${t("observatory.deliveries")}</h2>
      <p class="hint">${t("observatory.deliveries.why")}</p>
      <${Deliveries} cells=${made.cells} />
    </section>
    <section class="card" aria-labelledby="observatory-data">
      <h2 id="observatory-data">${t("observatory.data")}</h2>
      <p>${t("observatory.data.why")} ${t("observatory.file.licence")}.</p>
      <p class="observatory-files">
        <button type="button" onClick=${() => saved("observatory.csv", "text/csv;charset=utf-8", asCsv(made))}>${t("observatory.csv")}</button>
        <button type="button" onClick=${() => saved("observatory.json", "application/json", asJson(made))}>${t("observatory.json")}</button>
      </p>
    </section>
    <section class="card" aria-labelledby="observatory-hidden">
      <h2 id="observatory-hidden" tabindex="-1">${t("observatory.hidden")}</h2>
      <p>${made.hiddenCellCount === 0 ? t("observatory.hidden.0") : t("observatory.hidden.count", { count: made.hiddenCellCount })}</p>
      <ul>${REASONS.map((reason) => html`<li key=${reason}>${t(`observatory.hidden.${reason}`)}</li>`)}</ul>
      <p class="hint">${t("observatory.hidden.rounded")}</p>
    </section>`;
}

function Totals({ totals }) {
  if (totals.length === 0) return html`<p>${t("observatory.totals.none")}</p>`;
  return html`<div class="grid">
    ${totals.map(
      (cell) => html`<p key=${`${cell.measure} ${cell.quarter} ${cell.territory.key}`} class="observatory-total">
        <strong>${cell.territory.key === "*" ? t("observatory.everywhere") : groupName(cell.territory)}</strong>
        <span class="figure">${tonnes(cell.tonnes)}</span>
        <span>${cell.measure === "SUGGESTED" ? t("observatory.suggested") : t("observatory.delivered", { quarter: cell.quarter })}</span>
        ${cell.avoidedTco2e !== null && html`<span class="hint">${t("observatory.avoided", { avoided: carbon(cell.avoidedTco2e) })}</span>`}
      </p>`,
    )}
  </div>`;
}
