// The front between value and CO2 avoided, as a picture and a table.
import { Chart } from "../../chart.js";
import { html, useMemo } from "../../html.js";
import { ink } from "../../ink.js";
import { Fault } from "../../parts.js";
import { may } from "../../session.js";
import { useTheme } from "../../theme.js";
import { carbon, currentLanguage, money, number, sum, t } from "../../words.js";
import { useStart } from "./start.js";

const POINTS = 11;

export function Front({ run, onStarted }) {
  const theme = useTheme();
  const language = currentLanguage();
  const { busy, error, start } = useStart(onStarted);
  const points = useMemo(() => (run.front ?? []).map((point, at) => ({ ...point, id: at })), [run.front]);
  const option = useMemo(() => curveOf(points), [points, theme, language]);
  const drawn = points.length > 0;
  return html`${drawn
      ? html`<${Chart} option=${option} caption=${t("run.front.caption")} columns=${columns()} rows=${points} height=${420} />
          <p class="hint">${t("run.front.why")}</p>`
      : html`<p>${t("run.front.none")}</p>`}
    ${may("FACILITATOR") && html`<button type="button" disabled=${busy} onClick=${() => start("StartFront", { points: POINTS })}>${t("run.front.start")}</button>`}
    <${Fault} error=${error} />`;
}

function curveOf(points) {
  const paint = ink();
  const axis = { type: "value", scale: true, axisLabel: { color: paint.soft }, nameTextStyle: { color: paint.text }, splitLine: { lineStyle: { color: paint.line } } };
  const line = (name, field, colour, dashed) => ({
    type: "line",
    name,
    data: points.map((point) => [point.avoidedTco2ePerYear, point[field]]),
    itemStyle: { color: colour },
    lineStyle: { color: colour, type: dashed ? "dashed" : "solid" },
    symbolSize: dashed ? 4 : 9,
    tooltip: { valueFormatter: (value) => money(value) },
  });
  return {
    legend: { top: 0, textStyle: { color: paint.text } },
    grid: { left: 12, right: 40, top: 60, bottom: 40, outerBoundsMode: "same" },
    tooltip: {
      trigger: "axis",
      formatter: ([first, ...more]) => [carbon(first.value[0]), ...[first, ...more].map((one) => `${one.seriesName}: ${money(one.value[1])}`)].join("\n"),
    },
    xAxis: { ...axis, name: t("run.avoided"), nameLocation: "middle", nameGap: 28, axisLabel: { color: paint.soft, formatter: (value) => number(value) } },
    yAxis: { ...axis, name: t("run.front.value"), axisLabel: { color: paint.soft, formatter: (value) => sum(value) } },
    series: [line(t("run.front.bound"), "boundPerYearEur", paint.soft, true), line(t("run.front.value"), "valuePerYearEur", paint.accent, false)],
  };
}

function columns() {
  return [
    { key: "avoided", label: t("run.avoided"), number: true, show: (row) => carbon(row.avoidedTco2ePerYear), sort: (row) => row.avoidedTco2ePerYear },
    { key: "value", label: t("run.front.value"), number: true, show: (row) => money(row.valuePerYearEur), sort: (row) => row.valuePerYearEur },
    { key: "bound", label: t("run.front.bound"), number: true, show: (row) => money(row.boundPerYearEur), sort: (row) => row.boundPerYearEur },
    { key: "marginal", label: t("run.front.marginal"), number: true, show: (row) => t("run.front.a_tonne", { eur: money(row.marginalEurPerTco2e, 2) }), sort: (row) => row.marginalEurPerTco2e },
  ];
}
