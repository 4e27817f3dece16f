// The map: sites, listings and synergies on the outlines of the communes, and a table of what is drawn.
import { useAsk } from "../api.js";
import { html, useMemo, useState } from "../html.js";
import { Fault, Field, Select, Tabs, Toggle } from "../parts.js";
import { go, link } from "../route.js";
import { may, useSession } from "../session.js";
import { currentLanguage, t, word } from "../words.js";
import { Canvas } from "./map/canvas.js";
import { arcsOf, listingDots, siteDots, usePages } from "./map/data.js";
import { Listed, SiteCard } from "./map/site.js";
import { ListingTable, SiteTable, SynergyTable } from "./map/tables.js";
export { words } from "./map/words.js";

export const styles = ["vendor/leaflet-1.9.4/leaflet.css", "css/map.css"];
const KINDS = ["MATERIAL", "WATER", "HEAT", "ELECTRICITY", "GAS", "CAPACITY"];
const OPEN = ["SUGGESTED", "SHORTLISTED", "CONTACT", "DISCUSSION", "NEGOTIATION", "TRIAL", "AGREED", "OPERATING"];
const ORDER = { value: "VALUE", quantity: "VALUE", avoided: "AVOIDED" };
const LAYERS = ["synergies", "sites", "supplies", "demands"];
const SITE_PAGES = 20;
const FIRST_LAYERS = "synergies,sites";

export function View({ route }) {
  useSession();
  const { query } = route;
  const layers = new Set((query.layers ?? FIRST_LAYERS).split(",").filter((layer) => LAYERS.includes(layer)));
  const scale = query.scale in ORDER ? query.scale : "value";
  const data = useLayers(query, layers, scale);
  const [current, setCurrent] = useState(null);
  const opens = may("FACILITATOR");
  const language = currentLanguage();
  const arcs = useMemo(() => arcsOf(data.synergies.rows, scale), [data.synergies.rows, scale, language]);
  const dots = useMemo(
    () => [...listingDots(data.listings.rows), ...siteDots(data.sites.rows)],
    [data.listings.rows, data.sites.rows, language],
  );
  const [fit, setFit] = useState(0);
  const pick = (id) => (opens ? go(link("queue", id)) : setCurrent(id));
  return html`<div class="map-view">
    <h1>${t("map.title")}</h1>
    <${Filters} query=${query} layers=${layers} scale=${scale} />
    <div class="map-columns">
      <div class="map-left">
        <${Canvas} arcs=${arcs} dots=${dots} current=${query.site ?? current} onArc=${pick} fit=${`${query.territory} ${fit}`}
          onDot=${(site) => go(link("map", { ...query, site }))} />
        <div class="map-under">
          <p class="hint">${t("map.legend")} ${arcs.some((arc) => arc.dashed) && t("map.estimated")}</p>
          <button type="button" onClick=${() => setFit(fit + 1)}>${t("map.fit")}</button>
        </div>
      </div>
      <div class="card map-right">
        ${query.site
          ? html`<${SiteCard} id=${query.site} query=${query} opens=${opens} onSynergy=${(row) => setCurrent(row.id)} />`
          : html`<${Beside} data=${data} layers=${layers} query=${query} current=${current} opens=${opens} onPick=${(row) => setCurrent(row.id)} />`}
      </div>
    </div>
  </div>`;
}

function useLayers(query, layers, scale) {
  const { territory, kind, status } = query;
  const place = territory && { eq: territory };
  const wanted = { territoryId: place, resourceKind: kind && { eq: kind } };
  const standing = status === "plan" || !status ? { suggested: true } : status === "any" ? {} : { status: { eq: status } };
  const synergies = { where: { ...wanted, ...standing }, orderBy: { field: ORDER[scale] } };
  const sides = [layers.has("supplies") && "SUPPLY", layers.has("demands") && "DEMAND"].filter(Boolean);
  const listings = { where: { ...wanted, direction: { in: sides } }, orderBy: { field: "QUANTITY" } };
  return {
    synergies: usePages(layers.has("synergies") ? "console_MapSynergies" : null, "synergies", synergies, [territory, kind, status, ORDER[scale], layers.has("synergies")]),
    sites: usePages(layers.has("sites") ? "console_MapSites" : null, "sites", { where: { territoryId: place } }, [territory, layers.has("sites")], SITE_PAGES),
    listings: usePages(sides.length ? "console_MapListings" : null, "listings", listings, [territory, kind, sides.join()]),
  };
}

