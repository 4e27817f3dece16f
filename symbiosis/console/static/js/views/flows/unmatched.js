// What the plan leaves over, by reason.
import { useAsk } from "../../api.js";
import { Chart } from "../../chart.js";
import { html, useMemo, useState } from "../../html.js";
import { ink, nameWidth } from "../../ink.js";
import { Busy, Fault, Field, Select } from "../../parts.js";
import { useTheme } from "../../theme.js";
import { currentLanguage, number, quantity, t, unitOf, word } from "../../words.js";
import { numbered } from "./sankey.js";

const SIDES = ["SUPPLY", "DEMAND"];

export function Unmatched({ asked }) {
  const { territoryId, kind } = asked.where;
  const { data, error, again } = useAsk("Unmatched", { first: 100, territoryId, kind }, [territoryId, kind]);
  const [wanted, setWanted] = useState("TONNE");
  const theme = useTheme();
  const language = currentLanguage();
  const sums = data?.unmatched.nodes ?? [];
  const units = [...new Set(sums.map((sum) => sum.unit))];
  const unit = units.includes(wanted) ? wanted : units[0];
  const rows = useMemo(() => numbered(sums.filter((sum) => sum.unit === unit)), [data, unit]);
  const option = useMemo(() => barsOf(rows, unit), [rows, unit, theme, language]);
  if (error) return html`<${Fault} error=${error} again=${again} />`;
  if (!data) return html`<${Busy} />`;
  if (sums.length === 0) return html`<p class="card">${t("flows.none")}</p>`;
  return html`<${Field} id="flows-unit" label=${t("flows.unit")}>
      <${Select} id="flows-unit" value=${unit} options=${units.map((one) => [one, unitOf(one)])} onPick=${setWanted} />
    <//>
    <${Chart} option=${option} caption=${t("flows.unmatched.caption", { unit: unitOf(unit) })} columns=${columns()} rows=${rows}
      height=${90 + 34 * reasonsOf(rows).length} />
    <p class="hint">${t("flows.unmatched.why")}</p>`;
}

function reasonsOf(rows) {
  return [...new Set(rows.map((row) => row.reason))];
}

function barsOf(rows, unit) {
  const paint = ink();
  const reasons = reasonsOf(rows);
  const rest = (side, reason) => rows.find((row) => row.direction === side && row.reason === reason)?.restPerYear ?? 0;
  return {
    legend: { top: 0, textStyle: { color: paint.text } },
    grid: { left: 8, right: 24, top: 36, bottom: 8, outerBoundsMode: "same" },
    tooltip: { trigger: "axis", axisPointer: { type: "shadow" }, valueFormatter: (value) => quantity(value, unit) },
    xAxis: { type: "value", axisLabel: { color: paint.soft, formatter: (value) => number(value) }, splitLine: { lineStyle: { color: paint.line } } },
    yAxis: {
      type: "category",
      inverse: true,
      data: reasons.map((reason) => word("flows.reason", reason)),
      axisLabel: { color: paint.text, width: nameWidth(), overflow: "break" },
    },
    series: SIDES.map((side) => ({
      type: "bar",
      name: t(`flows.side.${side}`),
      stack: "rest",
      itemStyle: { color: side === "SUPPLY" ? paint.accent : paint.warn },
      data: reasons.map((reason) => rest(side, reason)),
    })),
  };
}

function columns() {
  return [
    { key: "reason", label: t("flows.reason"), show: (row) => word("flows.reason", row.reason), sort: (row) => row.reason },
    { key: "side", label: t("flows.side"), show: (row) => t(`flows.side.${row.direction}`), sort: (row) => row.direction },
    { key: "listings", label: t("flows.listings"), number: true, show: (row) => number(row.listingCount), sort: (row) => row.listingCount },
    { key: "rest", label: t("flows.rest"), number: true, show: (row) => quantity(row.restPerYear, row.unit), sort: (row) => row.restPerYear },
  ];
}
