// Starting: a preview for oneself, or a run that everybody will see.
import { tell, useAsk } from "../../api.js";
import { html, useState } from "../../html.js";
import { Dialog, Fault, Field, Select } from "../../parts.js";
import { myTerritories } from "../../session.js";
import { problemOf } from "../../shared.js";
import { t } from "../../words.js";

const FRONT_POINTS = 11;

// Starts what `name` starts; what comes of it is followed by `onStarted(id)`.
export function useStart(onStarted) {
  const [state, setState] = useState({ busy: false, error: null });
  const start = async (name, input) => {
    setState({ busy: true, error: null });
    try {
      const result = await tell(name, input, { keyed: true });
      const problem = problemOf(result);
      setState({ busy: false, error: problem });
      if (!problem) onStarted(result.id);
    } catch (error) {
      setState({ busy: false, error });
    }
  };
  return { ...state, start };
}

export function StartDialog({ onClose, onStarted }) {
  const { data } = useAsk("Territories", { first: 100 });
  const [territory, setTerritory] = useState("");
  const [front, setFront] = useState(false);
  const [sure, setSure] = useState(false);
  const { busy, error, start } = useStart(onStarted);
  const mine = new Set(myTerritories("FACILITATOR"));
  const places = (data?.territories.nodes ?? []).filter((one) => mine.has(one.id)).map((one) => [one.id, one.name]);
  const preview = (event) => {
    event.preventDefault();
    start("StartRun", { preview: true, territoryId: territory || null, frontPoints: front ? FRONT_POINTS : 0 });
  };
  return html`<${Dialog} title=${t("run.start")} onClose=${onClose}>
    <form onSubmit=${preview}>
      <p>${t("run.start.what")}</p>
      <${Field} id="run-territory" label=${t("run.start.territory")}>
        <${Select} id="run-territory" value=${territory} options=${[["", t("run.start.everything")], ...places]} onPick=${setTerritory} />
      <//>
      <p><label><input type="checkbox" checked=${front} onChange=${(event) => setFront(event.target.checked)} /> ${t("run.start.front")}</label></p>
      <button class="first" disabled=${busy}>${t("run.start.go")}</button>
    </form>
    <hr />
    ${sure
      ? html`<p>${t("run.start.publish.sure")}</p>
          <button type="button" class="bad" disabled=${busy} onClick=${() => start("StartRun", {})}>${t("run.start.publish.go")}</button>`
      : html`<button type="button" onClick=${() => setSure(true)}>${t("run.start.publish")} …</button>`}
    <${Fault} error=${error} />
  <//>`;
}
