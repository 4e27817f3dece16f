// A by-product or a need in two minutes: words, the resource they mean, how much, who may see it.
import { ask, tell } from "../../api.js";
import { html, useEffect, useState } from "../../html.js";
import { Chip, Fault, Field, Select, toast } from "../../parts.js";
import { nameOf, problemOf } from "../../shared.js";
import { share, t, unitOf, word } from "../../words.js";
import { Ahead } from "./ahead.js";
import { VISIBILITIES } from "./sight.js";

const EMPTY = { direction: "SUPPLY", title: "", resource: null, wasteCode: "", quantity: "", from: "", until: "", visibility: "TERRITORY" };

export function NewListing({ site, onListed, made, again }) {
  const [facts, setFacts] = useState(EMPTY);
  const [problem, setProblem] = useState(null);
  const [busy, setBusy] = useState(false);
  const put = (more) => setFacts((now) => ({ ...now, ...more }));
  const { found, failed } = useSuggested(facts.title);
  const list = async (event) => {
    event.preventDefault();
    if (!facts.resource) {
      setProblem({ message: t("new.resource.needed") });
      return;
    }
    setBusy(true);
    try {
      const result = await tell("CreateListing", inputOf(site, facts), { keyed: true });
      setProblem(problemOf(result));
      if (!problemOf(result)) {
        toast(t("new.done", { title: result.title }));
        onListed({ ...result, resource: facts.resource, wasteCode: facts.wasteCode });
        setFacts({ ...EMPTY, direction: facts.direction, visibility: facts.visibility });
      }
    } catch (error) {
      setProblem(error);
    }
    setBusy(false);
  };
  if (made) return html`<${Ahead} listing=${made} site=${site} onNext=${again} />`;
  return html`<section class="card" aria-labelledby="new-title">
    <h2 id="new-title">${t("new.title")}</h2>
    <form onSubmit=${list}>
      <fieldset class="either"><legend class="unseen">${t("new.direction")}</legend>
        ${["SUPPLY", "DEMAND"].map((direction) => html`<label key=${direction}>
          <input type="radio" name="direction" checked=${facts.direction === direction} onChange=${() => put({ direction })} /> ${t(`new.${direction}`)}
        </label>`)}
      </fieldset>
      <${Field} id="n-title" label=${t("new.what")} hint=${t("new.what.hint")}>
        <input id="n-title" required maxlength="200" autocomplete="off" aria-describedby="n-title-hint" value=${facts.title} onInput=${(event) => put({ title: event.target.value })} />
      <//>
      <${Fault} error=${failed} />
      <${Meant} found=${found} facts=${facts} put=${put} />
      ${facts.resource && html`<${Amount} facts=${facts} put=${put} />`}
      <${Field} id="n-visibility" label=${t("new.visibility")} hint=${t(`sight.${facts.visibility}`)}>
        <${Select} id="n-visibility" value=${facts.visibility} options=${VISIBILITIES.map((one) => [one, word("visibility", one)])} onPick=${(visibility) => put({ visibility })} />
      <//>
      <${Fault} error=${problem} />
      <button class="first" disabled=${busy}>${t("new.list")}</button>
    </form>
  </section>`;
}

function inputOf(site, facts) {
  return {
    siteId: site.id,
    direction: facts.direction,
    resourceCode: facts.resource.id,
    title: facts.title.trim(),
    visibility: facts.visibility,
    quantityPerYear: facts.quantity === "" ? null : Number(facts.quantity),
    unit: facts.quantity === "" ? null : facts.resource.unit,
    wasteCode: facts.wasteCode || null,
    availableFrom: facts.from || null,
    availableUntil: facts.until || null,
  };
}

// {found, failed}: what the words may mean, asked when the hand rests.
function useSuggested(text) {
  const [state, setState] = useState({ found: null, failed: null });
  const wanted = text.trim();
  useEffect(() => {
    if (wanted.length < 3) {
      setState({ found: null, failed: null });
      return undefined;
    }
    const stopper = new AbortController();
    const timer = setTimeout(() => {
      ask("console_Codes", { text: wanted.slice(0, 200) }, { signal: stopper.signal }).then(
        (data) => setState({ found: data.suggestCodes, failed: null }),
        (error) => error.name === "AbortError" || setState({ found: null, failed: error }),
      );
    }, 350);
    return () => {
      clearTimeout(timer);
      stopper.abort();
    };
  }, [wanted]);
  return state;
}