function Filters({ query, layers, scale }) {
  const { data, error, again } = useAsk("Territories", { first: 100 });
  const to = (change) => go(link("map", { ...query, ...change }), { replace: true });
  const switched = (layer) => LAYERS.filter((one) => layers.has(one) !== (one === layer)).join(",") || "none";
  const places = (data?.territories.nodes ?? []).map((one) => [one.id, one.name]);
  return html`<div class="toolbar">
    <${Field} id="map-territory" label=${t("map.territory")}>
      <${Select} id="map-territory" value=${query.territory} options=${[["", t("map.everywhere")], ...places]} onPick=${(territory) => to({ territory, site: null })} />
    <//>
    <${Field} id="map-kind" label=${t("map.kind")}>
      <${Select} id="map-kind" value=${query.kind} options=${[["", t("map.every_kind")], ...KINDS.map((kind) => [kind, word("kind", kind)])]} onPick=${(kind) => to({ kind })} />
    <//>
    <${Field} id="map-status" label=${t("map.status")}>
      <${Select} id="map-status" value=${query.status ?? "plan"} onPick=${(status) => to({ status })}
        options=${[["plan", t("map.in_plan")], ["any", t("map.every_status")], ...OPEN.map((status) => [status, word("status", status)])]} />
    <//>
    <${Field} id="map-scale" label=${t("map.scale")}>
      <${Select} id="map-scale" value=${scale} options=${Object.keys(ORDER).map((one) => [one, t(`map.scale.${one}`)])} onPick=${(one) => to({ scale: one })} />
    <//>
    <div class="map-layers" role="group" aria-label=${t("map.layers")}>
      ${LAYERS.map(
        (layer) => html`<${Toggle} key=${layer} pressed=${layers.has(layer)} onPress=${() => to({ layers: switched(layer) })}>
          <span class=${`map-key map-key-${layer}`} aria-hidden="true"></span>${t(`map.layer.${layer}`)}
        <//>`,
      )}
    </div>
    <${Fault} error=${error} again=${again} />
  </div>`;
}

function Beside({ data, layers, query, current, opens, onPick }) {
  const tables = [
    layers.has("synergies") && "synergies",
    layers.has("sites") && "sites",
    (layers.has("supplies") || layers.has("demands")) && "listings",
  ].filter(Boolean);
  const [chosen, setChosen] = useState("synergies");
  const shown = tables.includes(chosen) ? chosen : tables[0];
  if (!shown) return html`<p>${t("shell.nothing")}</p>`;
  const pages = data[shown];
  const tabs = tables.map((table) => ({ id: table, label: t(`map.table.${table}`) }));
  return html`<${Tabs} tabs=${tabs} current=${shown} onPick=${setChosen} label=${t("map.layers")} />
    <p class="hint" role="status">
      ${t(`map.drawn.${shown}`, { count: pages.rows.length })}${pages.pageInfo && ` · ${t(pages.pageInfo.hasNextPage ? "map.more_there" : "map.all_shown")}`}
    </p>
    ${shown === "synergies" && html`<${Unplaced} synergies=${pages.rows} />`}
    <${Listed} pages=${pages}>
      ${shown === "synergies" && html`<${SynergyTable} rows=${pages.rows} current=${current} onPick=${onPick} opens=${opens} query=${query} />`}
      ${shown === "sites" && html`<${SiteTable} rows=${pages.rows} query=${query} />`}
      ${shown === "listings" && html`<${ListingTable} rows=${pages.rows} query=${query} />`}
    <//>`;
}

function Unplaced({ synergies }) {
  const count = synergies.filter((synergy) => !synergy.supply || !synergy.demand).length;
  return count > 0 && html`<p class="hint">${t("map.unplaced", { count })}</p>`;
}
