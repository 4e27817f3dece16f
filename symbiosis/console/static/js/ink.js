// The colours of pictures: those of the page, read when a picture is drawn, and one for each kind of resource.
const NAMES = ["line", "card", "text", "soft", "accent", "blue", "warn", "bad", "ground"];

export const KIND_INK = {
  MATERIAL: "#b07d2b",
  WATER: "#2f7fc1",
  HEAT: "#d1495b",
  ELECTRICITY: "#c9a400",
  GAS: "#7a5bb5",
  CAPACITY: "#5b8c5a",
};
export const SERIES_INK = ["#0b8a62", "#2f7fc1", "#d1495b", "#b07d2b", "#7a5bb5", "#3aa6a0", "#c9a400", "#8c6a5b", "#5b8c5a", "#b05a9a", "#6b7a99", "#d98032"];

export function ink() {
  const styles = getComputedStyle(document.documentElement);
  return Object.fromEntries(NAMES.map((name) => [name, styles.getPropertyValue(`--${name}`).trim()]));
}

// How wide the names in a picture may be, px: less on a telephone.
export function nameWidth() {
  return matchMedia("(max-width: 40rem)").matches ? 110 : 230;
}
