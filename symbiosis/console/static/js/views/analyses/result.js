// The answer of an analysis: a sentence, bars of its most telling number, and the table.
import { Chart } from "../../chart.js";
import { groupName } from "../../groups.js";
import { html, useMemo } from "../../html.js";
import { ink, nameWidth } from "../../ink.js";
import { useTheme } from "../../theme.js";
import { currentLanguage, km, money, number, quantity, share, sum, t, unitOf } from "../../words.js";

const SHOWN_BARS = 20;
const paid = (key, field) => ({ key, label: t(`analyses.${key}`), number: true, show: (row) => money(row[field]), sort: (row) => row[field] });
const perUnit = (key, field) => ({
  key,
  label: t(`analyses.${key}`),
  number: true,
  show: (row) => (row[field] === null ? "–" : `${money(row[field], 2)} / ${unitOf(row.unit)}`),
  sort: (row) => row[field],
});
const named = (key, name) => ({ key, label: t(`analyses.${key}`), show: name, sort: name });

// How each kind of answer is told: its sentence, rows, what a row is called, what is drawn, and its columns.
const TOLD = {
  StopsResult: (result) => ({
    text: t("analyses.whole", { whole: sum(result.wholePerYearEur) }),
    rows: result.stops.nodes,
    name: stopName,
    drawn: "lostPerYearEur",
    columns: [
      named("site", stopName),
      paid("lost", "lostPerYearEur"),
      paid("exchanged", "exchangedPerYearEur"),
      { key: "replaced", label: t("analyses.replaced"), number: true, show: (row) => share(row.replacedShare), sort: (row) => row.replacedShare },
      { key: "orphans", label: t("analyses.orphans"), number: true, show: (row) => number(row.orphanCount), sort: (row) => row.orphanCount },
    ],
  }),
  MarginalsResult: (result) => ({
    text: t("analyses.listings", { count: result.listingCount }),
    rows: result.marginals.nodes,
    name: (row) => `${row.resourceCode} · ${row.site.name}`,
    drawn: "moreEurPerUnit",
    columns: [named("site", (row) => row.site.name), named("listing", (row) => row.resourceCode), perUnit("more", "moreEurPerUnit"), perUnit("less", "lessEurPerUnit")],
  }),
  CooperationResult: (result) => ({
    text: t("analyses.alone", { alone: sum(result.alonePerYearEur), whole: sum(result.wholePerYearEur) }),
    rows: result.groups.nodes,
    name: (row) => groupName(row.group),
    drawn: "owenSharePerYearEur",
    columns: [
      named("group", (row) => groupName(row.group)),
      paid("group_alone", "alonePerYearEur"),
      paid("owen", "owenSharePerYearEur"),
      paid("shapley", "shapleySharePerYearEur"),
    ],
  }),
  NewcomerResult: (result) => ({
    text: t("analyses.gain", { gain: sum(result.gainPerYearEur), whole: sum(result.wholePerYearEur) }),
    rows: result.exchanges.nodes,
    name: (row) => `${row.resourceCode} · ${row.partner.name}`,
    drawn: "valuePerYearEur",
    columns: [
      named("partner", (row) => row.partner.name),
      named("listing", (row) => row.resourceCode),
      { key: "quantity", label: t("analyses.quantity"), number: true, show: (row) => quantity(row.quantityPerYear, row.unit) },
      paid("value", "valuePerYearEur"),
      { key: "distance", label: t("analyses.distance"), number: true, show: (row) => km(row.distanceKm), sort: (row) => row.distanceKm },
    ],
  }),
  RadarResult: (result) => ({
    text: t("analyses.tried", { count: result.candidateCount }),
    rows: result.plants.nodes,
    name: plantName,
    drawn: "gainPerYearEur",
    columns: [named("plant", plantName), paid("adds", "gainPerYearEur"), paid("bound", "boundPerYearEur")],
  }),
};

function stopName(row) {
  return row.sites.map((site) => site.name).join(" + ");
}

function plantName(row) {
  return `${row.kind === "TREATMENT" ? `${row.byProduct} → ${row.replaces}` : row.naf} · ${row.place}`;
}

export function Result({ analysis }) {
  const theme = useTheme();
  const language = currentLanguage();
  const told = useMemo(() => TOLD[analysis.result?.__typename]?.(analysis.result), [analysis, language]);
  const rows = useMemo(() => told?.rows.map((row, at) => ({ ...row, id: at })) ?? [], [told]);
  const option = useMemo(() => told && barsOf(rows.slice(0, SHOWN_BARS), told), [told, rows, theme]);
  if (!told) return html`<p>${t("analyses.empty")}</p>`;
  return html`<p>${told.text}</p>
    <${Chart} option=${option} caption=${t(`analyses.kind.${analysis.kind}`)} columns=${told.columns} rows=${rows}
      height=${80 + 30 * Math.min(SHOWN_BARS, rows.length)} />`;
}

function barsOf(rows, { name, drawn }) {
  const paint = ink();
  return {
    grid: { left: 8, right: 24, top: 8, bottom: 8, outerBoundsMode: "same" },
    tooltip: { trigger: "axis", axisPointer: { type: "shadow" }, valueFormatter: (value) => money(value, 2) },
    xAxis: { type: "value", axisLabel: { color: paint.soft, hideOverlap: true, formatter: (value) => sum(value) }, splitLine: { lineStyle: { color: paint.line } } },
    yAxis: { type: "category", inverse: true, data: rows.map(name), axisLabel: { color: paint.text, width: nameWidth(), overflow: "truncate" } },
    series: [{ type: "bar", data: rows.map((row) => row[drawn]), itemStyle: { color: paint.accent } }],
  };
}
