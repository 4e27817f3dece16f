// A listing in change: only what was changed is sent, so that what somebody else states stays.
import { tell } from "../../api.js";
import { html, useState } from "../../html.js";
import { Dialog, Field, Select, toast } from "../../parts.js";
import { problemOf } from "../../shared.js";
import { t, unitOf, word } from "../../words.js";
import { Qualities, Statements, States } from "./edit_lists.js";
import { VISIBILITIES } from "./sight.js";

const NUMBERS = ["quantityPerYear", "minimumPerYear", "pricePerUnitEur"];
const TEXTS = ["title", "description", "wasteCode", "availableFrom", "availableUntil"];
const WORDS = ["visibility", "provenance"];
const LISTS = ["physicalStates", "qualities", "evidence"];

export function Edit({ listing, onClose, onSaved, onStale }) {
  const [facts, setFacts] = useState(() => draftOf(listing));
  const [problem, setProblem] = useState(null);
  const put = (key) => (event) => setFacts((now) => ({ ...now, [key]: event?.target ? event.target.value : event }));
  const save = async (event) => {
    event.preventDefault();
    try {
      const result = await tell("UpdateListing", { id: listing.id, version: listing.version, ...changesOf(listing, facts) }, { keyed: true });
      if (!problemOf(result)) {
        toast(t("edit.done", { title: result.title }));
        onSaved();
      } else setProblem(result);
    } catch (error) {
      setProblem(error);
    }
  };
  const unit = unitOf(listing.unit);
  const typed = (key, label, more = {}) => html`<${Field} id=${`l-${key}`} label=${label} hint=${more.hint}>
    <input id=${`l-${key}`} type=${more.type ?? "text"} step=${more.type === "number" ? "any" : undefined} min=${more.type === "number" ? 0 : undefined}
      required=${more.required} maxlength=${more.type ? undefined : 200} aria-describedby=${more.hint ? `l-${key}-hint` : undefined}
      value=${facts[key]} onInput=${put(key)} /><//>`;
  return html`<${Dialog} title=${t("mine.edit.of", { title: listing.title })} onClose=${onClose}>
    <form onSubmit=${save} class="edit">
      ${typed("title", t("edit.title"), { required: true })}
      <${Field} id="l-description" label=${t("edit.description")}>
        <textarea id="l-description" maxlength="4000" value=${facts.description} onInput=${put("description")}></textarea><//>
      <div class="amount">
        ${typed("quantityPerYear", t("new.quantity", { unit }), { type: "number" })}
        ${typed("minimumPerYear", t("edit.minimum", { unit }), { type: "number" })}
        <${Field} id="l-provenance" label=${t("edit.provenance")}>
          <${Select} id="l-provenance" value=${facts.provenance} onPick=${put("provenance")} options=${provenances(listing).map((one) => [one, word("provenance", one)])} /><//>
      </div>
      <div class="amount">
        ${typed("availableFrom", t("new.from"), { type: "date" })} ${typed("availableUntil", t("new.until"), { type: "date" })}
      </div>
      ${listing.resource.wasteCodes.length > 0 && html`<${Field} id="l-wasteCode" label=${t("new.waste")}>
        <${Select} id="l-wasteCode" value=${facts.wasteCode} onPick=${put("wasteCode")}
          options=${[["", t("new.waste.none")], ...listing.resource.wasteCodes.map((code) => [code, code])]} /><//>`}
      <${States} value=${facts.physicalStates} onPick=${put("physicalStates")} />
      <${Qualities} value=${facts.qualities} onPick=${put("qualities")} />
      ${listing.direction === "SUPPLY" && html`<${Statements} value=${facts.evidence} onPick=${put("evidence")} />`}
      ${typed("pricePerUnitEur", t(`edit.price.${listing.direction}`, { unit }), { type: "number", hint: t("edit.price.why") })}
      <${Field} id="l-visibility" label=${t("new.visibility")} hint=${t(`sight.${facts.visibility}`)}>
        <${Select} id="l-visibility" value=${facts.visibility} onPick=${put("visibility")} options=${VISIBILITIES.map((one) => [one, word("visibility", one)])} /><//>
      ${problem && html`<div class="fault" role="alert"><p>${problem.code === "CONFLICT" ? t("edit.conflict") : problem.message}</p>
        ${problem.code === "CONFLICT" && html`<button type="button" onClick=${onStale}>${t("edit.load")}</button>`}</div>`}
      <div class="actions"><button class="first">${t("edit.save")}</button><button type="button" onClick=${onClose}>${t("edit.close")}</button></div>
    </form>
  <//>`;
}

function provenances(listing) {
  return [...new Set([listing.provenance, "DECLARED", "METERED"])];
}

function draftOf(listing) {
  const texts = Object.fromEntries([...NUMBERS, ...TEXTS].map((key) => [key, listing[key] ?? ""]));
  return { ...texts, ...Object.fromEntries([...WORDS, ...LISTS].map((key) => [key, listing[key]])) };
}

function changesOf(listing, facts) {
  const changes = {};
  for (const key of NUMBERS) {
    const given = facts[key] === "" ? null : Number(facts[key]);
    if (given !== listing[key]) changes[key] = given;
  }
  for (const key of TEXTS) {
    const given = String(facts[key]).trim() || null;
    if (given !== listing[key]) changes[key] = given;
  }
  for (const key of WORDS) if (facts[key] !== listing[key]) changes[key] = facts[key];
  for (const key of LISTS) if (facts[key] !== listing[key]) changes[key] = facts[key].map(given);
  return changes;
}

// A window or statement as the API takes it: empty ends are none.
function given(row) {
  if (typeof row === "string") return row;
  if ("quality" in row) return { quality: row.quality, low: number(row.low), high: number(row.high) };
  return { kind: row.kind, text: row.text, act: row.act || null };
}

function number(text) {
  return text === "" || text === null || text === undefined ? null : Number(text);
}
