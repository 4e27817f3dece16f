// The dialogs of the queue: a step with what it needs, an assignment, a comment, a document, a delivery.
import { html, useState } from "../../html.js";
import { Dialog, Field, Select } from "../../parts.js";
import { sentence } from "../../shared.js";
import { t, unitOf, word } from "../../words.js";
import { Problem } from "./problem.js";

export function Forms({ acts, synergy, facilitators, me }) {
  if (!acts.form || !synergy) return null;
  const { name, step } = acts.form;
  const Form = { step: StepForm, assign: AssignForm, comment: CommentForm, evidence: EvidenceForm, delivery: DeliveryForm }[name];
  const title = name === "step" ? word("status", step.to) : t(`act.${name}`);
  return html`<${Dialog} title=${sentence(title)} onClose=${acts.close}>
    <${Problem} problem=${acts.problem} again=${acts.loadAnew} />
    <${Form} acts=${acts} synergy=${synergy} step=${step} facilitators=${facilitators} me=${me} />
  <//>`;
}

export function today() {
  const now = new Date();
  const two = (part) => String(part).padStart(2, "0");
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}

function Saved({ acts, onSave, children, bad = false }) {
  const saved = (event) => {
    event.preventDefault();
    onSave();
  };
  return html`<form onSubmit=${saved}>
    ${children}
    <div class="actions">
      <button class=${bad ? "bad" : "first"}>${t("act.save")}</button>
      <button type="button" onClick=${acts.close}>${t("act.cancel")}</button>
    </div>
  </form>`;
}

const DECLARING = ["AGREED", "OPERATING"];

function StepForm({ acts, synergy, step }) {
  const agreements = synergy.evidence.nodes.filter((one) => one.kind === "AGREEMENT");
  const needs = (need) => step.requires.includes(need);
  const [facts, setFacts] = useState({
    reason: null, note: "", trialResult: "PASSED", startsOn: today(), agreement: agreements[0]?.id ?? "", agreed: "", jobs: "",
  });
  const put = (more) => setFacts((now) => ({ ...now, ...more }));
  const save = () => {
    const input = { note: facts.note.trim() || null };
    if (needs("REASON")) input.reason = facts.reason;
    if (needs("TRIAL_RESULT")) input.trialResult = facts.trialResult;
    if (needs("START_DATE")) input.startsOn = facts.startsOn;
    if (needs("AGREEMENT") && facts.agreement) input.evidenceIds = [facts.agreement];
    if (step.to === "AGREED" && facts.agreed !== "") input.agreedQuantityPerYear = Number(facts.agreed);
    if (DECLARING.includes(step.to) && facts.jobs !== "") input.jobsFte = Number(facts.jobs);
    acts.move(step.to, input);
  };
  return html`<${Saved} acts=${acts} onSave=${save} bad=${["REJECTED", "LOST"].includes(step.to)}>
    ${needs("REASON") && html`<fieldset class="choices"><legend>${t("form.reason")}</legend>
      ${step.reasons.map((reason, at) => html`<label key=${reason}><input type="radio" name="reason" value=${reason} required=${true} autofocus=${at === 0}
        checked=${facts.reason === reason} onChange=${() => put({ reason })} /> ${word("reason", reason)}</label>`)}
    </fieldset>`}
    ${needs("TRIAL_RESULT") && html`<${Field} id="s-trial" label=${t("form.trial")}>
      <${Select} id="s-trial" value=${facts.trialResult} options=${["PASSED", "PASSED_WITH_CONDITIONS", "FAILED"].map((one) => [one, t(`trial.${one}`)])}
        onPick=${(trialResult) => put({ trialResult })} /><//>`}
    ${needs("START_DATE") && html`<${Field} id="s-starts" label=${t("form.starts")}>
      <input id="s-starts" type="date" required max=${today()} value=${facts.startsOn} onInput=${(event) => put({ startsOn: event.target.value })} /><//>`}
    ${needs("AGREEMENT") && html`<${Field} id="s-agreement" label=${t("form.agreement")}>
      ${agreements.length === 0
        ? html`<p id="s-agreement" class="error">${t("form.agreement.none")}</p>
            <button type="button" onClick=${() => acts.begin("evidence")}>${t("act.evidence")}</button>`
        : html`<${Select} id="s-agreement" value=${facts.agreement} options=${agreements.map((one) => [one.id, one.title])} onPick=${(agreement) => put({ agreement })} />`}
    <//>`}
    ${step.to === "AGREED" && html`<${Field} id="s-agreed" label=${t("form.agreed", { unit: unitOf(synergy.unit) })}>
      <input id="s-agreed" type="number" min="0" step="any" value=${facts.agreed} onInput=${(event) => put({ agreed: event.target.value })} /><//>`}
    ${DECLARING.includes(step.to) && html`<${Field} id="s-jobs" label=${t("form.jobs")}>
      <input id="s-jobs" type="number" min="0" step="0.1" value=${facts.jobs} onInput=${(event) => put({ jobs: event.target.value })} /><//>`}
    <${Field} id="s-note" label=${t("form.note")} hint=${facts.reason === "OTHER" ? t("form.note.needed") : null}>
      <textarea id="s-note" maxlength="4000" required=${facts.reason === "OTHER"} value=${facts.note} onInput=${(event) => put({ note: event.target.value })}></textarea>
    <//>
  <//>`;
}

