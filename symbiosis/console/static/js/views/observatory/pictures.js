// The pictures of the observatory, each with its table and a sentence on how to read it.
import { Chart } from "../../chart.js";
import { groupName, sankey, sankeyHeight } from "../../groups.js";
import { html, useMemo } from "../../html.js";
import { ink, nameWidth, SERIES_INK } from "../../ink.js";
import { Table } from "../../parts.js";
import { useTheme } from "../../theme.js";
import { carbon, currentLanguage, number, t, tonnes } from "../../words.js";

const ALL = "*";

export function Bands({ flows }) {
  const theme = useTheme();
  const language = currentLanguage();
  const givers = [...new Set(flows.map((flow) => flow.giver.key))];
  const colour = (key) => SERIES_INK[givers.indexOf(key) % SERIES_INK.length];
  const bands = useMemo(
    () =>
      flows.map((flow) => ({
        from: { id: flow.giver.key, name: groupName(flow.giver) },
        to: { id: flow.chapter.key, name: groupName(flow.chapter) },
        weight: flow.tonnesPerYear,
        colour: colour(flow.giver.key),
        label: [`${groupName(flow.giver)} → ${groupName(flow.chapter)}`, tonnes(flow.tonnesPerYear)],
      })),
    [flows, language],
  );
  const option = useMemo(() => sankey(bands, { left: colour }), [bands, theme]);
  const columns = [
    { key: "giver", label: t("observatory.giver"), show: (row) => groupName(row.giver), sort: (row) => groupName(row.giver) },
    { key: "chapter", label: t("observatory.chapter"), show: (row) => groupName(row.chapter, row.chapter.key !== "?"), sort: (row) => row.chapter.key },
    { key: "tonnes", label: t("observatory.tonnes"), number: true, show: (row) => tonnes(row.tonnesPerYear), sort: (row) => row.tonnesPerYear },
  ];
  return html`<${Chart} option=${option} caption=${t("observatory.sankey")} columns=${columns} height=${sankeyHeight(bands)}
      rows=${flows.map((flow, at) => ({ ...flow, id: at }))} />
    <p class="hint">${t("observatory.sankey.why")}</p>`;
}

// One bar for each family, its parts the métropoles that give.
export function Families({ cells }) {
  const theme = useTheme();
  const language = currentLanguage();
  const rows = useMemo(
    () =>
      cells
        .filter((cell) => cell.measure === "SUGGESTED" && cell.chapter.key !== ALL && cell.territory.key !== ALL)
        .map((cell, at) => ({ ...cell, id: at }))
        .sort((one, other) => other.tonnes - one.tonnes),
    [cells],
  );
  const option = useMemo(() => barsOf(rows), [rows, theme, language]);
  const columns = [
    { key: "territory", label: t("observatory.giver"), show: (row) => groupName(row.territory), sort: (row) => groupName(row.territory) },
    { key: "chapter", label: t("observatory.chapter"), show: (row) => groupName(row.chapter, row.chapter.key !== "?"), sort: (row) => row.chapter.key },
    { key: "tonnes", label: t("observatory.tonnes"), number: true, show: (row) => tonnes(row.tonnes), sort: (row) => row.tonnes },
    { key: "avoided", label: t("observatory.co2"), number: true, show: (row) => carbon(row.avoidedTco2e), sort: (row) => row.avoidedTco2e },
  ];
  return html`<${Chart} option=${option} caption=${t("observatory.bars")} columns=${columns} rows=${rows} height=${80 + 36 * chaptersOf(rows).length} />
    <p class="hint">${t("observatory.bars.why")}</p>`;
}

function chaptersOf(rows) {
  return [...new Map(rows.map((row) => [row.chapter.key, row.chapter])).values()];
}

function barsOf(rows) {
  const paint = ink();
  const chapters = chaptersOf(rows);
  const territories = [...new Map(rows.map((row) => [row.territory.key, row.territory])).values()];
  const shown = (territory, chapter) => rows.find((row) => row.territory.key === territory.key && row.chapter.key === chapter.key)?.tonnes ?? 0;
  return {
    legend: { top: 0, textStyle: { color: paint.text } },
    grid: { left: 8, right: 24, top: 36, bottom: 8, outerBoundsMode: "same" },
    tooltip: { trigger: "axis", axisPointer: { type: "shadow" }, valueFormatter: (value) => tonnes(value) },
    xAxis: { type: "value", axisLabel: { color: paint.soft, hideOverlap: true, formatter: (value) => number(value) }, splitLine: { lineStyle: { color: paint.line } } },
    yAxis: {
      type: "category",
      inverse: true,
      data: chapters.map((chapter) => groupName(chapter)),
      axisLabel: { color: paint.text, width: nameWidth(), overflow: "truncate" },
    },
    series: territories.map((territory, at) => ({
      type: "bar",
      stack: "tonnes",
      name: groupName(territory),
      itemStyle: { color: SERIES_INK[at % SERIES_INK.length] },
      data: chapters.map((chapter) => shown(territory, chapter)),
    })),
  };
}

export function Deliveries({ cells }) {
  const rows = cells.filter((cell) => cell.measure === "DELIVERED").map((cell, at) => ({ ...cell, id: at }));
  if (rows.length === 0) return html`<p>${t("observatory.deliveries.none")}</p>`;
  const columns = [
    { key: "quarter", label: t("observatory.quarter"), show: (row) => row.quarter, sort: (row) => row.quarter },
    { key: "territory", label: t("observatory.giver"), show: (row) => groupName(row.territory), sort: (row) => groupName(row.territory) },
    { key: "chapter", label: t("observatory.chapter"), show: (row) => groupName(row.chapter), sort: (row) => row.chapter.key },
    { key: "tonnes", label: t("observatory.tonnes"), number: true, show: (row) => tonnes(row.tonnes), sort: (row) => row.tonnes },
  ];
  return html`<${Table} caption=${t("observatory.deliveries")} hideCaption=${true} columns=${columns} rows=${rows} />`;
}
