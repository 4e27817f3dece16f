// The run view: what the plan is worth and how good it is proven to be, what changed and why, and what else there could be.
import { useAsk } from "../api.js";
import { html, useState } from "../html.js";
import { words as pairWords } from "../pair_words.js";
import { Busy, Chip, Fault, Tabs, toast } from "../parts.js";
import { go, link } from "../route.js";
import { may, useSession } from "../session.js";
import { together } from "../shared.js";
import { date, t, word } from "../words.js";
import { Changes } from "./run/changes.js";
import { Front } from "./run/front.js";
import { RunList } from "./run/list.js";
import { Plan } from "./run/plan.js";
import { Progress } from "./run/progress.js";
import { Scenarios } from "./run/scenarios.js";
import { StartDialog } from "./run/start.js";
import { words as own } from "./run/words.js";

export const words = together(pairWords, own);
export const styles = ["css/run.css"];
const TABS = ["plan", "changes", "front", "scenarios", "all"];

export function View({ route }) {
  useSession();
  const [round, setRound] = useState(0);
  const [starting, setStarting] = useState(false);
  const current = useAsk("CurrentRun", {}, [round]);
  const { query } = route;
  const currentId = current.data?.currentRun?.id ?? null;
  const id = route.path[0] ?? currentId;
  const tab = TABS.find((one) => one === query.tab) ?? "plan";
  const to = (place, change) => go(link("run", ...(place ? [place] : []), { ...query, ...change }));
  const started = (follow) => {
    setStarting(false);
    to(route.path[0], { follow });
  };
  const ended = (run) => {
    if (run.status === "FAILED") toast(t("run.failed", { why: run.failure ?? "" }), { kind: "fault" });
    else toast(t("run.ended"));
    setRound((before) => before + 1);
    const settled = run.kind === "PREVIEW" ? run.id : null;
    to(settled, { follow: null, tab: run.kind === "SCENARIO" ? "scenarios" : settled ? "plan" : query.tab });
  };
  if (!current.data) return current.error ? html`<${Fault} error=${current.error} again=${current.again} />` : html`<${Busy} />`;
  return html`<div class="runs">
    <header class="toolbar">
      <h1>${t("run.title")}</h1>
      ${may("FACILITATOR") && html`<button type="button" class="first" onClick=${() => setStarting(true)}>${t("run.start")} …</button>`}
    </header>
    ${starting && html`<${StartDialog} onClose=${() => setStarting(false)} onStarted=${started} />`}
    ${query.follow && html`<${Progress} key=${query.follow} id=${query.follow} onEnd=${ended} />`}
    <${Tabs} tabs=${TABS.map((one) => ({ id: one, label: t(`run.tab.${one}`) }))} current=${tab} label=${t("run.tabs")}
      onPick=${(one) => to(route.path[0], { tab: one })} />
    <section class="card" aria-label=${t(`run.tab.${tab}`)}>
      ${tab === "all" && html`<${RunList} currentId=${currentId} round=${round} />`}
      ${tab === "scenarios" && html`<${Scenarios} key=${round} onStarted=${started} />`}
      ${!["all", "scenarios"].includes(tab) && (id ? html`<${OneRun} id=${id} tab=${tab} round=${round} isCurrent=${id === currentId} onStarted=${started} />` : html`<p>${t("run.none")}</p>`)}
    </section>
  </div>`;
}

function OneRun({ id, tab, round, isCurrent, onStarted }) {
  const { data, error, again } = useAsk("console_Run", { id }, [id, round]);
  if (error) return html`<${Fault} error=${error} again=${again} />`;
  if (!data) return html`<${Busy} />`;
  const { run } = data;
  if (!run) return html`<p>${t("run.gone")}</p>`;
  return html`<h2 class="run-name">
      ${word("run.kind", run.kind)} · ${date(run.startedAt)}
      <${Chip} kind=${isCurrent ? "good" : "info"}>${t(isCurrent ? "run.current" : run.status === "PUBLISHED" ? "run.past" : `run.status.${run.status}`)}<//>
    </h2>
    ${tab === "plan" && html`<${Plan} run=${run} />`}
    ${tab === "changes" && html`<${Changes} key=${run.id} run=${run} />`}
    ${tab === "front" && html`<${Front} run=${run} onStarted=${onStarted} />`}`;
}
