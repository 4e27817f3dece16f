// Analyses that decide the market again, as jobs: asked by a form, followed live, kept, and shown as picture and table.
import { listen, useAsk } from "../api.js";
import { html, useEffect, useState } from "../html.js";
import { Busy, Chip, Fault, Field, Pager, Select, Table } from "../parts.js";
import { go, link } from "../route.js";
import { myTerritories, useSession } from "../session.js";
import { usePages } from "../shared.js";
import { date, t } from "../words.js";
import { Ask } from "./analyses/ask.js";
import { Result } from "./analyses/result.js";
export { words } from "./analyses/words.js";

export const styles = ["css/analyses.css"];
const CHIP = { WAITING: "info", WORKING: "info", DONE: "good", FAILED: "bad" };
const UNDER_WAY = ["WAITING", "WORKING"];

export function View({ route }) {
  useSession();
  const { data, error, again } = useAsk("Territories", { first: 100 });
  const [round, setRound] = useState(0);
  if (error) return html`<${Fault} error=${error} again=${again} />`;
  if (!data) return html`<${Busy} />`;
  const mine = new Set(myTerritories("FACILITATOR", "ANALYST"));
  const places = data.territories.nodes.filter((one) => mine.has(one.id));
  if (places.length === 0) return html`<p class="card">${t("analyses.nobody")}</p>`;
  const territory = (places.find((one) => one.id === route.query.territory) ?? places[0]).id;
  const [shown] = route.path;
  const follow = (id) => {
    setRound((before) => before + 1);
    go(link("analyses", id, { territory }));
  };
  return html`<div class="analyses">
    <h1>${t("analyses.title")}</h1>
    <p>${t("analyses.intro")}</p>
    <div class="toolbar">
      <${Field} id="analyses-territory" label=${t("analyses.territory")}>
        <${Select} id="analyses-territory" value=${territory} options=${places.map((one) => [one.id, one.name])}
          onPick=${(id) => go(link("analyses", { territory: id }))} />
      <//>
    </div>
    <${Ask} territory=${territory} onStarted=${follow} />
    ${shown && html`<${One} key=${shown} id=${shown} onEnd=${() => setRound((before) => before + 1)} />`}
    <${Kept} territory=${territory} round=${round} shown=${shown} />
  </div>`;
}

function One({ id, onEnd }) {
  const { data, error, again } = useAsk("Analysis", { id, first: 50 }, [id]);
  const [now, setNow] = useState(null);
  const state = now?.state ?? data?.analysis?.state;
  const waits = UNDER_WAY.includes(data?.analysis?.state);
  useEffect(() => {
    if (!waits) return undefined;
    const heard = ({ analysisProgress: progress }) => {
      setNow(progress);
      if (UNDER_WAY.includes(progress.state)) return;
      again();
      onEnd();
    };
    return listen("AnalysisProgress", { id }, heard);
  }, [id, waits]);
  if (error) return html`<${Fault} error=${error} again=${again} />`;
  if (!data) return html`<${Busy} />`;
  const { analysis } = data;
  if (!analysis) return html`<p class="card">${t("analyses.empty")}</p>`;
  return html`<section class="card" aria-labelledby="analyses-result">
    <h2 id="analyses-result">${t(`analyses.kind.${analysis.kind}`)} <${Chip} kind=${CHIP[state]}>${t(`analyses.state.${state}`)}<//></h2>
    <p class="hint">${said(analysis)}</p>
    ${waits && html`<progress max="1" value=${now?.share ?? analysis.share} aria-label=${t(`analyses.state.${state}`)}></progress>`}
    ${analysis.failure && html`<p class="fault">${analysis.failure}</p>`}
    ${analysis.state === "DONE" && html`<${Result} analysis=${analysis} />`}
  </section>`;
}

function said(analysis) {
  return analysis.arguments.map((one) => `${one.name} ${one.value}`).join(" · ");
}

function Kept({ territory, round, shown }) {
  const kept = usePages("Analyses", { territoryId: territory, first: 10 }, (data) => data.analyses, [territory, round]);
  const columns = [
    { key: "asked", label: t("analyses.asked"), show: (row) => html`<a href=${link("analyses", row.id, { territory })}>${date(row.askedAt)}</a>`, sort: (row) => row.askedAt },
    { key: "kind", label: t("analyses.question"), show: (row) => t(`analyses.kind.${row.kind}`), sort: (row) => row.kind },
    { key: "arguments", label: t("analyses.arguments"), show: said },
    { key: "state", label: t("analyses.state"), show: (row) => html`<${Chip} kind=${CHIP[row.state]} title=${row.failure}>${t(`analyses.state.${row.state}`)}<//>`, sort: (row) => row.state },
  ];
  return html`<section class="card" aria-label=${t("analyses.kept")}>
    <${Fault} error=${kept.error} again=${kept.again} />
    <${Table} caption=${t("analyses.kept")} columns=${columns} rows=${kept.rows} current=${shown} />
    <${Pager} pageInfo=${kept.pageInfo} shown=${kept.rows.length} busy=${kept.busy} more=${kept.more} />
  </section>`;
}
