// What several views use: names in the reader's language, words put together, pages of a list, and how a change ended.
import { ask } from "./api.js";
import { useCallback, useEffect, useRef, useState } from "./html.js";
import { currentLanguage, t } from "./words.js";

// Returns the words of several files as one.
export function together(...files) {
  const joined = (language) => Object.assign({}, ...files.map((file) => file[language]));
  return { fr: joined("fr"), en: joined("en") };
}

// Returns a resource's, code's or industry's name in the reader's language.
export function nameOf(thing) {
  if (!thing) return "";
  const french = currentLanguage() === "fr";
  return (french ? (thing.nameFr ?? thing.labelFr) : (thing.nameEn ?? thing.labelEn)) ?? thing.name ?? "";
}

// Returns what shows of one side of a synergy: {what, who, where}, whether it is listed whole, an outline, or hidden.
export function sideOf(listing, outline) {
  if (listing) {
    return { what: nameOf(listing.resource), who: listing.site.name, where: listing.site.commune.name, kind: listing.resource.kind };
  }
  if (outline) {
    const what = nameOf(outline.resource) || outline.wasteCode || t(`kind.${outline.kind}`);
    return { what, who: t("side.anonymised"), where: outline.areaName, kind: outline.kind };
  }
  return { what: "", who: t("side.hidden"), where: "", kind: null };
}

// Returns a text that begins with a capital.
export function sentence(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

// {rows, more, error, busy, hasMore, again, change}: a connection read page by page; `change(id, facts)` alters a row in place.
export function usePages(name, variables, found, deps) {
  const [state, setState] = useState({ rows: [], pageInfo: null, error: null, busy: true });
  const [round, setRound] = useState(0);
  const asked = useRef(null);
  const read = useCallback(
    async (after) => {
      asked.current?.abort();
      const stopper = new AbortController();
      asked.current = stopper;
      setState((before) => ({ ...before, rows: after ? before.rows : [], busy: true, error: null }));
      try {
        const page = found(await ask(name, { ...variables, after }, { signal: stopper.signal }));
        setState((before) => ({
          rows: after ? [...before.rows, ...page.nodes] : page.nodes,
          pageInfo: page.pageInfo,
          error: null,
          busy: false,
        }));
      } catch (error) {
        if (error.name === "AbortError") return;
        // The run that the first page showed is no longer kept: the list begins again.
        if (error.code === "RUN_GONE" && after) setRound((before) => before + 1);
        else setState((before) => ({ ...before, error, busy: false }));
      }
    },
    [name, ...deps],
  );
  useEffect(() => {
    read(null);
    return () => asked.current?.abort();
  }, [read, round]);
  const change = useCallback(
    (id, facts) =>
      setState((before) => ({ ...before, rows: before.rows.map((row) => (row.id === id ? { ...row, ...facts } : row)) })),
    [],
  );
  return {
    ...state,
    hasMore: Boolean(state.pageInfo?.hasNextPage),
    more: () => read(state.pageInfo.endCursor),
    again: () => setRound((before) => before + 1),
    change,
  };
}

// Returns the problem that a change ended in, or null where it was made.
export function problemOf(result) {
  return result.__typename.endsWith("Problem") ? result : null;
}
