// Light or dark: the system's wish, unless the reader has said otherwise.
import { useEffect, useState } from "./html.js";

const KEY = "symbiosis.theme";
const system = matchMedia("(prefers-color-scheme: dark)");
const heard = new Set();
let chosen = localStorage.getItem(KEY);
applied();
system.addEventListener("change", changed);

function applied() {
  document.documentElement.dataset.theme = isDark() ? "dark" : "light";
}

function changed() {
  applied();
  for (const tell of heard) tell(isDark());
}

export function isDark() {
  return chosen ? chosen === "dark" : system.matches;
}

export function switchTheme() {
  chosen = isDark() ? "light" : "dark";
  localStorage.setItem(KEY, chosen);
  changed();
}

export function useTheme() {
  const [dark, tell] = useState(isDark());
  useEffect(() => {
    heard.add(tell);
    return () => heard.delete(tell);
  }, []);
  return dark ? "dark" : "light";
}