function AssignForm({ acts, synergy, facilitators, me }) {
  const people = facilitators.some((one) => one.id === synergy.assignee?.id) || !synergy.assignee ? facilitators : [synergy.assignee, ...facilitators];
  const [who, setWho] = useState(synergy.assignee?.id ?? me?.id ?? "");
  const [dueOn, setDueOn] = useState(synergy.dueOn ?? "");
  return html`<${Saved} acts=${acts} onSave=${() => acts.assign(who || null, who && dueOn ? dueOn : null)}>
    <${Field} id="a-who" label=${t("form.assignee")}>
      <${Select} id="a-who" value=${who} options=${[...people.map((one) => [one.id, one.name]), ["", t("form.nobody")]]} onPick=${setWho} />
    <//>
    ${who && html`<${Field} id="a-due" label=${t("form.due")}>
      <input id="a-due" type="date" value=${dueOn} onInput=${(event) => setDueOn(event.target.value)} /><//>`}
  <//>`;
}

function Readers({ value, onPick }) {
  return html`<${Field} id="readers" label=${t("form.readers")}>
    <${Select} id="readers" value=${value} options=${["FACILITATORS", "BOTH_SIDES"].map((one) => [one, t(`readers.${one}`)])} onPick=${onPick} />
  <//>`;
}

function CommentForm({ acts }) {
  const [text, setText] = useState("");
  const [readers, setReaders] = useState("FACILITATORS");
  return html`<${Saved} acts=${acts} onSave=${() => acts.comment(text, readers)}>
    <${Field} id="c-text" label=${t("form.text")}>
      <textarea id="c-text" autofocus=${true} required maxlength="4000" value=${text} onInput=${(event) => setText(event.target.value)}></textarea>
    <//>
    <${Readers} value=${readers} onPick=${setReaders} />
  <//>`;
}

const KINDS = ["AGREEMENT", "TRIAL_REPORT", "ANALYSIS", "PERMIT", "DELIVERY_NOTE", "OTHER"];

function EvidenceForm({ acts }) {
  const [facts, setFacts] = useState({ kind: "AGREEMENT", title: "", url: "", sha256: "", datedOn: "", readers: "BOTH_SIDES" });
  const put = (key) => (event) => setFacts((now) => ({ ...now, [key]: event?.target ? event.target.value : event }));
  const given = Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== ""));
  return html`<${Saved} acts=${acts} onSave=${() => acts.attach(given)}>
    <${Field} id="e-kind" label=${t("form.kind")}>
      <${Select} id="e-kind" value=${facts.kind} options=${KINDS.map((one) => [one, t(`document.${one}`)])} onPick=${put("kind")} /><//>
    <${Field} id="e-title" label=${t("form.title")}><input id="e-title" required maxlength="200" value=${facts.title} onInput=${put("title")} /><//>
    <${Field} id="e-url" label=${t("form.url")}><input id="e-url" type="url" required=${!facts.sha256} value=${facts.url} onInput=${put("url")} /><//>
    <${Field} id="e-sha" label=${t("form.sha256")}>
      <input id="e-sha" pattern="[0-9a-fA-F]{64}" required=${!facts.url} value=${facts.sha256} onInput=${put("sha256")} /><//>
    <${Field} id="e-dated" label=${t("form.dated")}><input id="e-dated" type="date" value=${facts.datedOn} onInput=${put("datedOn")} /><//>
    <${Readers} value=${facts.readers} onPick=${put("readers")} />
  <//>`;
}

function DeliveryForm({ acts, synergy }) {
  const [day, setDay] = useState(today());
  const [amount, setAmount] = useState("");
  return html`<${Saved} acts=${acts} onSave=${() => acts.deliver({ deliveredOn: day, quantity: Number(amount) })}>
    <${Field} id="d-day" label=${t("form.delivered")}>
      <input id="d-day" type="date" required min=${synergy.startedOn} max=${today()} value=${day} onInput=${(event) => setDay(event.target.value)} /><//>
    <${Field} id="d-amount" label=${t("form.quantity", { unit: unitOf(synergy.unit) })}>
      <input id="d-amount" type="number" required min="0" step="any" value=${amount} onInput=${(event) => setAmount(event.target.value)} /><//>
  <//>`;
}
