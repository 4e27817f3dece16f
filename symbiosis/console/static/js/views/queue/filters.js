// Which synergies are shown and in which order; all of it stands in the address, so that it can be sent to a colleague.
import { ask } from "../../api.js";
import { html, useEffect, useState } from "../../html.js";
import { Field, Select } from "../../parts.js";
import { go, link } from "../../route.js";
import { nameOf } from "../../shared.js";
import { t, word } from "../../words.js";

const HAND = ["SHORTLISTED", "CONTACT", "DISCUSSION", "NEGOTIATION", "TRIAL", "AGREED", "OPERATING", "ON_HOLD"];
const STATUSES = ["SHORTLISTED", "CONTACT", "DISCUSSION", "NEGOTIATION", "TRIAL", "AGREED", "OPERATING", "COMPLETED", "ON_HOLD", "REJECTED", "LOST"];
const KINDS = ["MATERIAL", "WATER", "HEAT", "ELECTRICITY", "GAS", "CAPACITY"];
const ORDERS = ["RANK", "VALUE", "AVOIDED", "DISTANCE", "ACTIVITY", "UPDATED"];

// Returns the API's conditions for what the address says.
export function conditions(query, me) {
  const where = {};
  if (query.status === "HAND") where.status = { in: HAND };
  else if (query.status !== "ANY") where.status = { eq: query.status || "SUGGESTED" };
  if (query.territory) where.territoryId = { eq: query.territory };
  if (query.kind) where.resourceKind = { eq: query.kind };
  if (query.resource) where.resourceCode = { eq: query.resource };
  if (query.naf) where.naf = { startsWith: query.naf };
  if (isNumber(query.value)) where.valuePerYearEur = { gte: Number(query.value) };
  if (isNumber(query.km)) where.distanceKm = { lte: Number(query.km) };
  if (query.data) where.estimated = query.data === "estimated";
  if (query.who === "nobody") where.assigned = false;
  else if (query.who) where.assigneeId = { eq: query.who === "me" ? me?.id : query.who };
  if (query.listing) where.listingId = { eq: query.listing };
  if (query.site) where.siteId = { eq: query.site };
  return where;
}

export function orderOf(query) {
  return { field: ORDERS.includes(query.order) ? query.order : "RANK" };
}

function isNumber(text) {
  return text !== undefined && text !== "" && Number.isFinite(Number(text));
}

