// The wall of the day's cards: to look through, to print and cut, and to take one back.
import { tell } from "../../api.js";
import { html } from "../../html.js";
import { Busy, Chip, Pager, toast } from "../../parts.js";
import { currentLanguage, quantity, t } from "../../words.js";

export function Wall({ cards, pageInfo, busy, more, current, onPick, onWithdrawn }) {
  const supplies = cards.filter((card) => card.direction === "SUPPLY").length;
  return html`<section class="wall" aria-label=${t("workshop.wall")}>
    <h2>${t("workshop.wall")} <span class="hint">${t("workshop.counts", { count: cards.length, supplies, demands: cards.length - supplies })}</span></h2>
    ${busy && html`<${Busy} />`}
    <ul class="cards">
      ${cards.map((card) => html`<${Card} key=${card.id} card=${card} current=${card.id === current} onPick=${onPick} onWithdrawn=${onWithdrawn} />`)}
    </ul>
    ${!busy && cards.length === 0 && html`<p class="hint">${t("workshop.empty")}</p>`}
    <${Pager} pageInfo=${pageInfo} shown=${cards.length} busy=${busy} more=${more} />
  </section>`;
}

function Card({ card, current, onPick, onWithdrawn }) {
  const name = currentLanguage() === "fr" ? card.resource.nameFr : card.resource.nameEn;
  const withdrawn = async () => {
    const result = await tell("WithdrawListing", { id: card.id, version: card.version }, { keyed: true }).catch((error) => error);
    if (result.__typename === "Listing") {
      toast(t("workshop.taken_back", { title: card.title }));
      onWithdrawn(card);
    } else toast(result.message, { kind: "fault" });
  };
  return html`<li class=${`resource-card side-${card.direction.toLowerCase()} ${current ? "current" : ""}`}>
    <p class="side"><${Chip} kind=${card.direction === "SUPPLY" ? "good" : "info"}>${t(`workshop.${card.direction}`)}<//></p>
    <h3>${card.title}</h3>
    <p class="amount">${card.quantityPerYear === null ? t("workshop.no_amount") : t("workshop.a_year", { amount: quantity(card.quantityPerYear, card.unit) })}</p>
    <p>${name}</p>
    <p><strong>${card.site.name}</strong><br />${card.site.commune.name}</p>
    <p class="acts">
      <button type="button" onClick=${() => onPick(card)}>${t("workshop.partners")}</button>
      ${card.source === "facilitator" && html`<button type="button" class="plain" onClick=${withdrawn}>${t("workshop.take_back")}</button>`}
    </p>
  </li>`;
}
