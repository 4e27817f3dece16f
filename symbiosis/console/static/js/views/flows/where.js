// What the flow view asks for, as its address says.
export const GROUPINGS = ["TERRITORY", "COMMUNE", "SECTION", "DIVISION", "SITE", "KIND"];
export const LAYERS = ["POTENTIAL", "SUGGESTED", "REALISED"];
export const KINDS = ["MATERIAL", "WATER", "HEAT", "ELECTRICITY", "GAS", "CAPACITY"];
// Groupings whose groups have a code that people know.
export const CODED = new Set(["SECTION", "DIVISION"]);

export function askedOf(query) {
  const by = GROUPINGS.find((one) => one === query.by) ?? "SECTION";
  const where = {
    layer: LAYERS.find((one) => one === query.layer) ?? "SUGGESTED",
    territoryId: query.territory || null,
    kind: KINDS.find((one) => one === query.kind) ?? null,
  };
  // By resource: who gives is its kind, who takes is a section.
  return { grouping: by, kinds: by === "KIND", asked: { by: by === "KIND" ? "SECTION" : by, where } };
}