export function Filters({ query, id, desk, me, help }) {
  const put = (facts) => go(link("queue", id, { ...query, ...facts }), { replace: true });
  const counts = Object.fromEntries((desk?.desk?.counts ?? []).map((row) => [row.status, row.synergyCount]));
  const counted = (status) => (counts[status] === undefined ? word("status", status) : `${word("status", status)} (${counts[status]})`);
  const statuses = [
    ["", counted("SUGGESTED")],
    ["HAND", t("filter.status.hand")],
    ["ANY", t("filter.status.any")],
    ...STATUSES.map((status) => [status, counted(status)]),
  ];
  const territories = (desk?.territories.nodes ?? []).map((territory) => [territory.id, territory.name]);
  const people = (desk?.desk?.facilitators ?? []).filter((one) => one.id !== me?.id).map((one) => [one.id, one.name]);
  const set = Object.entries(query).filter(([key, value]) => value && key !== "order");
  const further = ["naf", "value", "km", "who", "data", "resource"].filter((key) => query[key]).length;
  return html`<form class="toolbar queue-filters" role="search" aria-label=${t("queue.filters")} onSubmit=${(event) => event.preventDefault()}>
    <${Field} id="f-status" label=${t("filter.status")}>
      <${Select} id="f-status" value=${query.status} options=${statuses} onPick=${(status) => put({ status })} />
    <//>
    <${Field} id="f-territory" label=${t("filter.territory")}>
      <${Select} id="f-territory" value=${query.territory} options=${[["", t("filter.any")], ...territories]} onPick=${(territory) => put({ territory })} />
    <//>
    <${Field} id="f-kind" label=${t("filter.kind")}>
      <${Select} id="f-kind" value=${query.kind} options=${[["", t("filter.any")], ...KINDS.map((kind) => [kind, t(`kind.${kind}`)])]}
        onPick=${(kind) => put({ kind })} />
    <//>
    <${Field} id="f-order" label=${t("filter.order")}>
      <${Select} id="f-order" value=${orderOf(query).field} options=${ORDERS.map((order) => [order, t(`order.${order}`)])} onPick=${(order) => put({ order })} />
    <//>
    <details class="more-filters" open=${further > 0}>
      <summary>${t("queue.more_filters")}${further > 0 ? ` (${further})` : ""}</summary>
      <div class="toolbar">
        <${ResourceField} code=${query.resource} onPick=${(resource) => put({ resource })} />
        <${Typed} id="f-naf" label=${t("filter.naf")} placeholder=${t("filter.naf.hint")} value=${query.naf} onPut=${(naf) => put({ naf })} />
        <${Typed} id="f-value" label=${t("filter.value")} numeric=${true} value=${query.value} onPut=${(value) => put({ value })} />
        <${Typed} id="f-km" label=${t("filter.distance")} numeric=${true} value=${query.km} onPut=${(km) => put({ km })} />
        <${Field} id="f-who" label=${t("filter.who")}>
          <${Select} id="f-who" value=${query.who}
            options=${[["", t("filter.any")], ["me", t("filter.who.mine")], ["nobody", t("filter.who.none")], ...people]} onPick=${(who) => put({ who })} />
        <//>
        <${Field} id="f-data" label=${t("filter.data")}>
          <${Select} id="f-data" value=${query.data} onPick=${(data) => put({ data })}
            options=${[["", t("filter.any")], ["stated", t("filter.data.stated")], ["estimated", t("filter.data.estimated")]]} />
        <//>
      </div>
    </details>
    <span class="queue-tools">
      ${set.length > 0 && html`<button type="button" class="plain" onClick=${() => go(link("queue", id, {}), { replace: true })}>${t("queue.clear")}</button>`}
      <button type="button" class="plain" aria-label=${t("act.help")} title=${t("act.help")} onClick=${help}><kbd>?</kbd></button>
    </span>
  </form>`;
}

// A text or number that counts once it is left or entered, not with every key.
function Typed({ id, label, value, onPut, numeric = false, placeholder }) {
  return html`<${Field} id=${id} label=${label}>
    <input id=${id} type=${numeric ? "number" : "text"} min=${numeric ? 0 : undefined} placeholder=${placeholder}
      value=${value ?? ""} onChange=${(event) => onPut(event.target.value.trim())} />
  <//>`;
}

// A resource by its name: the catalogue is asked as one types.
function ResourceField({ code, onPick }) {
  const [text, setText] = useState("");
  const [found, setFound] = useState([]);
  useEffect(() => {
    if (text.length < 2) return undefined;
    const stopper = new AbortController();
    const timer = setTimeout(() => {
      ask("console_Resources", { name: text }, { signal: stopper.signal }).then(
        (data) => setFound(data.resources.nodes),
        () => {},
      );
    }, 200);
    return () => {
      clearTimeout(timer);
      stopper.abort();
    };
  }, [text]);
  const picked = (event) => {
    const given = event.target.value.trim();
    const match = found.find((resource) => nameOf(resource) === given || resource.id === given);
    if (match || given === "") onPick(match?.id ?? "");
  };
  return html`<${Field} id="f-resource" label=${t("filter.resource")}>
    <input id="f-resource" type="text" list="f-resources" placeholder=${code || t("filter.resource.hint")} autocomplete="off"
      value=${text} onInput=${(event) => setText(event.target.value)} onChange=${picked} />
    <datalist id="f-resources">${found.map((resource) => html`<option key=${resource.id} value=${nameOf(resource)}></option>`)}</datalist>
  <//>`;
}
