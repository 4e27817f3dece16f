// Words in French and English, and numbers as each writes them. A missing key shows itself: `[queue.title]`.
import { useEffect, useState } from "./html.js";

const LANGUAGES = ["fr", "en"];
const KEY = "symbiosis.language";
const words = { fr: {}, en: {} };
const heard = new Set();
let language = LANGUAGES.find((one) => one === localStorage.getItem(KEY)) ?? guessed();
document.documentElement.lang = language;

function guessed() {
  return navigator.languages?.some((one) => one.toLowerCase().startsWith("fr")) ? "fr" : "en";
}

export function learn(more) {
  for (const one of LANGUAGES) Object.assign(words[one], more[one]);
}

export function currentLanguage() {
  return language;
}

export function speak(wanted) {
  language = wanted;
  localStorage.setItem(KEY, wanted);
  document.documentElement.lang = wanted;
  for (const tell of heard) tell({});
}

export function useLanguage() {
  const [, tell] = useState({});
  useEffect(() => {
    heard.add(tell);
    return () => heard.delete(tell);
  }, []);
  return language;
}

// Returns the text of a key with `{name}` filled in; `key_one` is taken where `values.count` is 1 (or 0 in French).
export function t(key, values = {}) {
  const single = values.count === 1 || (language === "fr" && values.count === 0);
  const found = (single && words[language][`${key}_one`]) || words[language][key];
  if (found === undefined) return `[${key}]`;
  return found.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? shown(values[name]) : whole));
}

export function has(key) {
  return words[language][key] !== undefined;
}

// Returns the text of a value of an enum, `prefix.VALUE`; a value that nobody has put into words is shown as it is.
export function word(prefix, value) {
  const key = `${prefix}.${value}`;
  return has(key) ? t(key) : String(value ?? "").replaceAll("_", " ").toLowerCase();
}

function shown(value) {
  return typeof value === "number" ? number(value) : String(value);
}

const LOCALE = { fr: "fr-FR", en: "en-GB" };
const formats = new Map();

function format(kind, options) {
  const key = `${language} ${kind} ${JSON.stringify(options)}`;
  if (!formats.has(key)) formats.set(key, new Intl[kind](LOCALE[language], options));
  return formats.get(key);
}

const NOTHING = "–";

export function number(value, digits = 0) {
  if (value === null || value === undefined) return NOTHING;
  return format("NumberFormat", { maximumFractionDigits: digits }).format(value);
}

export function money(eur, digits = 0) {
  if (eur === null || eur === undefined) return NOTHING;
  return format("NumberFormat", { style: "currency", currency: "EUR", maximumFractionDigits: digits }).format(eur);
}

// Large sums in few signs: 37.4 M€.
export function sum(eur) {
  if (eur === null || eur === undefined) return NOTHING;
  const options = { style: "currency", currency: "EUR", notation: "compact", maximumSignificantDigits: 3 };
  return format("NumberFormat", options).format(eur);
}

export function share(value, digits = 0) {
  if (value === null || value === undefined) return NOTHING;
  return format("NumberFormat", { style: "percent", maximumFractionDigits: digits }).format(value);
}

const UNITS = { TONNE: "t", M3: "m³", MWH: "MWh", M2: "m²", HOUR: "h" };

export function unitOf(unit) {
  return UNITS[unit] ?? unit ?? "";
}

// A quantity with three significant digits at most below 1,000, whole numbers above.
export function quantity(value, unit) {
  if (value === null || value === undefined) return NOTHING;
  const options = Math.abs(value) < 1000 ? { maximumSignificantDigits: 3 } : { maximumFractionDigits: 0 };
  return `${format("NumberFormat", options).format(value)}\u202f${unitOf(unit)}`;
}

export function tonnes(value) {
  return quantity(value, "TONNE");
}

export function carbon(tco2e) {
  return quantity(tco2e, language === "fr" ? "t éq. CO₂" : "t CO₂e");
}

export function km(value) {
  return quantity(value, "km");
}

export function date(iso) {
  if (!iso) return NOTHING;
  const wanted = iso.length > 10 ? { dateStyle: "medium", timeStyle: "short" } : { dateStyle: "medium", timeZone: "UTC" };
  const moment = new Date(iso);
  return Number.isNaN(moment.getTime()) ? iso : format("DateTimeFormat", wanted).format(moment);
}
