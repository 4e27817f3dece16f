// The review queue: suggested synergies ranked and filtered on the left, one of them with its arguments on the right.
import { useAsk } from "../api.js";
import { html, useEffect, useState } from "../html.js";
import { words as pair } from "../pair_words.js";
import { Dialog, useKeys } from "../parts.js";
import { go, link } from "../route.js";
import { useSession } from "../session.js";
import { together, usePages } from "../shared.js";
import { t, useLanguage } from "../words.js";
import { ACTS, useActs } from "./queue/acts.js";
import { Detail, TABS } from "./queue/detail.js";
import { words as desk } from "./queue/desk_words.js";
import { conditions, Filters, orderOf } from "./queue/filters.js";
import { Forms } from "./queue/forms.js";
import { List } from "./queue/list.js";
import { words as own } from "./queue/words.js";

export const words = together(own, desk, pair);
export const styles = ["css/queue.css"];
const PAGE = 25;

export function View({ route }) {
  useLanguage();
  const { me } = useSession();
  const { query } = route;
  const id = route.path[0] ?? null;
  const [tab, setTab] = useState("why");
  const [helped, setHelped] = useState(false);
  const where = conditions(query, me);
  const wanted = { first: PAGE, where, orderBy: orderOf(query) };
  const list = usePages("console_Queue", wanted, (data) => data.synergies, [JSON.stringify(wanted)]);
  const desk = useAsk("console_Desk", { territoryId: query.territory || null }, [query.territory]);
  const detail = useDetail(id);
  const acts = useActs({ detail, list, refreshed: desk.again });
  const moved = (step) => go(link("queue", neighbour(list.rows, id, step), query), { replace: true });
  useKeys(
    {
      j: () => list.rows.length && moved(1),
      k: () => list.rows.length && moved(-1),
      Enter: () => document.getElementById("detail-title")?.focus(),
      u: () => acts.undo(),
      "?": () => setHelped(true),
      ...Object.fromEntries(TABS.map((name, at) => [String(at + 1), () => setTab(name)])),
      ...Object.fromEntries(ACTS.map(({ key, name }) => [key, () => (detail.synergy ? acts.begin(name) : undefined)])),
    },
    [list.rows, id, detail.synergy, JSON.stringify(query)],
  );
  return html`<h1 class="unseen">${t("queue.title")}</h1>
    <${Filters} query=${query} id=${id} desk=${desk.data} me=${me} help=${() => setHelped(true)} />
    <div class=${`queue ${id ? "queue-open" : ""}`}>
      <${List} list=${list} id=${id} query=${query} />
      <${Detail} id=${id} detail=${detail} acts=${acts} tab=${tab} pickTab=${setTab} />
    </div>
    <${Forms} acts=${acts} synergy=${detail.synergy} facilitators=${desk.data?.desk?.facilitators ?? []} me=${me} />
    ${helped && html`<${Help} onClose=${() => setHelped(false)} />`}`;
}

function neighbour(rows, id, step) {
  const at = rows.findIndex((row) => row.id === id);
  if (at < 0) return rows[0].id;
  return rows[Math.min(rows.length - 1, Math.max(0, at + step))].id;
}

// The synergy of the address, read whole a moment after it was chosen, so that j j j asks for the last one only.
function useDetail(id) {
  const [settled, setSettled] = useState(id);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(id), 120);
    return () => clearTimeout(timer);
  }, [id]);
  const asked = useAsk(settled && "console_Review", { id: settled }, [settled]);
  const found = asked.data?.synergy ?? null;
  const synergy = found?.id === id ? found : null;
  return { ...asked, synergy, gone: asked.data !== null && found === null && !asked.busy };
}

function Help({ onClose }) {
  const keys = [
    ["j k", t("key.move")],
    ["Enter", t("key.open")],
    ["1 2 3 4", t("key.tabs")],
    ...ACTS.map(({ key, name }) => [key, t(`act.${name}`)]),
    ["u", t("act.undo")],
    ["?", t("act.help")],
  ];
  return html`<${Dialog} title=${t("queue.keys")} onClose=${onClose}>
    <dl class="keys">
      ${keys.map(([key, text]) => html`<dt key=${key}>${key.split(" ").map((one) => html`<kbd>${one}</kbd> `)}</dt><dd>${text}</dd>`)}
    </dl>
  <//>`;
}
