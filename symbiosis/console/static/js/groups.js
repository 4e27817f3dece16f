// Groups of an analysis as they are called, and bands of a Sankey picture.
import { ink, nameWidth } from "./ink.js";
import { nameOf, sentence } from "./shared.js";
import { t } from "./words.js";

// Returns a group's name; the statistical office writes sections in capitals, people do not.
export function groupName(group, codes = false) {
  if (group.key === "?") return t("group.unknown");
  if (group.key === "*") return t("group.all");
  const name = nameOf(group) || group.key;
  const capitals = codes && name.length > 3 && name === name.toUpperCase();
  return codes ? `${group.key} ${capitals ? sentence(name.toLowerCase()) : name}` : name;
}

// bands: [{from: {id, name}, to: {id, name}, weight, colour, label: [lines]}]. Givers stand left, takers right, so nothing
// runs in circles. `left` and `right` colour the nodes by id.
export function sankey(bands, { left = () => null, right = () => null } = {}) {
  const paint = ink();
  const nodes = new Map();
  for (const band of bands) {
    nodes.set(`<${band.from.id}`, { ...band.from, colour: left(band.from.id), side: "right" });
    nodes.set(`>${band.to.id}`, { ...band.to, colour: right(band.to.id), side: "left" });
  }
  return {
    tooltip: { trigger: "item", formatter: ({ dataType, data }) => (dataType === "edge" ? data.lines : [data.title]).join("\n") },
    series: [
      {
        type: "sankey",
        left: 8,
        right: 8,
        top: 8,
        bottom: 8,
        nodeWidth: 14,
        nodeGap: 10,
        draggable: false,
        emphasis: { focus: "adjacency" },
        lineStyle: { opacity: 0.5, curveness: 0.5 },
        data: [...nodes].map(([name, node]) => ({
          name,
          title: node.name,
          itemStyle: { color: node.colour ?? paint.soft, borderWidth: 0 },
          label: { formatter: node.name, position: node.side, color: paint.text, width: nameWidth(), overflow: "truncate", fontSize: 13, textBorderWidth: 3, textBorderColor: paint.card },
        })),
        links: bands.map((band) => ({
          source: `<${band.from.id}`,
          target: `>${band.to.id}`,
          value: band.weight,
          lines: band.label,
          lineStyle: { color: band.colour },
        })),
      },
    ],
  };
}

// Returns how tall a Sankey picture of so many bands has to be, px.
export function sankeyHeight(bands) {
  const ends = (side) => new Set(bands.map((band) => band[side].id)).size;
  return Math.min(1400, Math.max(320, 34 * Math.max(ends("from"), ends("to")) + 40));
}
