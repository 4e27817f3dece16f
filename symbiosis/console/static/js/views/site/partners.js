// What runs suggest to the site, within the limits of disclosure, and the consent to be known to one partner.
import { html, useState } from "../../html.js";
import { Busy, Chip, Fault, Pager } from "../../parts.js";
import { link } from "../../route.js";
import { sideOf } from "../../shared.js";
import { carbon, date, km, quantity, sum, t, word } from "../../words.js";
import { ConsentForm, useConsent } from "./consent.js";

export function Partners({ synergies, siteId, none }) {
  const [asked, setAsked] = useState(null);
  return html`<div>
    <${Fault} error=${synergies.error} again=${synergies.again} />
    ${synergies.busy && synergies.rows.length === 0 && html`<${Busy} />`}
    ${!synergies.busy && synergies.rows.length === 0 && html`<p class="hint">${none}</p>`}
    <ul class="mine">
      ${synergies.rows.map((row) => html`<${Partner} key=${row.id} row=${row} siteId=${siteId} again=${synergies.again} ask=${setAsked} />`)}
    </ul>
    <${Pager} pageInfo=${synergies.pageInfo} shown=${synergies.rows.length} busy=${synergies.busy} more=${synergies.more} />
    ${asked && html`<${ConsentForm} ...${asked} onClose=${() => setAsked(null)} onDone=${() => (setAsked(null), synergies.again())} />`}
  </div>`;
}

function Partner({ row, siteId, again, ask }) {
  const gives = row.supply?.siteId === siteId;
  const own = gives ? row.supply : row.demand;
  const other = gives ? sideOf(row.demand, row.demandOutline) : sideOf(row.supply, row.supplyOutline);
  const mine = sideOf(own, null);
  const hidden = (gives ? row.demand : row.supply) === null;
  const share = gives ? row.suggestion?.supplierSharePerYearEur : row.suggestion?.receiverSharePerYearEur;
  return html`<li>
    <div class="mine-head">
      <div>
        <strong>${gives ? mine.what : other.what || mine.what}</strong> ${t(gives ? "partners.to" : "partners.from", { name: other.who })}
        ${other.where && html` <span class="hint">${other.where}</span>`}
        <p>${facts(row, share).map((one, at) => html`<span key=${at} class="fact">${one}</span>${" "}`)}</p>
      </div>
      <p class="chips">
        <${Chip} kind=${row.status === "SUGGESTED" ? "plain" : "info"}>${word("status", row.status)}<//>
        ${row.estimated && html`<span class="chip provenance-estimated">${t("provenance.ESTIMATED")}</span>`}
      </p>
    </div>
    ${own && (hidden || own.visibility === "ANONYMISED" || own.visibility === "PRIVATE" || row.consents.length > 0) &&
    html`<${Consent} row=${row} own=${own} gives=${gives} hidden=${hidden} again=${again} ask=${ask} />`}
    <div class="actions"><a class="button" href=${link("queue", row.id, { site: siteId, status: "ANY" })}>${t("partners.open")}</a></div>
  </li>`;
}

function facts({ suggestion, exchangeBand }, share) {
  if (suggestion) {
    return [
      t("mine.a_year", { quantity: quantity(suggestion.quantityPerYear, suggestion.unit) }),
      km(suggestion.distanceKm),
      carbon(suggestion.avoidedTco2ePerYear),
      share !== null && share !== undefined && t("partners.share", { eur: sum(share) }),
    ].filter(Boolean);
  }
  if (!exchangeBand) return [t("partners.no_figures")];
  const { lowPerYear, highPerYear, unit } = exchangeBand;
  return [t("pair.range", { low: quantity(lowPerYear, unit), high: quantity(highPerYear, unit) }), t("pair.a_year")];
}

// Whether I am known to the other side, whether it is to me, and what follows.
function Consent({ row, own, gives, hidden, again, ask }) {
  const side = gives ? "SUPPLY" : "DEMAND";
  const mine = row.consents.find((one) => one.side === side);
  const theirs = row.consents.find((one) => one.side !== side);
  const { revoke, problem } = useConsent(row, own, again);
  const state = mine?.live && theirs?.live ? "both" : mine?.live ? "mine" : theirs?.live ? "theirs" : "none";
  return html`<div class="consent">
    <p>${t(`consent.${state}`, { date: date(mine?.liveUntil), theirs: date(theirs?.liveUntil) })}${hidden && state === "none" ? ` ${t("consent.hidden")}` : ""}</p>
    ${problem && html`<${Fault} error=${problem} />`}
    ${mine?.live
      ? html`<button type="button" onClick=${() => revoke(mine.version)}>${t("consent.revoke")}</button>`
      : html`<button type="button" onClick=${() => ask({ row, own, version: mine?.version ?? 0 })}>${t("consent.grant")}</button>`}
  </div>`;
}
