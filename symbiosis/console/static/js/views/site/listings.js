// The listings of a site: how far each is stated, what the next level needs, change and withdraw.
import { tell } from "../../api.js";
import { html, useState } from "../../html.js";
import { Busy, Chip, Dialog, Fault, Pager, Provenance, toast } from "../../parts.js";
import { go, link } from "../../route.js";
import { nameOf, problemOf } from "../../shared.js";
import { date, has, quantity, t, word } from "../../words.js";
import { Edit } from "./edit.js";

export function Listings({ listings, siteId, withdrawn }) {
  const [edited, setEdited] = useState(null);
  const [leaving, setLeaving] = useState(null);
  return html`<div>
      <label class="check"><input type="checkbox" checked=${withdrawn} onChange=${(event) => go(link("site", siteId, { withdrawn: event.target.checked ? "yes" : "" }))} />
        ${t("mine.withdrawn")}</label>
    <${Fault} error=${listings.error} again=${listings.again} />
    ${listings.busy && listings.rows.length === 0 && html`<${Busy} />`}
    ${!listings.busy && listings.rows.length === 0 && html`<p class="hint">${t("mine.none")}</p>`}
    <ul class="mine">
      ${listings.rows.map((listing) => html`<${Mine} key=${listing.id} listing=${listing} edit=${() => setEdited(listing)} leave=${() => setLeaving(listing)} />`)}
    </ul>
    <${Pager} pageInfo=${listings.pageInfo} shown=${listings.rows.length} busy=${listings.busy} more=${listings.more} />
    ${edited && html`<${Edit} listing=${edited} onClose=${() => setEdited(null)} onSaved=${() => (setEdited(null), listings.again())} onStale=${() => (setEdited(null), listings.again())} />`}
    ${leaving && html`<${Withdraw} listing=${leaving} onClose=${() => setLeaving(null)} onDone=${() => (setLeaving(null), listings.again())} />`}
  </div>`;
}

function Mine({ listing, edit, leave }) {
  const open = listing.status === "OPEN";
  return html`<li>
    <div class="mine-head">
      <div>
        <strong>${listing.title}</strong>
        <p class="hint">${word("direction", listing.direction)} · ${nameOf(listing.resource)}${listing.wasteCode && ` · ${listing.wasteCode}`}
          ${" · "}${listing.quantityPerYear === null ? t("mine.no_quantity") : t("mine.a_year", { quantity: quantity(listing.quantityPerYear, listing.unit) })}
          ${listing.availableFrom && ` · ${t("mine.from", { date: date(listing.availableFrom) })}`}</p>
      </div>
      <p class="chips">
        ${!open && html`<${Chip} kind="bad">${t("mine.is_withdrawn")}<//>`}
        <${Chip} kind=${listing.level === "QUICK" ? "warn" : "good"} title=${t(`level.${listing.level}.why`)}>${word("level", listing.level)}<//>
        <${Provenance} value=${listing.provenance} />
        <${Chip} title=${t(`sight.${listing.visibility}`)}>${word("visibility", listing.visibility)}<//>
      </p>
    </div>
    ${open && html`<${Missing} listing=${listing} />`}
    ${open && html`<div class="actions">
      <button type="button" aria-label=${t("mine.edit.of", { title: listing.title })} onClick=${edit}>${t("mine.edit")}</button>
      <button type="button" class="bad" aria-label=${t("mine.withdraw.of", { title: listing.title })} onClick=${leave}>${t("mine.withdraw")}</button>
    </div>`}
  </li>`;
}

// What the next level needs, field by field.
export function Missing({ listing }) {
  if (listing.missing.length === 0) return null;
  const told = (fact) => (has(`missing.${fact.field}`) ? t(`missing.${fact.field}`) : html`<span lang="en">${fact.remedy}</span>`);
  return html`<details class="missing"><summary>${t("mine.missing", { count: listing.missing.length, level: word("level", listing.missing[0].level) })}</summary>
    <ul>${listing.missing.map((fact) => html`<li key=${fact.field}>${told(fact)}</li>`)}</ul>
  </details>`;
}

function Withdraw({ listing, onClose, onDone }) {
  const [problem, setProblem] = useState(null);
  const withdrawn = async () => {
    try {
      const result = await tell("WithdrawListing", { id: listing.id, version: listing.version }, { keyed: true });
      if (problemOf(result)) setProblem(problemOf(result));
      else {
        toast(t("mine.withdraw.done", { title: listing.title }));
        onDone();
      }
    } catch (error) {
      setProblem(error);
    }
  };
  return html`<${Dialog} title=${t("mine.withdraw.of", { title: listing.title })} onClose=${onClose}>
    <p>${t("mine.withdraw.why")}</p>
    <${Fault} error=${problem} />
    <div class="actions">
      <button type="button" class="bad" onClick=${withdrawn}>${t("mine.withdraw")}</button>
      <button type="button" onClick=${onClose}>${t("mine.keep")}</button>
    </div>
  <//>`;
}
