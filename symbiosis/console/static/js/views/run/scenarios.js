// What-ifs beside the published plan, side by side against one of them.
import { useAsk } from "../../api.js";
import { html, useState } from "../../html.js";
import { Busy, Fault, Field, Select, Table } from "../../parts.js";
import { may } from "../../session.js";
import { carbon, money, number, t, tonnes } from "../../words.js";
import { useStart } from "./start.js";

const AT_MOST = 9;

export function Scenarios({ onStarted }) {
  const { data, error, again } = useAsk("Scenarios", { first: AT_MOST + 1 });
  const [wanted, setWanted] = useState(null);
  const scenarios = data?.scenarios.nodes ?? [];
  const base = scenarios.find((one) => one.id === wanted) ?? scenarios.at(-1);
  const others = scenarios.filter((one) => one !== base).map((one) => one.id);
  const compared = useAsk(others.length ? "CompareScenarios" : null, { baseId: base?.id, otherIds: others }, [base?.id, others.join()]);
  if (error) return html`<${Fault} error=${error} again=${again} />`;
  if (!data) return html`<${Busy} />`;
  const against = new Map((compared.data?.compareScenarios ?? []).map((one) => [one.scenario.id, one]));
  return html`${scenarios.length === 0
      ? html`<p>${t("run.scenarios.none")}</p>`
      : html`<${Field} id="run-base" label=${t("run.scenarios.base")}>
            <${Select} id="run-base" value=${base.id} options=${scenarios.map((one) => [one.id, one.name])} onPick=${setWanted} />
          <//>
          <${Fault} error=${compared.error} again=${compared.again} />
          <${Table} caption=${t("run.scenarios.list")} columns=${columns(against)} rows=${scenarios} current=${base.id} />`}
    ${may("FACILITATOR") && html`<${NewScenario} onStarted=${onStarted} />`}`;
}

function columns(against) {
  const pairs = (field) => (row) => (against.has(row.id) ? number(against.get(row.id)[field]) : "–");
  return [
    {
      key: "name",
      label: t("run.scenarios.name"),
      show: (row) => html`<strong>${row.name}</strong>
        ${row.changes !== "{}" && html`<div class="hint">${row.changes}</div>`}
        ${against.get(row.id)?.sameBase === false && html`<div class="hint">${t("run.scenarios.not_same")}</div>`}`,
      sort: (row) => row.name,
    },
    { key: "value", label: t("run.value"), number: true, show: (row) => money(row.valuePerYearEur), sort: (row) => row.valuePerYearEur },
    { key: "avoided", label: t("run.avoided"), number: true, show: (row) => carbon(row.avoidedTco2ePerYear), sort: (row) => row.avoidedTco2ePerYear },
    { key: "mass", label: t("run.scenarios.mass"), number: true, show: (row) => tonnes(row.massPerYearT), sort: (row) => row.massPerYearT },
    { key: "suggested", label: t("run.suggested"), number: true, show: (row) => number(row.suggestionCount), sort: (row) => row.suggestionCount },
    { key: "more", label: t("run.scenarios.more"), number: true, show: pairs("newPairCount") },
    { key: "less", label: t("run.scenarios.less"), number: true, show: pairs("gonePairCount") },
  ];
}

function NewScenario({ onStarted }) {
  const [name, setName] = useState("");
  const [weight, setWeight] = useState("0");
  const { busy, error, start } = useStart(onStarted);
  const started = (event) => {
    event.preventDefault();
    start("StartScenario", { name: name.trim(), weightEurPerTco2e: Number(weight) });
  };
  return html`<form class="run-new" onSubmit=${started} aria-labelledby="run-new">
    <h3 id="run-new">${t("run.scenarios.new")}</h3>
    <${Field} id="run-name" label=${t("run.scenarios.name")}>
      <input id="run-name" required maxlength="60" value=${name} onInput=${(event) => setName(event.target.value)} />
    <//>
    <${Field} id="run-weight" label=${t("run.scenarios.weight")} hint=${t("run.scenarios.weight.hint")}>
      <input id="run-weight" type="number" min="0" max="100000" step="any" required value=${weight} aria-describedby="run-weight-hint"
        onInput=${(event) => setWeight(event.target.value)} />
    <//>
    <button disabled=${busy}>${t("run.scenarios.new")}</button>
    <${Fault} error=${error} />
  </form>`;
}
