// All runs, previews and scenarios that show, newest first.
import { useAsk } from "../../api.js";
import { html } from "../../html.js";
import { Busy, Chip, Fault, Pager, Table } from "../../parts.js";
import { link } from "../../route.js";
import { may } from "../../session.js";
import { usePages } from "../../shared.js";
import { date, number, share, sum, t, word } from "../../words.js";

const CHIP = { RUNNING: "info", PUBLISHED: "good", FAILED: "bad", PREVIEW: "plain" };

export function RunList({ currentId, round }) {
  const runs = usePages("console_Runs", { first: 25 }, (data) => data.runs, [round]);
  if (runs.busy && runs.rows.length === 0) return html`<${Busy} />`;
  return html`<${Fault} error=${runs.error} again=${runs.again} />
    <${Table} caption=${t("run.tab.all")} hideCaption=${true} columns=${columns(currentId)} rows=${runs.rows} />
    <${Pager} pageInfo=${runs.pageInfo} shown=${runs.rows.length} busy=${runs.busy} more=${runs.more} />
    ${may("FACILITATOR") && html`<${Previews} round=${round} />`}`;
}

// The reader's own previews, which nobody else sees.
function Previews({ round }) {
  const { data, error, again } = useAsk("Previews", {}, [round]);
  const rows = (data?.previews ?? []).map((preview) => ({ ...preview, kind: "PREVIEW" }));
  return html`<${Fault} error=${error} again=${again} />
    ${rows.length > 0 && html`<${Table} caption=${t("run.previews")} columns=${columns(null)} rows=${rows} />`}`;
}

function columns(currentId) {
  return [
    { key: "when", label: t("run.when"), show: (row) => html`<a href=${link("run", row.id)}>${date(row.startedAt)}</a>`, sort: (row) => row.startedAt },
    { key: "what", label: t("run.what"), show: (row) => `${word("run.kind", row.kind)} ${row.kind === "PREVIEW" ? "" : row.period}`, sort: (row) => row.kind },
    {
      key: "state",
      label: t("run.state"),
      show: (row) => html`<${Chip} kind=${CHIP[row.status]} title=${row.failure}>${row.id === currentId ? t("run.current") : word("run.status", row.status)}<//>`,
      sort: (row) => row.status,
    },
    { key: "value", label: t("run.value"), number: true, show: (row) => sum(row.objectivePerYearEur), sort: (row) => row.objectivePerYearEur },
    { key: "gap", label: t("run.gap"), number: true, show: (row) => share(row.gapShare, 4), sort: (row) => row.gapShare },
    { key: "suggested", label: t("run.suggested"), number: true, show: (row) => number(row.suggestionCount), sort: (row) => row.suggestionCount },
  ];
}
