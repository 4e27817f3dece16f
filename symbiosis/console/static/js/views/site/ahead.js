// After a listing is made: what the next level needs, whom it could meet now, and which industries take such things.
import { useAsk } from "../../api.js";
import { html } from "../../html.js";
import { Busy, Chip, Fault, Table } from "../../parts.js";
import { nameOf } from "../../shared.js";
import { km, quantity, share, sum, t, word } from "../../words.js";
import { Missing } from "./listings.js";

export function Ahead({ listing, site, onNext }) {
  return html`<section class="card ahead" aria-labelledby="ahead-title">
    <h2 id="ahead-title">${t("ahead.title", { title: listing.title })}</h2>
    <p><${Chip} kind="good">${word("level", listing.level)}<//> ${t(`level.${listing.level}.why`)}</p>
    <${Missing} listing=${listing} />
    ${listing.level === "QUICK" ? html`<p class="hint">${t("ahead.quick")}</p>` : html`<${Meetings} listing=${listing} />`}
    ${listing.direction === "SUPPLY" && html`<${Industries} listing=${listing} site=${site} />`}
    <button type="button" class="first" onClick=${onNext}>${t("ahead.next")}</button>
  </section>`;
}

function Meetings({ listing }) {
  const asked = useAsk("PartnersOf", { listingId: listing.id, first: 5 }, [listing.id]);
  if (asked.error) return html`<${Fault} error=${asked.error} again=${asked.again} />`;
  if (!asked.data) return html`<${Busy} />`;
  const columns = [
    { key: "site", label: t("ahead.partner"), show: (row) => html`${row.listing.site.name}<br /><span class="hint">${nameOf(row.listing.resource)}</span>` },
    { key: "way", label: t("ahead.way"), number: true, show: (row) => km(row.meeting.wayKm) },
    { key: "quantity", label: t("ahead.most"), number: true, show: (row) => quantity(row.meeting.greatest.quantity, row.meeting.unit) },
    { key: "value", label: t("ahead.value"), number: true, show: (row) => sum(row.meeting.greatest.valueEur) },
  ];
  const rows = asked.data.partnersOf.map((row) => ({ ...row, id: row.listing.id }));
  return html`<${Table} caption=${t("ahead.now")} columns=${columns} rows=${rows} empty=${t("ahead.now.none")} />`;
}

function Industries({ listing, site }) {
  const waste = { text: listing.title, wasteCodes: listing.wasteCode ? [listing.wasteCode] : null, donorActivity: site.naf };
  const territoryId = site.commune.territories[0]?.id ?? null;
  const asked = useAsk("SuggestReceivers", { waste, first: 5, sites: 3, territoryId }, [listing.id]);
  if (asked.error || !asked.data) return null;
  const columns = [
    { key: "activity", label: t("ahead.industry"), show: (row) => html`${nameOf(row)} <span class="hint">${row.activity}</span>` },
    { key: "share", label: t("ahead.share"), number: true, show: (row) => share(row.share) },
    { key: "sites", label: t("ahead.sites"), show: (row) => row.sites.nodes.map((one) => `${one.name} (${one.commune.name})`).join(", ") || "–" },
  ];
  const rows = asked.data.suggestReceivers.map((row) => ({ ...row, id: row.activity }));
  if (rows.length === 0) return null;
  return html`<${Table} caption=${t("ahead.industries")} columns=${columns} rows=${rows} />`;
}
