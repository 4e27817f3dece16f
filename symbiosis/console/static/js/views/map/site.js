// A site as the map shows it: where it is, what it lists, and the synergies that it is part of.
import { useAsk } from "../../api.js";
import { html } from "../../html.js";
import { Busy, Fault, Pager } from "../../parts.js";
import { link } from "../../route.js";
import { t } from "../../words.js";
import { usePages } from "./data.js";
import { ListingTable, SynergyTable } from "./tables.js";

const BEST_FIRST = { field: "VALUE" };

export function SiteCard({ id, query, opens, onSynergy }) {
  const { data, error, again } = useAsk("Site", { id }, [id]);
  const synergies = usePages("console_MapSynergies", "synergies", { where: { siteId: { eq: id } }, orderBy: BEST_FIRST }, [id]);
  const listings = usePages("console_MapListings", "listings", { where: { siteId: { eq: id } }, orderBy: { field: "QUANTITY" } }, [id]);
  if (error) return html`<${Fault} error=${error} again=${again} />`;
  if (!data) return html`<${Busy} />`;
  const { site } = data;
  return html`<section class="map-site" aria-labelledby="map-site">
    <p><a href=${link("map", { ...query, site: null })}>← ${t("map.back")}</a></p>
    <h2 id="map-site">${site?.name ?? id}</h2>
    ${site &&
    html`<p class="hint">${[site.commune.name, site.naf, site.siret].filter(Boolean).join(" · ")}</p>`}
    <h3>${t("map.table.synergies")}</h3>
    <${Listed} pages=${synergies}><${SynergyTable} rows=${synergies.rows} onPick=${onSynergy} opens=${opens} query=${query} /><//>
    <h3>${t("map.table.listings")}</h3>
    <${Listed} pages=${listings}><${ListingTable} rows=${listings.rows} query=${query} withSite=${false} /><//>
  </section>`;
}

// The rows of a list with what comes before and after them: an error, waiting, and the way to more.
export function Listed({ pages, children }) {
  return html`<${Fault} error=${pages.error} again=${pages.again} />
    ${pages.busy && pages.rows.length === 0 ? html`<${Busy} />` : children}
    <${Pager} pageInfo=${pages.pageInfo} shown=${pages.rows.length} busy=${pages.busy} more=${pages.more} />`;
}
