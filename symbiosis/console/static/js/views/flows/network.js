// The flows as a network: who exchanges with whom, which sites are hubs, what the whole looks like.
import { useAsk } from "../../api.js";
import { Chart } from "../../chart.js";
import { groupName } from "../../groups.js";
import { html, useMemo } from "../../html.js";
import { ink, SERIES_INK } from "../../ink.js";
import { Busy, Fault, Table } from "../../parts.js";
import { go, link } from "../../route.js";
import { useTheme } from "../../theme.js";
import { currentLanguage, money, number, share, t, word } from "../../words.js";
import { numbered, useFlows } from "./sankey.js";
import { CODED } from "./where.js";

const WIDEST_PX = 9;

export function Network({ asked }) {
  const flows = useFlows(asked);
  const shape = useAsk("Structure", { first: 100, where: asked.where }, [JSON.stringify(asked.where)]);
  const theme = useTheme();
  const language = currentLanguage();
  const sites = shape.data?.structure.sites.nodes ?? [];
  const option = useMemo(() => networkOf(flows.rows, sites, asked.by), [flows.rows, shape.data, asked.by, theme, language]);
  if (flows.error || shape.error) return html`<${Fault} error=${flows.error ?? shape.error} again=${() => (flows.again(), shape.again())} />`;
  if (flows.busy || !shape.data) return html`<${Busy} />`;
  if (flows.rows.length === 0) return html`<p class="card">${t("flows.none")}</p>`;
  const opened = ({ dataType, data }) => dataType === "node" && asked.by === "SITE" && go(link("map", { site: data.name }));
  return html`<${Shape} shape=${shape.data.structure} />
    <${Chart} option=${option} caption=${t("flows.network.caption")} onPick=${opened} height=${620} columns=${columnsOf(CODED.has(asked.by))} rows=${numbered(flows.rows)} />
    ${flows.hasMore && html`<p class="hint">${t("flows.part", { count: flows.rows.length })}</p>`}
    <${Table} caption=${t("flows.network.sites")} columns=${siteColumns()} rows=${sites.map((site) => ({ ...site, id: site.siteId }))} />`;
}

function Shape({ shape }) {
  const facts = [
    [number(shape.siteCount), "sites"],
    [share(shape.connectanceShare, 1), "connectance"],
    [number(shape.communityCount), "communities"],
    [number(shape.largestLoopSiteCount), "loop"],
    [number(shape.cyclicity, 1), "cyclicity"],
    [number(shape.largestPartSiteCount), "largest"],
  ];
  return html`<div class="flows-shape">
    ${facts.map(([value, key]) => html`<p key=${key}><span class="figure">${value}</span> <span class="hint">${t(`flows.shape.${key}`)}</span></p>`)}
  </div>`;
}

// Edges lie between groups, one for each kind that flows; nodes of sites carry the colour of their community.
function networkOf(rows, sites, by) {
  const paint = ink();
  const known = new Map(sites.map((site) => [site.siteId, site]));
  const groups = new Map(rows.flatMap((row) => [row.giver, row.taker]).map((group) => [group.key, group]));
  const most = Math.max(1, ...rows.map((row) => row.valuePerYearEur ?? 0));
  const colour = (key) => SERIES_INK[((known.get(key)?.community ?? 1) - 1) % SERIES_INK.length];
  return {
    tooltip: { formatter: ({ data }) => data.lines.join("\n") },
    series: [
      {
        type: "graph",
        layout: by === "SITE" ? "force" : "circular",
        roam: true,
        draggable: true,
        force: { repulsion: 90, edgeLength: [30, 120], gravity: 0.12 },
        edgeSymbol: ["none", "arrow"],
        edgeSymbolSize: 7,
        emphasis: { focus: "adjacency" },
        label: { show: true, position: "right", color: paint.text, formatter: ({ data }) => data.title, width: 150, overflow: "truncate", fontSize: 11, textBorderWidth: 2, textBorderColor: paint.card },
        labelLayout: { hideOverlap: true },
        data: [...groups.values()].map((group) => nodeOf(group, known.get(group.key), colour(group.key), CODED.has(by))),
        links: rows.filter((row) => row.giver.key !== row.taker.key).map((row) => edgeOf(row, most, paint, by)),
      },
    ],
  };
}

function nodeOf(group, site, colour, coded) {
  const title = groupName(group, coded);
  const partners = site ? [`${t("flows.gives_to")} ${site.givesToCount} · ${t("flows.takes_from")} ${site.takesFromCount}`, t("flows.community.n", { n: site.community })] : [];
  const size = site ? 8 + 2.5 * Math.sqrt(site.givesToCount + site.takesFromCount) : 16;
  return { name: group.key, title, symbolSize: size, itemStyle: { color: colour }, lines: [title, ...partners] };
}

function edgeOf(row, most, paint, by) {
  const coded = CODED.has(by);
  return {
    source: row.giver.key,
    target: row.taker.key,
    lines: [`${groupName(row.giver, coded)} → ${groupName(row.taker, coded)}`, `${word("kind", row.kind)} · ${money(row.valuePerYearEur)}`],
    lineStyle: { width: 0.8 + (WIDEST_PX * (row.valuePerYearEur ?? 0)) / most, color: paint.soft, opacity: 0.55, curveness: 0.15 },
  };
}

function columnsOf(coded) {
  return [
    { key: "giver", label: t("flows.giver"), show: (row) => groupName(row.giver, coded), sort: (row) => groupName(row.giver, coded) },
    { key: "taker", label: t("flows.taker"), show: (row) => groupName(row.taker, coded), sort: (row) => groupName(row.taker, coded) },
    { key: "kind", label: t("flows.resource"), show: (row) => word("kind", row.kind) },
    { key: "value", label: t("flows.value"), number: true, show: (row) => money(row.valuePerYearEur), sort: (row) => row.valuePerYearEur },
  ];
}

function siteColumns() {
  const counted = (key, field) => ({ key, label: t(`flows.${key}`), number: true, show: (row) => number(row[field]), sort: (row) => row[field] });
  const paid = (key, field) => ({ key, label: t(`flows.${key}`), number: true, show: (row) => money(row[field]), sort: (row) => row[field] });
  return [
    { key: "name", label: t("flows.site"), show: (row) => html`<a href=${link("map", { site: row.siteId })}>${row.name}</a>`, sort: (row) => row.name },
    counted("gives_to", "givesToCount"),
    counted("takes_from", "takesFromCount"),
    paid("out", "outStrengthPerYearEur"),
    paid("in", "inStrengthPerYearEur"),
    { key: "between", label: html`<span title=${t("flows.between.why")}>${t("flows.between")}</span>`, number: true, show: (row) => share(row.betweennessShare, 1), sort: (row) => row.betweennessShare },
    { key: "community", label: t("flows.community"), number: true, show: (row) => row.community, sort: (row) => row.community },
  ];
}