function Meant({ found, facts, put }) {
  const picked = (resource) => put({ resource, wasteCode: likeliest(found, resource) });
  const offered = found?.resources.map((row) => ({ ...row.resource, likely: row.confidenceShare })) ?? [];
  const shown = facts.resource && !offered.some((one) => one.id === facts.resource.id) ? [facts.resource, ...offered] : offered;
  return html`
    <div aria-live="polite">
      ${shown.length > 0 && html`<fieldset class="meant"><legend>${t("new.resource")}</legend>
        ${shown.map((resource) => html`<label key=${resource.id}>
          <input type="radio" name="resource" value=${resource.id} checked=${facts.resource?.id === resource.id} onChange=${() => picked(resource)} />
          <span>${nameOf(resource)} <span class="hint">${t(`kind.${resource.kind}`)}, ${unitOf(resource.unit)}</span></span>
          ${resource.likely !== undefined && html`<${Chip} title=${t("new.likely.why")}>${share(resource.likely)}<//>`}
        </label>`)}
      </fieldset>`}
    </div>
    ${facts.title.trim().length >= 3 && html`<${Catalogue} onPick=${picked} />`}
    ${facts.resource?.wasteCodes.length > 0 && facts.direction === "SUPPLY" && html`<${WasteCode} found=${found} facts=${facts} put=${put} />`}`;
}

// Returns the likeliest of the suggested waste codes that the resource may have, or its only one.
function likeliest(found, resource) {
  const fitting = found?.wasteCodes.find((row) => resource.wasteCodes.includes(row.code));
  return fitting?.code ?? (resource.wasteCodes.length === 1 ? resource.wasteCodes[0] : "");
}

function WasteCode({ found, facts, put }) {
  const known = Object.fromEntries((found?.wasteCodes ?? []).map((row) => [row.code, row]));
  const named = (code) => (known[code] ? `${known[code].display} ${nameOf(known[code])}` : code.replace(/(..)(..)(..)/, "$1 $2 $3"));
  const options = [["", t("new.waste.none")], ...facts.resource.wasteCodes.map((code) => [code, named(code)])];
  return html`<${Field} id="n-waste" label=${t("new.waste")}>
    <${Select} id="n-waste" value=${facts.wasteCode} options=${options} onPick=${(wasteCode) => put({ wasteCode })} />
  <//>`;
}

// The whole catalogue by name, for what the suggestions miss.
function Catalogue({ onPick }) {
  const [text, setText] = useState("");
  const [found, setFound] = useState([]);
  useEffect(() => {
    if (text.trim().length < 2) {
      setFound([]);
      return undefined;
    }
    const stopper = new AbortController();
    const timer = setTimeout(() => {
      ask("console_Resources", { name: text.trim() }, { signal: stopper.signal }).then((data) => setFound(data.resources.nodes), () => {});
    }, 250);
    return () => {
      clearTimeout(timer);
      stopper.abort();
    };
  }, [text]);
  return html`<details class="catalogue"><summary>${t("new.catalogue")}</summary>
    <${Field} id="n-catalogue" label=${t("new.catalogue.name")}>
      <input id="n-catalogue" autocomplete="off" value=${text} onInput=${(event) => setText(event.target.value)} />
    <//>
    <div class="chips">${found.map((resource) => html`<button key=${resource.id} type="button" onClick=${() => onPick(resource)}>${nameOf(resource)}</button>`)}</div>
  </details>`;
}

function Amount({ facts, put }) {
  return html`<${Field} id="n-quantity" label=${t("new.quantity", { unit: unitOf(facts.resource.unit) })} hint=${t("new.quantity.hint")}>
      <input id="n-quantity" type="number" min="0" step="any" inputmode="decimal" aria-describedby="n-quantity-hint" value=${facts.quantity} onInput=${(event) => put({ quantity: event.target.value })} />
    <//>
    <div class="amount">
    <${Field} id="n-from" label=${t("new.from")}><input id="n-from" type="date" value=${facts.from} onInput=${(event) => put({ from: event.target.value })} /><//>
    <${Field} id="n-until" label=${t("new.until")}>
      <input id="n-until" type="date" min=${facts.from || undefined} value=${facts.until} onInput=${(event) => put({ until: event.target.value })} /><//>
  </div>`;
}
