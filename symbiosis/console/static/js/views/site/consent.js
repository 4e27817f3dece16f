// Consent, given until a day and taken back at once.
import { tell } from "../../api.js";
import { html, useState } from "../../html.js";
import { Dialog, Fault, Field, toast } from "../../parts.js";
import { problemOf } from "../../shared.js";
import { t } from "../../words.js";

// {revoke(version), problem}: taking a consent back.
export function useConsent(row, own, done) {
  const [problem, setProblem] = useState(null);
  const revoke = async (version) => {
    try {
      const result = await tell("RevokeConsent", { synergyId: row.id, listingId: own.id, version }, { keyed: true });
      setProblem(problemOf(result));
      if (!problemOf(result)) {
        toast(t("consent.revoked"));
        done();
      }
    } catch (error) {
      setProblem(error);
    }
  };
  return { revoke, problem };
}

function inDays(days) {
  const day = new Date();
  day.setDate(day.getDate() + days);
  return day.toISOString().slice(0, 10);
}

export function ConsentForm({ row, own, version, onClose, onDone }) {
  const [until, setUntil] = useState(inDays(90));
  const [problem, setProblem] = useState(null);
  const granted = async (event) => {
    event.preventDefault();
    try {
      const result = await tell("GrantConsent", { synergyId: row.id, listingId: own.id, until, version }, { keyed: true });
      setProblem(problemOf(result));
      if (!problemOf(result)) {
        toast(t("consent.granted"));
        onDone();
      }
    } catch (error) {
      setProblem(error);
    }
  };
  return html`<${Dialog} title=${t("consent.grant")} onClose=${onClose}>
    <form onSubmit=${granted}>
      <p>${t("consent.shows")}</p>
      <p>${t("consent.never")}</p>
      <${Field} id="consent-until" label=${t("consent.until")}>
        <input id="consent-until" type="date" required min=${inDays(0)} max=${inDays(366)} value=${until} onInput=${(event) => setUntil(event.target.value)} />
      <//>
      <${Fault} error=${problem} />
      <div class="actions"><button class="first">${t("consent.grant")}</button><button type="button" onClick=${onClose}>${t("consent.not_now")}</button></div>
    </form>
  <//>`;
}
