// A run under way, followed live: phase, share, best value and bound, until it has ended.
import { listen } from "../../api.js";
import { html, useEffect, useState } from "../../html.js";
import { Fault } from "../../parts.js";
import { share, sum, t } from "../../words.js";

const PHASES = ["SNAPSHOT", "CANDIDATES", "VALUE", "OPTIMISE", "CHECK", "PUBLISH"];

export function Progress({ id, onEnd }) {
  const [run, setRun] = useState(null);
  const [error, setError] = useState(null);
  const [round, setRound] = useState(0);
  useEffect(() => {
    setError(null);
    return listen(
      "RunProgress",
      { id },
      ({ runProgress }) => {
        setRun(runProgress);
        if (runProgress.status !== "RUNNING") onEnd(runProgress);
      },
      setError,
    );
  }, [id, round]);
  if (error) return html`<${Fault} error=${error} again=${() => setRound(round + 1)} />`;
  const progress = run?.progress;
  const at = PHASES.indexOf(progress?.phase);
  return html`<section class="card run-progress" aria-labelledby="run-follow">
    <h2 id="run-follow">${t("run.follow")}</h2>
    <progress max="1" value=${progress?.doneShare ?? 0} aria-label=${t("run.follow")}></progress>
    <p role="status">
      <strong>${t(`run.phase.${progress?.phase ?? "waiting"}`)}</strong>
      ${progress?.bestPerYearEur != null && html` · ${t("run.best", { best: sum(progress.bestPerYearEur) })}`}
      ${progress?.boundPerYearEur != null && html` · ${t("run.best.bound", { bound: sum(progress.boundPerYearEur) })}`}
      ${progress?.gapShare != null && html` · ${t("run.gap")} ${share(progress.gapShare, 2)}`}
    </p>
    <ol class="run-phases">
      ${PHASES.map(
        (phase, place) => html`<li key=${phase} class=${place < at ? "done" : place === at ? "now" : ""} aria-current=${place === at ? "step" : undefined}>
          ${t(`run.phase.${phase}`)}
        </li>`,
      )}
    </ol>
  </section>`;
}
