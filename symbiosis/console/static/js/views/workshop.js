// Workshop mode: cards are noted as people call them out, twins are warned of, and partners show at once.
import { ask, useAsk } from "../api.js";
import { html, useCallback, useEffect, useState } from "../html.js";
import { Busy, Fault, Field, Select, toast } from "../parts.js";
import { go, link } from "../route.js";
import { myTerritories, useSession } from "../session.js";
import { t } from "../words.js";
import { Entry } from "./workshop/entry.js";
import { Partners } from "./workshop/partners.js";
import { Wall } from "./workshop/wall.js";
export { words } from "./workshop/words.js";

export const styles = ["css/workshop.css"];
const AGAIN_MS = 15_000;
const OWN_WORD = { in: ["DECLARED", "METERED"] };

export function View({ route }) {
  useSession();
  const { data, error, again } = useAsk("Territories", { first: 100 });
  if (error) return html`<${Fault} error=${error} again=${again} />`;
  if (!data) return html`<${Busy} />`;
  const mine = new Set(myTerritories("FACILITATOR"));
  const territories = data.territories.nodes.filter((territory) => mine.has(territory.id));
  if (territories.length === 0) return html`<p class="card">${t("workshop.nobody")}</p>`;
  const chosen = territories.find((territory) => territory.id === route.query.territory) ?? territories[0];
  return html`<${Workshop} key=${chosen.id} territory=${chosen} territories=${territories} />`;
}

function startOfToday() {
  const now = new Date();
  return new Date(now.getFullYear(), now.getMonth(), now.getDate()).toISOString();
}

// The day's cards, read anew now and then so that several tables see one wall.
function useCards(territoryId) {
  const [pages, setPages] = useState({ cards: [], pageInfo: null, error: null, busy: true });
  const where = { territoryId: { eq: territoryId }, createdAt: { gte: startOfToday() }, status: { eq: "OPEN" }, provenance: OWN_WORD };
  const read = useCallback(async () => {
    try {
      const { listings } = await ask("console_WorkshopCards", { where });
      setPages((now) => ({ ...merged(now, listings), error: null, busy: false }));
    } catch (error) {
      setPages((now) => ({ ...now, error, busy: false }));
    }
  }, [territoryId]);
  const more = useCallback(async () => {
    const { listings } = await ask("console_WorkshopCards", { where, after: pages.pageInfo.endCursor });
    setPages((now) => ({ ...now, cards: [...now.cards, ...listings.nodes], pageInfo: listings.pageInfo }));
  }, [territoryId, pages.pageInfo]);
  useEffect(() => {
    read();
    const timer = setInterval(() => document.hidden || read(), AGAIN_MS);
    return () => clearInterval(timer);
  }, [read]);
  return { ...pages, read, more };
}

// The first page as it is now, with the older cards that were asked for already.
function merged(now, listings) {
  const fresh = new Set(listings.nodes.map((card) => card.id));
  const last = listings.nodes.at(-1)?.createdAt ?? "";
  const older = now.cards.filter((card) => !fresh.has(card.id) && card.createdAt < last);
  return { cards: [...listings.nodes, ...older], pageInfo: older.length ? now.pageInfo : listings.pageInfo };
}

function Workshop({ territory, territories }) {
  const { cards, pageInfo, error, busy, read, more } = useCards(territory.id);
  const [shown, setShown] = useState(null);
  const noted = (card) => {
    setShown(card);
    toast(t("workshop.noted", { title: card.title }));
    read();
  };
  const withdrawn = (card) => {
    if (shown?.id === card.id) setShown(null);
    read();
  };
  return html`<div class="workshop">
    <header class="toolbar workshop-top">
      <h1>${t("workshop.title")}</h1>
      <${Field} id="territory" label=${t("workshop.territory")}>
        <${Select} id="territory" value=${territory.id} options=${territories.map((one) => [one.id, one.name])}
          onPick=${(id) => go(link("workshop", { territory: id }))} />
      <//>
      <button type="button" onClick=${() => window.print()}>${t("workshop.print")}</button>
    </header>
    <div class="workshop-columns">
      <${Entry} territory=${territory} onNoted=${noted} />
      <${Partners} card=${shown} />
    </div>
    <${Fault} error=${error} again=${read} />
    <${Wall} cards=${cards} pageInfo=${pageInfo} busy=${busy} more=${more} current=${shown?.id} onPick=${setShown} onWithdrawn=${withdrawn} />
  </div>`;
}
