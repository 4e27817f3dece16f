// Whom the card could meet, now.
import { useAsk } from "../../api.js";
import { html } from "../../html.js";
import { Busy, Fault, Provenance, Table } from "../../parts.js";
import { carbon, km, money, quantity, t } from "../../words.js";

export function Partners({ card }) {
  return html`<section class="card partners" aria-live="polite" aria-label=${t("workshop.partners")}>
    <h2>${t("workshop.partners")}</h2>
    ${card ? html`<${Found} key=${card.id} card=${card} />` : html`<p class="hint">${t("workshop.partners.none_yet")}</p>`}
  </section>`;
}

function Found({ card }) {
  const quick = card.level === "QUICK";
  const { data, error, busy } = useAsk(quick ? null : "PartnersOf", { listingId: card.id, first: 6 }, [card.id]);
  if (quick) return html`<p>${t("workshop.quick", { title: card.title })}</p>`;
  if (error) return html`<${Fault} error=${error} />`;
  if (busy || !data) return html`<${Busy} text=${t("workshop.looking", { title: card.title })} />`;
  const rows = data.partnersOf.map((partner) => ({ ...partner, id: partner.listing.id }));
  if (rows.length === 0) return html`<p>${t("workshop.nobody_near", { title: card.title })}</p>`;
  const columns = [
    {
      key: "site",
      label: t("workshop.partner"),
      show: (row) => html`<strong>${row.listing.site.name}</strong> <span class="hint">${row.listing.site.commune.name}</span><br />
        ${row.listing.title} <${Provenance} value=${row.listing.provenance} />`,
    },
    { key: "way", label: t("workshop.way"), number: true, show: (row) => km(row.meeting.wayKm) },
    { key: "most", label: t("workshop.most"), number: true, show: (row) => quantity(row.meeting.greatest.quantity, row.meeting.unit) },
    { key: "worth", label: t("workshop.worth"), number: true, show: (row) => money(row.meeting.greatest.valueEur) },
    { key: "carbon", label: t("workshop.carbon"), number: true, show: (row) => carbon(row.meeting.greatest.avoidedTco2e) },
  ];
  return html`<${Table} caption=${t("workshop.partners_of", { title: card.title, site: card.site.name })} columns=${columns} rows=${rows} />
    <p class="hint">${t("workshop.alone")}</p>`;
}
