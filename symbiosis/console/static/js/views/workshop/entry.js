// Quick entry of a card: site, has or needs, a few words, how much; the site stays for the next card.
import { ask, tell } from "../../api.js";
import { html, useEffect, useRef, useState } from "../../html.js";
import { Fault, Field, Provenance, Toggle } from "../../parts.js";
import { currentLanguage, quantity, t, unitOf } from "../../words.js";

const PAUSE_MS = 250;
const EMPTY = { title: "", resource: null, amount: "" };

export function Entry({ territory, onNoted }) {
  const [site, setSite] = useState(null);
  const [direction, setDirection] = useState("SUPPLY");
  const [draft, setDraft] = useState(EMPTY);
  const [problem, setProblem] = useState(null);
  const [busy, setBusy] = useState(false);
  const what = useRef(null);
  const resources = useSuggested(draft.title);
  const resource = draft.resource ?? resources[0] ?? null;
  const twins = useTwins(site, resource, direction);
  const change = (changes) => setDraft((now) => ({ ...now, ...changes }));

  const saved = async (event) => {
    event.preventDefault();
    if (!site || !resource) return;
    setBusy(true);
    setProblem(null);
    const amount = Number(draft.amount.replace(/\s/g, "").replace(",", "."));
    const measured = draft.amount.trim() ? { quantityPerYear: amount, unit: resource.unit } : {};
    const stated = { siteId: site.id, direction, resourceCode: resource.id, title: draft.title.trim(), ...measured };
    try {
      const made = await tell("CreateListing", stated, { keyed: true });
      if (made.__typename !== "Listing") throw new Error(made.message);
      setDraft(EMPTY);
      what.current?.focus();
      onNoted({ ...made, resource, site });
    } catch (error) {
      setProblem(error);
    } finally {
      setBusy(false);
    }
  };

  return html`<form class="card entry" onSubmit=${saved} aria-label=${t("workshop.entry")}>
    <h2>${t("workshop.entry")}</h2>
    <${SitePicker} territory=${territory} site=${site} onPick=${setSite} />
    <div class="sides" role="group" aria-label=${t("workshop.direction")}>
      ${["SUPPLY", "DEMAND"].map(
        (one) => html`<${Toggle} key=${one} pressed=${direction === one} onPress=${() => setDirection(one)}>${t(`workshop.${one}`)}<//>`,
      )}
    </div>
    <${Field} id="what" label=${t("workshop.what")} hint=${t("workshop.what.hint")}>
      <input id="what" ref=${what} required maxlength="200" autocomplete="off" aria-describedby="what-hint" value=${draft.title}
        onInput=${(event) => change({ title: event.target.value, resource: null })} />
    <//>
    <${Choices} resources=${resources} current=${resource} onPick=${(one) => change({ resource: one })} asked=${draft.title} />
    <${Field} id="amount" label=${resource ? t("workshop.amount_in", { unit: unitOf(resource.unit) }) : t("workshop.amount")} hint=${t("workshop.amount.hint")}>
      <input id="amount" inputmode="decimal" autocomplete="off" aria-describedby="amount-hint" value=${draft.amount}
        onInput=${(event) => change({ amount: event.target.value })} />
    <//>
    <${Twins} twins=${twins} />
    <${Fault} error=${problem} />
    <button class="first" disabled=${busy || !site || !resource}>${t(twins.length ? "workshop.note_all_the_same" : "workshop.note")}</button>
  </form>`;
}

// What is asked for after a pause in typing; an answer that was overtaken is dropped.
function usePaused(work, deps) {
  const [found, setFound] = useState([]);
  useEffect(() => {
    let stopped = false;
    const timer = setTimeout(async () => {
      const answer = await work().catch(() => []);
      if (!stopped) setFound(answer);
    }, PAUSE_MS);
    return () => {
      stopped = true;
      clearTimeout(timer);
    };
  }, deps);
  return found;
}

function useSuggested(text) {
  return usePaused(async () => {
    if (text.trim().length < 3) return [];
    const { suggestCodes } = await ask("SuggestCodes", { text: text.trim(), first: 5 });
    return suggestCodes.resources.map((suggested) => suggested.resource);
  }, [text]);
}

function useTwins(site, resource, direction) {
  return usePaused(async () => {
    if (!site || !resource) return [];
    const where = { siteId: { eq: site.id }, resourceCode: { eq: resource.id }, direction: { eq: direction }, status: { eq: "OPEN" } };
    return (await ask("console_WorkshopCards", { where, first: 3 })).listings.nodes;
  }, [site?.id, resource?.id, direction]);
}

function SitePicker({ territory, site, onPick }) {
  const [text, setText] = useState("");
  const sites = usePaused(async () => {
    if (text.trim().length < 2) return [];
    const where = { name: { contains: text.trim() }, territoryId: { eq: territory.id } };
    return (await ask("console_WorkshopSites", { where })).sites.nodes;
  }, [text, territory.id]);
  if (site) {
    return html`<p class="picked">
      <strong>${site.name}</strong> <span class="hint">${site.commune.name}</span>
      <button type="button" class="plain" onClick=${() => (onPick(null), setText(""))}>${t("workshop.other_site")}</button>
    </p>`;
  }
  return html`<${Field} id="site" label=${t("workshop.site")} hint=${t("workshop.site.hint")}>
    <input id="site" autocomplete="off" aria-describedby="site-hint" value=${text} onInput=${(event) => setText(event.target.value)} />
    <ul class="options" aria-live="polite">
      ${sites.map(
        (one) => html`<li key=${one.id}>
          <button type="button" onClick=${() => onPick(one)}>${one.name} <span class="hint">${one.commune.name}</span></button>
        </li>`,
      )}
      ${text.trim().length > 1 && sites.length === 0 && html`<li class="hint">${t("workshop.no_site")}</li>`}
    </ul>
  <//>`;
}

function Choices({ resources, current, onPick, asked }) {
  if (resources.length === 0) {
    return asked.trim().length > 2 ? html`<p class="hint" role="status">${t("workshop.no_resource")}</p>` : null;
  }
  const name = (one) => (currentLanguage() === "fr" ? one.nameFr : one.nameEn);
  return html`<div class="choices" role="group" aria-label=${t("workshop.taken_for")}>
    <span class="hint">${t("workshop.taken_for")}</span>
    ${resources.map((one) => html`<${Toggle} key=${one.id} pressed=${current?.id === one.id} onPress=${() => onPick(one)}>${name(one)}<//>`)}
  </div>`;
}

function Twins({ twins }) {
  if (twins.length === 0) return null;
  return html`<div class="twins" role="alert">
    <p>${t("workshop.twins", { count: twins.length })}</p>
    <ul>
      ${twins.map(
        (twin) => html`<li key=${twin.id}>${twin.title} · ${quantity(twin.quantityPerYear, twin.unit)} <${Provenance} value=${twin.provenance} /></li>`,
      )}
    </ul>
  </div>`;
}
