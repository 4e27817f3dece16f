// Where the reader is: `#/queue/some-id?status=SUGGESTED` as {view, path: ["some-id"], query: {status}}.
import { useEffect, useState } from "./html.js";

export function route() {
  const [address, asked = ""] = location.hash.replace(/^#\/?/, "").split("?");
  const [view = "", ...path] = address.split("/").map(decodeURIComponent);
  return { view, path: path.filter(Boolean), query: Object.fromEntries(new URLSearchParams(asked)) };
}

// Returns the address of a view: link("queue", id, {status}) or link("queue/id", {status}).
export function link(view, ...more) {
  const query = typeof more.at(-1) === "object" ? more.pop() : {};
  const address = [view, ...more.filter(Boolean).map(encodeURIComponent)].join("/");
  const given = Object.entries(query ?? {}).filter(([, value]) => value !== null && value !== undefined && value !== "");
  return `#/${address}${given.length ? `?${new URLSearchParams(given)}` : ""}`;
}

// Goes there; with {replace: true} as the last argument's `replace`, without a step back to here.
export function go(address, { replace = false } = {}) {
  const wanted = address.startsWith("#") ? address : link(address);
  if (wanted === location.hash) return;
  if (!replace) {
    location.hash = wanted;
    return;
  }
  history.replaceState(null, "", wanted);
  window.dispatchEvent(new HashChangeEvent("hashchange"));
}

export function useRoute() {
  const [now, setNow] = useState(route);
  useEffect(() => {
    const moved = () => setNow(route());
    window.addEventListener("hashchange", moved);
    return () => window.removeEventListener("hashchange", moved);
  }, []);
  return now;
}
