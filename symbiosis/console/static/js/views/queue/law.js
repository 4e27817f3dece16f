// What law and quality say of the pair, check by check, as `explainPair` answers.
import { useAsk } from "../../api.js";
import { html } from "../../html.js";
import { Busy, Chip, Fault } from "../../parts.js";
import { t, word } from "../../words.js";

const SIGN = { PASSED: "✓", NOTED: "!", BLOCKED: "✕" };
const KIND = { PASSED: "good", NOTED: "warn", BLOCKED: "bad", OPEN: "good", TO_PROVE: "warn", CLOSED: "bad" };

export function Law({ synergy }) {
  const whole = synergy.supply && synergy.demand;
  const asked = useAsk(whole ? "ExplainPair" : null, { supplyId: synergy.supplyId, demandId: synergy.demandId }, [synergy.id]);
  if (!whole) return html`<p class="hint">${t("law.hidden")}</p>`;
  if (asked.error) return html`<${Fault} error=${asked.error} again=${asked.again} />`;
  if (!asked.data) return html`<${Busy} />`;
  const said = asked.data.explainPair;
  return html`<h3>${t("law.checks")}</h3>
    <ul class="checks">
      ${said.checks.map(({ check, outcome }) => html`<li key=${check} class=${`check-${outcome.toLowerCase()}`}>
        <span aria-hidden="true">${SIGN[outcome]}</span> ${word("check", check)} <span class="hint">${word("outcome", outcome)}</span>
      </li>`)}
    </ul>
    ${said.reasons.length > 0 &&
    html`<h3>${t("law.reasons")}</h3>
      <ul>${said.reasons.map((reason) => html`<li key=${reason.code}><span lang="en">${reason.sentence}</span>
        <span class="hint">${t("law.remedy", { remedy: reason.remedy })}</span></li>`)}</ul>`}
    ${said.notices.length > 0 &&
    html`<h3>${t("law.notices")}</h3>
      <ul>${said.notices.map((notice, at) => html`<li key=${at}><${Chip} kind="warn">${word("notice", notice.code)}<//> <span lang="en">${notice.sentence}</span></li>`)}</ul>`}
    ${said.legalPath && html`<${Path} path=${said.legalPath} />`}`;
}

function Path({ path }) {
  return html`<h3>${t("law.path")} <${Chip} kind=${path.regime === "HAZARDOUS" ? "bad" : "plain"}>${word("regime", path.regime)}<//>
      ${" "}${path.adrClass && html`<${Chip} kind="warn">${t("law.adr", { class: path.adrClass })}<//>`}</h3>
    ${path.routes.map(
      (route) => html`<details key=${route.kind} class="route" open=${route.standing === "OPEN"}>
        <summary>${word("legal_route", route.kind)} <${Chip} kind=${KIND[route.standing]}>${word("standing", route.standing)}<//> <span class="hint">${route.article}</span></summary>
        <p lang="en">${route.sentence}</p>
        <ul>${route.conditions.map((one) => html`<li key=${one.name}><strong>${word("condition", one.name)}</strong>${" "}
          <span class="hint">${one.article}</span>: <span lang="en">${one.needed}</span>.${" "}
          <${Chip} kind=${one.given ? "good" : "plain"}>${one.given ? t("law.given", { given: one.given }) : t("law.missing")}<//></li>`)}</ul>
      </details>`,
    )}
    <p class="hint">${t("law.path.why")}</p>`;
}
