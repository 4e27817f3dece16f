// The flows as a Sankey picture, and the balances of the groups, each with its table.
import { useAsk } from "../../api.js";
import { Chart } from "../../chart.js";
import { groupName, sankey, sankeyHeight } from "../../groups.js";
import { html, useMemo } from "../../html.js";
import { KIND_INK } from "../../ink.js";
import { Busy, Fault, Field, Pager, Select, Table } from "../../parts.js";
import { go, link } from "../../route.js";
import { usePages } from "../../shared.js";
import { useTheme } from "../../theme.js";
import { carbon, currentLanguage, money, number, quantity, t, unitOf, word } from "../../words.js";
import { CODED } from "./where.js";

const UNITS = ["TONNE", "M3", "MWH", "M2", "HOUR"];

export function useFlows({ where, by }) {
  return usePages("Flows", { first: 100, where, by }, (data) => data.flows, [JSON.stringify(where), by]);
}

// Returns what a row weighs by a measure (`value`, `avoided` or a unit); null where it has no such weight.
export function weightOf(row, measure) {
  if (measure === "value") return row.valuePerYearEur;
  if (measure === "avoided") return row.avoidedTco2ePerYear;
  return row.unit === measure ? row.quantityPerYear : null;
}

export function measureWord(measure) {
  return measure in { value: 0, avoided: 0 } ? t(`flows.measure.${measure}`) : t("flows.measure.quantity", { unit: unitOf(measure) });
}

export function Sankey({ asked, kinds, query }) {
  const flows = useFlows(asked);
  const theme = useTheme();
  const language = currentLanguage();
  const units = UNITS.filter((unit) => flows.rows.some((row) => row.unit === unit));
  const measure = ["avoided", ...units].find((one) => one === query.measure) ?? "value";
  const coded = CODED.has(asked.by);
  const bands = useMemo(() => bandsOf(flows.rows, measure, coded, kinds), [flows.rows, measure, coded, kinds, language]);
  const option = useMemo(() => sankey(bands, { left: (id) => KIND_INK[id] }), [bands, theme]);
  if (flows.error) return html`<${Fault} error=${flows.error} again=${flows.again} />`;
  if (flows.busy && flows.rows.length === 0) return html`<${Busy} />`;
  if (flows.rows.length === 0) return html`<p class="card">${t("flows.none")}</p>`;
  const undrawn = flows.rows.length - bands.length;
  return html`<${Field} id="flows-measure" label=${t("flows.measure")}>
      <${Select} id="flows-measure" value=${measure} options=${["value", "avoided", ...units].map((one) => [one, measureWord(one)])}
        onPick=${(one) => go(link("flows", { ...query, measure: one }), { replace: true })} />
    <//>
    <${Kinds} rows=${flows.rows} />
    <${Chart} option=${option} caption=${t("flows.caption", { measure: measureWord(measure) })} height=${sankeyHeight(bands)}
      columns=${columnsOf(coded)} rows=${numbered(flows.rows)} />
    ${flows.hasMore && html`<p class="hint">${t("flows.part", { count: bands.length })}</p>`}
    ${undrawn > 0 && html`<p class="hint">${t("flows.undrawn", { count: undrawn })}</p>`}
    <${Pager} pageInfo=${flows.pageInfo} shown=${flows.rows.length} busy=${flows.busy} more=${flows.more} />`;
}

// The colours of the kinds that are in the picture.
export function Kinds({ rows }) {
  const kinds = Object.keys(KIND_INK).filter((kind) => rows.some((row) => row.kind === kind));
  return html`<ul class="flows-kinds">
    ${kinds.map((kind) => html`<li key=${kind}><span style=${{ background: KIND_INK[kind] }} aria-hidden="true"></span>${word("kind", kind)}</li>`)}
  </ul>`;
}

function bandsOf(rows, measure, coded, kinds) {
  const end = (group) => ({ id: group.key, name: groupName(group, coded) });
  return rows
    .filter((row) => weightOf(row, measure) > 0)
    .map((row) => ({
      from: kinds ? { id: row.kind, name: word("kind", row.kind) } : end(row.giver),
      to: end(row.taker),
      weight: weightOf(row, measure),
      colour: KIND_INK[row.kind],
      label: [
        `${groupName(row.giver, coded)} → ${groupName(row.taker, coded)}`,
        `${word("kind", row.kind)} · ${quantity(row.quantityPerYear, row.unit)} · ${money(row.valuePerYearEur)}`,
        carbon(row.avoidedTco2ePerYear),
      ],
    }));
}

export function numbered(rows) {
  return rows.map((row, at) => ({ ...row, id: at }));
}

function columnsOf(coded) {
  return [
    { key: "giver", label: t("flows.giver"), show: (row) => groupName(row.giver, coded), sort: (row) => groupName(row.giver, coded) },
    { key: "taker", label: t("flows.taker"), show: (row) => groupName(row.taker, coded), sort: (row) => groupName(row.taker, coded) },
    { key: "kind", label: t("flows.resource"), show: (row) => word("kind", row.kind), sort: (row) => word("kind", row.kind) },
    { key: "count", label: t("flows.count"), number: true, show: (row) => number(row.flowCount), sort: (row) => row.flowCount },
    { key: "quantity", label: t("flows.quantity"), number: true, show: (row) => quantity(row.quantityPerYear, row.unit) },
    { key: "value", label: t("flows.value"), number: true, show: (row) => money(row.valuePerYearEur), sort: (row) => row.valuePerYearEur },
    { key: "avoided", label: t("flows.avoided"), number: true, show: (row) => carbon(row.avoidedTco2ePerYear), sort: (row) => row.avoidedTco2ePerYear },
  ];
}

export function Balances({ asked }) {
  const { data, error, again } = useAsk("Balances", { first: 100, where: asked.where, by: asked.by }, [JSON.stringify(asked)]);
  if (error) return html`<${Fault} error=${error} again=${again} />`;
  if (!data) return html`<${Busy} />`;
  const coded = CODED.has(asked.by);
  const amount = (key) => ({ key, label: t(`flows.${key}`), number: true, show: (row) => quantity(row[`${key}PerYear`], row.unit) });
  const columns = [
    { key: "group", label: t("flows.group"), show: (row) => groupName(row.group, coded), sort: (row) => groupName(row.group, coded) },
    { key: "kind", label: t("flows.resource"), show: (row) => word("kind", row.kind), sort: (row) => word("kind", row.kind) },
    ...["given", "taken", "within", "net"].map(amount),
  ];
  return html`<${Table} caption=${t("flows.balance.caption")} columns=${columns} rows=${numbered(data.balances.nodes)} empty=${t("flows.none")} />
    <${Pager} pageInfo=${null} shown=${data.balances.nodes.length} />`;
}
