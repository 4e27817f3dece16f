// The tables beside the map: the same rows as are drawn, by any column.
import { html } from "../../html.js";
import { Chip, Provenance, Table } from "../../parts.js";
import { link } from "../../route.js";
import { nameOf } from "../../shared.js";
import { carbon, km, money, quantity, t, word } from "../../words.js";
import { quantityOf, sideName, whatOf } from "./data.js";

// A listing's site as a link to its card; a link in a cell leaves the row alone.
function SiteLink({ site, query }) {
  return html`<a href=${link("map", { ...query, site: site.id })} onClick=${(event) => event.stopPropagation()}>${site.name}</a>`;
}

export function SynergyTable({ rows, current, onPick, opens, query }) {
  const side = (listing, outline) => (listing ? html`<${SiteLink} site=${listing.site} query=${query} />` : sideName(listing, outline));
  const columns = [
    { key: "rank", label: "#", number: true, show: (row) => row.suggestion?.rank ?? "–", sort: (row) => row.suggestion?.rank },
    {
      key: "what",
      label: t("map.resource"),
      show: (row) => html`${opens ? html`<a href=${link("queue", row.id)} onClick=${(event) => event.stopPropagation()}>${whatOf(row)}</a>` : whatOf(row)}
        <div class="hint">${side(row.supply, row.supplyOutline)} → ${side(row.demand, row.demandOutline)}</div>
        ${row.status !== "SUGGESTED" && html`<${Chip} kind="info">${word("status", row.status)}<//>`}
        ${row.estimated && html`<${Provenance} value="ESTIMATED" />`}`,
      sort: whatOf,
    },
    { key: "value", label: t("map.value"), number: true, show: (row) => money(row.suggestion?.valuePerYearEur), sort: (row) => row.suggestion?.valuePerYearEur },
    { key: "quantity", label: t("map.quantity"), number: true, show: quantityOf },
    { key: "avoided", label: t("map.avoided"), number: true, show: (row) => carbon(row.suggestion?.avoidedTco2ePerYear), sort: (row) => row.suggestion?.avoidedTco2ePerYear },
    { key: "distance", label: t("map.distance"), number: true, show: (row) => km(row.suggestion?.distanceKm), sort: (row) => row.suggestion?.distanceKm },
  ];
  return html`<${Table} caption=${t("map.table.synergies")} hideCaption=${true} columns=${columns} rows=${rows} current=${current} onPick=${onPick} />`;
}

export function SiteTable({ rows, query }) {
  const columns = [
    { key: "name", label: t("map.site"), show: (row) => html`<${SiteLink} site=${row} query=${query} />`, sort: (row) => row.name },
    { key: "commune", label: t("map.commune"), show: (row) => row.commune.name, sort: (row) => row.commune.name },
    { key: "naf", label: t("map.activity"), show: (row) => row.naf ?? "–", sort: (row) => row.naf },
  ];
  return html`<${Table} caption=${t("map.table.sites")} hideCaption=${true} columns=${columns} rows=${rows} />`;
}

export function ListingTable({ rows, query, withSite = true }) {
  const columns = [
    { key: "direction", label: t("map.direction"), show: (row) => t(`map.direction.${row.direction}`), sort: (row) => row.direction },
    { key: "title", label: t("map.resource"), show: (row) => row.title || nameOf(row.resource), sort: (row) => row.title },
    ...(withSite ? [{ key: "site", label: t("map.site"), show: (row) => html`<${SiteLink} site=${row.site} query=${query} />`, sort: (row) => row.site.name }] : []),
    { key: "quantity", label: t("map.quantity"), number: true, show: (row) => quantity(row.quantityPerYear, row.unit) },
    { key: "provenance", label: t("map.basis"), show: (row) => html`<${Provenance} value=${row.provenance} />`, sort: (row) => row.provenance },
  ];
  return html`<${Table} caption=${t("map.table.listings")} hideCaption=${true} columns=${columns} rows=${rows} />`;
}
