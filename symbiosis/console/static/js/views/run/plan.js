// What a run came to: value, proven bound, gap, what it saw, and what the checker said.
import { html } from "../../html.js";
import { carbon, money, number, share, sum, t } from "../../words.js";

export function Plan({ run }) {
  if (run.failure) return html`<p class="fault">${t("run.failed", { why: run.failure })}</p>`;
  const facts = [
    [t("run.value"), sum(run.objectivePerYearEur), money(run.objectivePerYearEur)],
    [t("run.bound"), sum(run.boundPerYearEur), t("run.bound.why")],
    [t("run.gap"), share(run.gapShare, 4), run.gapShare === 0 ? t("run.proven") : null],
    [t("run.avoided"), carbon(run.avoidedTco2ePerYear), null],
    [t("run.suggested"), number(run.suggestionCount), null],
  ];
  return html`<dl class="run-facts">
      ${facts.map(
        ([label, value, hint]) => html`<div key=${label}>
          <dt>${label}</dt>
          <dd><span class="figure">${value}</span>${hint && html`<span class="hint">${hint}</span>`}</dd>
        </div>`,
      )}
    </dl>
    <p>${t("run.saw", { supplies: run.supplyCount, demands: run.demandCount, candidates: run.candidateCount, parts: run.componentCount })}</p>
    ${run.leftOutSmallCount !== null && html`<p>${t("run.left_out", { small: run.leftOutSmallCount, emitting: run.leftOutEmittingCount ?? 0 })}</p>`}
    ${run.stabilityCostPerYearEur > 0 && html`<p>${t("run.stability", { money: money(run.stabilityCostPerYearEur) })}</p>`}
    <dl class="run-details">
      <dt>${t("run.check")}</dt><dd>${run.checkVerdict ?? "–"}</dd>
      <dt>${t("run.took")}</dt><dd>${run.durationS === null ? "–" : t("run.seconds", { s: number(run.durationS, 1) })}</dd>
      <dt>${t("run.distances")}</dt><dd>${run.distances ?? "–"}</dd>
      <dt>${t("run.solver")}</dt><dd>${run.solver ?? "–"}</dd>
      <dt>${t("run.hashes")}</dt>
      <dd>${t("run.input")} <code>${run.inputSha256?.slice(0, 16) ?? "–"}</code>, ${t("run.plan")} <code>${run.planSha256?.slice(0, 16) ?? "–"}</code></dd>
    </dl>`;
}
