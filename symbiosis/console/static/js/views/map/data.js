// What the map asks for, and what it makes of the answers: arcs and dots with widths, nothing else.
import { ask } from "../../api.js";
import { useCallback, useEffect, useRef, useState } from "../../html.js";
import { nameOf } from "../../shared.js";
import { money, quantity, t } from "../../words.js";

const WIDEST_PX = 14;
const THINNEST_PX = 1;
const LARGEST_PX = 16;
const SMALLEST_PX = 3;

// Returns the rows of a list, a few pages at a time: what matters most first, and `more` goes on from there.
export function usePages(name, list, variables, deps, atOnce = 3) {
  const [state, setState] = useState({ rows: [], pageInfo: null, busy: true, error: null });
  const stopper = useRef(null);
  const read = useCallback(async (after, kept) => {
    stopper.current?.abort();
    const mine = (stopper.current = new AbortController());
    setState({ rows: kept, pageInfo: null, busy: name !== null, error: null });
    let [rows, from] = [kept, after];
    for (let page = 0; name !== null && page < atOnce; page += 1) {
      try {
        const { nodes, pageInfo } = (await ask(name, { ...variables, after: from }, { signal: mine.signal }))[list];
        [rows, from] = [[...rows, ...nodes], pageInfo.endCursor];
        const busy = pageInfo.hasNextPage && page + 1 < atOnce;
        setState({ rows, pageInfo, busy, error: null });
        if (!busy) return;
      } catch (error) {
        if (error.name !== "AbortError") setState({ rows, pageInfo: null, busy: false, error });
        return;
      }
    }
  }, deps);
  const again = useCallback(() => read(null, []), [read]);
  useEffect(() => {
    again();
    return () => stopper.current?.abort();
  }, [again]);
  return { ...state, again, more: () => read(state.pageInfo.endCursor, state.rows) };
}

export function sideName(side, outline) {
  if (side) return side.site.name;
  return t("map.hidden", { area: outline?.areaName ?? "?" });
}

export function whatOf(synergy) {
  const side = synergy.supply ?? synergy.demand;
  return side ? nameOf(side.resource) : "";
}

export function quantityOf(synergy) {
  const { suggestion, exchangeBand: band } = synergy;
  if (suggestion) return quantity(suggestion.quantityPerYear, suggestion.unit);
  return band ? `${quantity(band.lowPerYear, band.unit)} – ${quantity(band.highPerYear, band.unit)}` : quantity(null);
}

const WEIGHT = {
  value: (suggestion) => [suggestion.valuePerYearEur, "EUR"],
  quantity: (suggestion) => [suggestion.quantityPerYear, suggestion.unit],
  avoided: (suggestion) => [suggestion.avoidedTco2ePerYear, "TCO2E"],
};

// The width of an arc and the area of a dot grow with what they stand for.
function sized(value, most, least, largest, power) {
  if (!value || value <= 0 || !most) return least;
  return least + (largest - least) * (value / most) ** power;
}

function largestByUnit(pairs) {
  const most = {};
  for (const [value, unit] of pairs) most[unit] = Math.max(most[unit] ?? 0, value ?? 0);
  return most;
}

// Returns the arcs of the synergies whose sites both show, the widest first so that thin ones stay on top.
export function arcsOf(synergies, scale) {
  const weigh = (synergy) => (synergy.suggestion ? WEIGHT[scale](synergy.suggestion) : [null, "none"]);
  const most = largestByUnit(synergies.map(weigh));
  const arcs = synergies
    .filter((synergy) => synergy.supply && synergy.demand)
    .map((synergy) => {
      const [value, unit] = weigh(synergy);
      return {
        id: synergy.id,
        from: synergy.supply.site,
        to: synergy.demand.site,
        width: sized(value, most[unit], THINNEST_PX, WIDEST_PX, 1),
        dashed: synergy.estimated,
        taken: synergy.status !== "SUGGESTED",
        label: [
          `${synergy.supply.site.name} → ${synergy.demand.site.name}`,
          whatOf(synergy),
          `${quantityOf(synergy)} · ${money(synergy.suggestion?.valuePerYearEur)}`,
        ],
      };
    });
  return arcs.sort((one, other) => other.width - one.width);
}

export function siteDots(sites) {
  return sites.map((site) => ({
    id: site.id,
    siteId: site.id,
    lat: site.lat,
    lon: site.lon,
    radius: 4,
    kind: "SITE",
    label: [site.name, `${site.commune.name}${site.naf ? ` · ${site.naf}` : ""}`],
  }));
}

export function listingDots(listings) {
  const most = largestByUnit(listings.map((listing) => [listing.quantityPerYear, listing.unit]));
  const dots = listings.map((listing) => ({
    id: listing.id,
    siteId: listing.site.id,
    lat: listing.site.lat,
    lon: listing.site.lon,
    radius: sized(listing.quantityPerYear, most[listing.unit], SMALLEST_PX, LARGEST_PX, 0.5),
    kind: listing.direction,
    label: [listing.title, listing.site.name, quantity(listing.quantityPerYear, listing.unit)],
  }));
  return dots.sort((one, other) => other.radius - one.radius);
}
