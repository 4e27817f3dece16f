// The site manager's page: what the site gives and needs, what is missing, whom it could meet, and who sees what.
import { listen, useAsk } from "../api.js";
import { html, useEffect, useState } from "../html.js";
import { words as pair } from "../pair_words.js";
import { Busy, Fault, Field, Select, Tabs, toast } from "../parts.js";
import { go, link } from "../route.js";
import { useSession } from "../session.js";
import { together, usePages } from "../shared.js";
import { t, useLanguage } from "../words.js";
import { Listings } from "./site/listings.js";
import { NewListing } from "./site/new_listing.js";
import { Partners } from "./site/partners.js";
import { Sight } from "./site/sight.js";
import { words as form } from "./site/form_words.js";
import { words as own } from "./site/words.js";

export const words = together(own, form, pair);
export const styles = ["css/site.css"];
const PAGE = 10;
const TABS = { mine: "mine.title", hand: "partners.hand", suggested: "partners.title" };

export function View({ route }) {
  useLanguage();
  const { me } = useSession();
  const mine = (me?.mandates ?? []).filter((mandate) => mandate.role === "SITE_MANAGER").map((mandate) => mandate.siteId);
  const sites = [...new Set(mine)];
  if (sites.length === 0) return html`<p class="card">${t("site.none")}</p>`;
  const chosen = sites.includes(route.path[0]) ? route.path[0] : sites[0];
  return html`<${Page} key=${chosen} siteId=${chosen} sites=${sites} withdrawn=${route.query.withdrawn === "yes"} />`;
}

function Page({ siteId, sites, withdrawn }) {
  const asked = useAsk("console_MySite", { id: siteId }, [siteId]);
  const status = withdrawn ? null : { eq: "OPEN" };
  const listings = usePages("console_MyListings", { first: PAGE, where: { siteId: { eq: siteId }, status } }, (data) => data.listings, [siteId, withdrawn]);
  const [made, setMade] = useState(null);
  const [tab, setTab] = useState("mine");
  const stand = tab === "hand" ? { notIn: ["SUGGESTED", "REJECTED", "LOST"] } : { eq: "SUGGESTED" };
  const synergies = usePages(
    "console_MySynergies",
    { first: PAGE, where: { siteId: { eq: siteId }, status: stand } },
    (data) => data.synergies,
    [siteId, tab === "hand"],
  );
  useEffect(
    () =>
      listen("SuggestionsForMySites", {}, () => {
        toast(t("site.new_suggestion"));
        synergies.again();
      }),
    [siteId],
  );
  if (asked.error) return html`<${Fault} error=${asked.error} again=${asked.again} />`;
  if (!asked.data) return html`<${Busy} />`;
  const { site } = asked.data;
  const listed = (listing) => {
    setMade(listing);
    listings.again();
  };
  return html`<header class="site-head">
      <div>
        <h1>${site.name}</h1>
        <p class="hint">${site.organisation.name} · ${site.commune.name}${site.naf && ` · NAF ${site.naf}`}${site.siret && ` · SIRET ${site.siret}`}</p>
      </div>
      ${sites.length > 1 &&
      html`<${Field} id="which-site" label=${t("site.which")}>
        <${Select} id="which-site" value=${siteId} options=${sites.map((id) => [id, id === siteId ? site.name : id])} onPick=${(id) => go(link("site", id))} />
      <//>`}
    </header>
    <div class="site">
      <div>
        <${NewListing} site=${site} onListed=${listed} made=${made} again=${() => setMade(null)} />
        <${Sight} />
      </div>
      <section class="card" aria-label=${t(TABS[tab])}>
        <${Tabs} label=${site.name} current=${tab} onPick=${setTab}
          tabs=${Object.entries(TABS).map(([id, label]) => ({ id, label: t(label) }))} />
        ${tab === "mine"
          ? html`<${Listings} listings=${listings} siteId=${siteId} withdrawn=${withdrawn} />`
          : html`<${Partners} key=${tab} synergies=${synergies} siteId=${siteId} none=${t(tab === "hand" ? "partners.hand.none" : "partners.none")} />`}
      </section>
    </div>`;
}
