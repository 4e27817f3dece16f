// The flow view: who gives what to whom, as a Sankey picture, a network, balances, and what is left over and why.
import { useAsk } from "../api.js";
import { html } from "../html.js";
import { Fault, Field, Select, Tabs } from "../parts.js";
import { go, link } from "../route.js";
import { myTerritories, useSession } from "../session.js";
import { t, word } from "../words.js";
import { Network } from "./flows/network.js";
import { Balances, Sankey } from "./flows/sankey.js";
import { Unmatched } from "./flows/unmatched.js";
import { askedOf, GROUPINGS, KINDS, LAYERS } from "./flows/where.js";
export { words } from "./flows/words.js";

export const styles = ["css/flows.css"];
const TABS = ["sankey", "network", "unmatched", "balance"];

export function View({ route }) {
  useSession();
  const tab = TABS.find((one) => one === route.path[0]) ?? TABS[0];
  const { asked, grouping, kinds } = askedOf(route.query);
  const { query } = route;
  return html`<div class="flows">
    <h1>${t("flows.title")}</h1>
    <${Tabs} tabs=${TABS.map((id) => ({ id, label: t(`flows.tab.${id}`) }))} current=${tab} label=${t("flows.tabs")}
      onPick=${(id) => go(link("flows", id, query))} />
    <${Filters} tab=${tab} query=${query} grouping=${grouping} where=${asked.where} />
    ${tab !== "unmatched" && html`<p class="hint">${t(`flows.layer.${asked.where.layer}.why`)}</p>`}
    <section class="card" key=${tab} aria-label=${t(`flows.tab.${tab}`)}>
      ${tab === "sankey" && html`<${Sankey} asked=${asked} kinds=${kinds} query=${query} />`}
      ${tab === "network" && html`<${Network} asked=${asked} />`}
      ${tab === "unmatched" && html`<${Unmatched} asked=${asked} />`}
      ${tab === "balance" && html`<${Balances} asked=${asked} />`}
    </section>
  </div>`;
}

function Filters({ tab, query, grouping, where }) {
  const { data, error, again } = useAsk("Territories", { first: 100 });
  const to = (change) => go(link("flows", tab, { ...query, ...change }), { replace: true });
  const mine = new Set(myTerritories("FACILITATOR", "ANALYST"));
  const places = (data?.territories.nodes ?? []).filter((one) => mine.has(one.id)).map((one) => [one.id, one.name]);
  const groupings = GROUPINGS.filter((one) => one !== "KIND" || tab === "sankey");
  const options = (values, prefix) => values.map((value) => [value, t(`${prefix}.${value}`)]);
  return html`<div class="toolbar">
    ${tab !== "unmatched" &&
    html`<${Field} id="flows-layer" label=${t("flows.layer")}>
        <${Select} id="flows-layer" value=${where.layer} options=${options(LAYERS, "flows.layer")} onPick=${(layer) => to({ layer })} />
      <//>
      <${Field} id="flows-by" label=${t("flows.by")}>
        <${Select} id="flows-by" value=${grouping} options=${options(groupings, "flows.by")} onPick=${(by) => to({ by })} />
      <//>`}
    <${Field} id="flows-territory" label=${t("flows.territory")}>
      <${Select} id="flows-territory" value=${query.territory} options=${[["", t("flows.everywhere")], ...places]} onPick=${(territory) => to({ territory })} />
    <//>
    <${Field} id="flows-kind" label=${t("flows.kind")}>
      <${Select} id="flows-kind" value=${query.kind} options=${[["", t("flows.every_kind")], ...KINDS.map((kind) => [kind, word("kind", kind)])]} onPick=${(kind) => to({ kind })} />
    <//>
    <${Fault} error=${error} again=${again} />
  </div>`;
}
