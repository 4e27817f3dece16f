// What the observatory shows, read whole (it is a few dozen cells), and as files to take home.
import { ask } from "../../api.js";
import { useCallback, useEffect, useState } from "../../html.js";
import { date, t } from "../../words.js";

const PAGES = 20;

// {made, error, again}: the publication with all its cells and flows; `made` is undefined while it is asked for.
export function useObservatory(territoryId) {
  const [state, setState] = useState({ made: undefined, error: null });
  const [round, setRound] = useState(0);
  useEffect(() => {
    const stopper = new AbortController();
    setState({ made: undefined, error: null });
    whole(territoryId, stopper.signal).then(
      (made) => setState({ made, error: null }),
      (error) => error.name === "AbortError" || setState({ made: undefined, error }),
    );
    return () => stopper.abort();
  }, [territoryId, round]);
  return { ...state, again: useCallback(() => setRound((before) => before + 1), []) };
}

async function whole(territoryId, signal) {
  let made = null;
  const after = { afterCell: null, afterFlow: null };
  for (let page = 0; page < PAGES; page += 1) {
    const { observatory } = await ask("Observatory", { territoryId, ...after }, { signal });
    if (observatory === null) return null;
    const { cells, flows } = observatory;
    if (made === null) made = { ...observatory, totals: observatory.totals.nodes, cells: [], flows: [] };
    if (page === 0 || after.afterCell) made.cells.push(...cells.nodes);
    if (page === 0 || after.afterFlow) made.flows.push(...flows.nodes);
    after.afterCell = cells.pageInfo.hasNextPage ? cells.pageInfo.endCursor : null;
    after.afterFlow = flows.pageInfo.hasNextPage ? flows.pageInfo.endCursor : null;
    if (!after.afterCell && !after.afterFlow) return made;
  }
  return made;
}

const FIELDS = ["measure", "quarter", "territory", "territory_name", "chapter", "chapter_name_en", "chapter_name_fr", "tonnes", "avoided_tco2e"];

function records(made) {
  return made.cells.map((cell) => ({
    measure: cell.measure,
    quarter: cell.quarter,
    territory: cell.territory.key,
    territory_name: cell.territory.nameFr,
    chapter: cell.chapter.key,
    chapter_name_en: cell.chapter.nameEn,
    chapter_name_fr: cell.chapter.nameFr,
    tonnes: cell.tonnes,
    avoided_tco2e: cell.avoidedTco2e,
  }));
}

function origin(made) {
  return {
    source: t("observatory.file.source", { run: made.runId, date: date(made.madeAt) }),
    licence: t("observatory.file.licence"),
    hidden_cell_count: made.hiddenCellCount,
  };
}

// A field that a spreadsheet would take for a formula gets an apostrophe before it; quotes are doubled.
function field(value) {
  const text = String(value ?? "");
  const safe = /^[=+@\t-]/.test(text) && Number.isNaN(Number(text)) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export function asCsv(made) {
  const { source, licence } = origin(made);
  const lines = [FIELDS, ...records(made).map((record) => FIELDS.map((name) => record[name]))].map((row) => row.map(field).join(","));
  return `# ${source}; ${licence}\r\n${lines.join("\r\n")}\r\n`;
}

export function asJson(made) {
  return `${JSON.stringify({ ...origin(made), cells: records(made) }, null, 1)}\n`;
}

// Hands a text to the browser as a file; nothing is asked of the server.
export function saved(name, media, text) {
  const address = URL.createObjectURL(new Blob([text], { type: media }));
  const way = Object.assign(document.createElement("a"), { href: address, download: name });
  document.body.append(way);
  way.click();
  way.remove();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}
