// The form of a question: its kind, its territory, and the few numbers and switches that it takes.
import { html, useState } from "../../html.js";
import { Fault, Field, Select } from "../../parts.js";
import { has, t } from "../../words.js";
import { useStart } from "../run/start.js";

const COUNT = { type: "number", min: 1, max: 100, step: 1 };
const PEOPLE = { type: "number", min: 1, max: 100000, step: 1 };
const DEGREES = { type: "number", step: "any" };
const SWITCH = { type: "checkbox" };
// The input of each kind: its name in the API, and its fields with what they begin with.
export const QUESTIONS = {
  STOPS: { name: "stops", fields: { atMost: [10, COUNT] } },
  MARGINALS: { name: "marginals", fields: { atMost: [50, COUNT] } },
  COOPERATION: { name: "cooperation", fields: { by: ["SECTION", ["TERRITORY", "COMMUNE", "SECTION", "DIVISION"]] } },
  NEWCOMER: { name: "newcomer", fields: { naf: ["24.51Z", { type: "text", maxlength: 6 }], employees: [100, PEOPLE], lat: [45.68, DEGREES], lon: [4.85, DEGREES] } },
  RADAR: { name: "radar", fields: { plants: [5, { ...COUNT, max: 30 }], employees: [100, PEOPLE], treatments: [true, SWITCH] } },
};

function first(kind) {
  return Object.fromEntries(Object.entries(QUESTIONS[kind].fields).map(([name, [value]]) => [name, value]));
}

export function Ask({ territory, onStarted }) {
  const [kind, setKind] = useState("STOPS");
  const [values, setValues] = useState(first("STOPS"));
  const [again, setAgain] = useState(false);
  const { busy, error, start } = useStart(onStarted);
  const { name, fields } = QUESTIONS[kind];
  const picked = (next) => {
    setKind(next);
    setValues(first(next));
  };
  const typed = (field, how) => (how.type === "number" ? Number(values[field]) : values[field]);
  const asked = (event) => {
    event.preventDefault();
    const input = Object.fromEntries(Object.entries(fields).map(([field, [, how]]) => [field, typed(field, how)]));
    start("StartAnalysis", { territoryId: territory, question: { [name]: input }, again });
  };
  return html`<form class="card" onSubmit=${asked} aria-labelledby="analyses-ask">
    <h2 id="analyses-ask">${t("analyses.ask")}</h2>
    <div class="toolbar analyses-fields">
      <${Field} id="analyses-kind" label=${t("analyses.question")}>
        <${Select} id="analyses-kind" value=${kind} options=${Object.keys(QUESTIONS).map((one) => [one, t(`analyses.kind.${one}`)])} onPick=${picked} />
      <//>
      ${Object.entries(fields).map(
        ([field, [, how]]) => html`<${Argument} key=${`${kind} ${field}`} field=${field} how=${how} value=${values[field]}
          onValue=${(value) => setValues((now) => ({ ...now, [field]: value }))} />`,
      )}
    </div>
    <p><label><input type="checkbox" checked=${again} onChange=${(event) => setAgain(event.target.checked)} /> ${t("analyses.again")}</label></p>
    <button class="first" disabled=${busy}>${t("analyses.start")}</button>
    <${Fault} error=${error} />
  </form>`;
}

function Argument({ field, how, value, onValue }) {
  const id = `analyses-${field}`;
  if (how === SWITCH) {
    return html`<label><input type="checkbox" id=${id} checked=${value} onChange=${(event) => onValue(event.target.checked)} /> ${t(`analyses.field.${field}`)}</label>`;
  }
  const hint = has(`analyses.field.${field}.hint`) ? t(`analyses.field.${field}.hint`) : null;
  return html`<${Field} id=${id} label=${t(`analyses.field.${field}`)} hint=${hint}>
    ${Array.isArray(how)
      ? html`<${Select} id=${id} value=${value} options=${how.map((one) => [one, t(`analyses.by.${one}`)])} onPick=${onValue} />`
      : html`<input id=${id} required ...${how} value=${value} onInput=${(event) => onValue(event.target.value)} />`}
  <//>`;
}
