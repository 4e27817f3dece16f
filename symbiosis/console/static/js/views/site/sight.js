// Who sees what of a listing, in words that a careful manager can check.
import { html } from "../../html.js";
import { t, word } from "../../words.js";

export const VISIBILITIES = ["PRIVATE", "ANONYMISED", "TERRITORY", "PUBLIC"];

export function Sight() {
  return html`<section class="card sight" aria-labelledby="sight-title">
    <h2 id="sight-title">${t("sight.title")}</h2>
    <dl>
      ${VISIBILITIES.map((one) => html`<div key=${one}><dt>${word("visibility", one)}</dt><dd>${t(`sight.${one}`)}</dd></div>`)}
      <div><dt>${t("sight.price")}</dt><dd>${t("sight.price.why")}</dd></div>
      <div><dt>${t("sight.consent")}</dt><dd>${t("sight.consent.why")}</dd></div>
    </dl>
  </section>`;
}
