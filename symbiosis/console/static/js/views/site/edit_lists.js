// The parts of a listing that are several: physical states, measured qualities, statements about its legal status.
import { html } from "../../html.js";
import { Field, Select } from "../../parts.js";
import { t, word } from "../../words.js";

const STATES = ["SOLID", "POWDER", "SLUDGE", "LIQUID", "GAS"];
const QUALITIES = [
  "TEMPERATURE_C", "MOISTURE_SHARE", "PURITY_SHARE", "CHLORINE_SHARE", "CALORIFIC_MJ_PER_KG", "CONDUCTIVITY_US_PER_CM", "PARTICLE_MM",
  "ASH_SHARE", "SULFUR_SHARE", "METALS_MG_PER_KG", "SUSPENDED_MG_PER_L", "COD_MG_PER_L", "PH",
];
const STATEMENTS = ["CERTAIN_USE", "DIRECT_USE", "INTEGRAL_PART", "LAWFUL_USE", "NO_HARM", "END_OF_WASTE"];

export function States({ value, onPick }) {
  const turned = (state) => onPick(value.includes(state) ? value.filter((one) => one !== state) : [...value, state]);
  return html`<fieldset class="choices"><legend>${t("edit.states")}</legend>
    ${STATES.map((state) => html`<label key=${state}><input type="checkbox" checked=${value.includes(state)} onChange=${() => turned(state)} /> ${t(`state.${state}`)}</label>`)}
  </fieldset>`;
}

export function Qualities({ value, onPick }) {
  const put = (at, facts) => onPick(value.map((row, place) => (place === at ? { ...row, ...facts } : row)));
  const left = QUALITIES.filter((one) => !value.some((row) => row.quality === one));
  const end = (row, at, key) => html`<${Field} id=${`q-${at}-${key}`} label=${t(`edit.${key}`)}>
    <input id=${`q-${at}-${key}`} type="number" step="any" value=${row[key] ?? ""} onInput=${(event) => put(at, { [key]: event.target.value })} /><//>`;
  return html`<fieldset class="rows"><legend>${t("edit.qualities")}</legend>
    ${value.map((row, at) => html`<div key=${at} class="quality-row">
      <${Field} id=${`q-${at}`} label=${t("edit.quality")}>
        <${Select} id=${`q-${at}`} value=${row.quality} onPick=${(quality) => put(at, { quality })} options=${[row.quality, ...left].map((one) => [one, word("quality", one)])} /><//>
      ${end(row, at, "low")} ${end(row, at, "high")}
      <button type="button" class="plain" aria-label=${t("edit.remove", { name: word("quality", row.quality) })} onClick=${() => onPick(value.filter((_, place) => place !== at))}>×</button>
    </div>`)}
    ${left.length > 0 && html`<button type="button" onClick=${() => onPick([...value, { quality: left[0], low: null, high: null }])}>${t("edit.add_quality")}</button>`}
  </fieldset>`;
}

export function Statements({ value, onPick }) {
  const put = (at, facts) => onPick(value.map((row, place) => (place === at ? { ...row, ...facts } : row)));
  const left = STATEMENTS.filter((one) => !value.some((row) => row.kind === one));
  return html`<fieldset class="rows"><legend>${t("edit.evidence")}</legend>
    ${value.map((row, at) => html`<div key=${at} class="statement-row">
      <${Field} id=${`v-${at}`} label=${t("edit.evidence.kind")}>
        <${Select} id=${`v-${at}`} value=${row.kind} onPick=${(kind) => put(at, { kind })} options=${[row.kind, ...left].map((one) => [one, word("condition", one)])} /><//>
      <${Field} id=${`v-${at}-text`} label=${t("edit.evidence.text")}>
        <input id=${`v-${at}-text`} required value=${row.text} onInput=${(event) => put(at, { text: event.target.value })} /><//>
      ${row.kind === "END_OF_WASTE" && html`<${Field} id=${`v-${at}-act`} label=${t("edit.evidence.act")}>
        <input id=${`v-${at}-act`} required value=${row.act ?? ""} onInput=${(event) => put(at, { act: event.target.value })} /><//>`}
      <button type="button" class="plain" aria-label=${t("edit.remove", { name: word("condition", row.kind) })} onClick=${() => onPick(value.filter((_, place) => place !== at))}>×</button>
    </div>`)}
    ${left.length > 0 && html`<button type="button" onClick=${() => onPick([...value, { kind: left[0], text: "", act: null }])}>${t("edit.add_evidence")}</button>`}
  </fieldset>`;
}
