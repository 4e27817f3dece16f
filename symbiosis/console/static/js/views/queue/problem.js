// Why a change was not made; where somebody else was first, in kind words and with the way on.
import { html } from "../../html.js";
import { t } from "../../words.js";

export function Problem({ problem, again }) {
  if (!problem) return null;
  const conflict = problem.code === "CONFLICT" || problem.__typename === "ConflictProblem" || problem.__typename === "TransitionProblem";
  return html`<div class="fault" role="alert">
    <p>${conflict ? t("act.conflict") : problem.message}</p>
    ${conflict && html`<button type="button" onClick=${again}>${t("act.load")}</button>`}
  </div>`;
}
