// What a run changed of the plan before it, and why.
import { Chart } from "../../chart.js";
import { html, useMemo } from "../../html.js";
import { ink, nameWidth } from "../../ink.js";
import { Busy, Chip, Fault, Pager, Table } from "../../parts.js";
import { link } from "../../route.js";
import { may } from "../../session.js";
import { nameOf, usePages } from "../../shared.js";
import { useTheme } from "../../theme.js";
import { currentLanguage, money, number, t, word } from "../../words.js";

const KINDS = ["NEW", "LARGER", "SMALLER", "GONE"];
const CHIP = { NEW: "good", LARGER: "good", SMALLER: "warn", GONE: "bad" };

export function Changes({ run }) {
  const theme = useTheme();
  const language = currentLanguage();
  const changes = usePages("console_RunChanges", { id: run.id, first: 20 }, (data) => data.run.changes, [run.id]);
  const counts = useMemo(() => run.changeCounts.map((count, at) => ({ ...count, id: at })), [run.changeCounts]);
  const option = useMemo(() => barsOf(counts), [counts, theme, language]);
  if (counts.length === 0) return html`<p>${t("run.changes.none")}</p>`;
  const causes = new Set(counts.map((count) => count.cause)).size;
  return html`<${Chart} option=${option} caption=${t("run.changes.counts")} columns=${countColumns()} rows=${counts} height=${90 + 40 * causes} />
    <${Fault} error=${changes.error} again=${changes.again} />
    ${changes.busy && changes.rows.length === 0
      ? html`<${Busy} />`
      : html`<${Table} caption=${t("run.changes.list")} columns=${columns()} rows=${changes.rows.map((row) => ({ ...row, id: row.synergyId }))} />`}
    <${Pager} pageInfo=${changes.pageInfo} shown=${changes.rows.length} busy=${changes.busy} more=${changes.more} />`;
}

function barsOf(counts) {
  const paint = ink();
  const colour = { NEW: paint.accent, LARGER: paint.blue, SMALLER: paint.warn, GONE: paint.bad };
  const causes = [...new Set(counts.map((count) => count.cause))];
  const pairs = (kind, cause) => counts.find((count) => count.kind === kind && count.cause === cause)?.pairCount ?? 0;
  return {
    legend: { top: 0, textStyle: { color: paint.text } },
    grid: { left: 8, right: 24, top: 36, bottom: 8, outerBoundsMode: "same" },
    tooltip: { trigger: "axis", axisPointer: { type: "shadow" }, valueFormatter: (value) => number(value) },
    xAxis: { type: "value", minInterval: 1, axisLabel: { color: paint.soft }, splitLine: { lineStyle: { color: paint.line } } },
    yAxis: { type: "category", inverse: true, data: causes.map((cause) => word("run.cause", cause)), axisLabel: { color: paint.text, width: nameWidth(), overflow: "break" } },
    series: KINDS.map((kind) => ({
      type: "bar",
      stack: "pairs",
      name: t(`run.change.${kind}`),
      itemStyle: { color: colour[kind] },
      data: causes.map((cause) => pairs(kind, cause)),
    })),
  };
}

function countColumns() {
  return [
    { key: "cause", label: t("run.cause"), show: (row) => word("run.cause", row.cause), sort: (row) => row.cause },
    { key: "change", label: t("run.change"), show: (row) => t(`run.change.${row.kind}`), sort: (row) => row.kind },
    { key: "pairs", label: t("run.pairs"), number: true, show: (row) => number(row.pairCount), sort: (row) => row.pairCount },
  ];
}

function columns() {
  return [
    { key: "change", label: t("run.change"), show: (row) => html`<${Chip} kind=${CHIP[row.kind]}>${t(`run.one.${row.kind}`)}<//>`, sort: (row) => row.kind },
    { key: "synergy", label: t("run.synergy"), show: (row) => html`<${Changed} change=${row} />` },
    { key: "cause", label: t("run.cause"), show: (row) => word("run.cause", row.cause), sort: (row) => row.cause },
    { key: "value", label: t("run.gain"), number: true, show: (row) => money(worthOf(row)), sort: worthOf },
  ];
}

function worthOf(change) {
  return change.valueChangePerYearEur ?? change.synergy?.suggestion?.valuePerYearEur;
}

// Who and what a change is about, with the way to the queue where there is a synergy to look at.
function Changed({ change }) {
  const { synergy } = change;
  const [supply, demand] = [synergy?.supply ?? change.supply, synergy?.demand ?? change.demand];
  const what = nameOf((supply ?? demand)?.resource) || t("run.gone_synergy");
  const shown = synergy && may("FACILITATOR") ? html`<a href=${link("queue", synergy.id)}>${what}</a>` : what;
  const side = (listing) => listing?.site.name ?? t("side.hidden");
  return html`${shown}${(supply || demand) && html`<div class="hint">${side(supply)} → ${side(demand)}</div>`}`;
}
