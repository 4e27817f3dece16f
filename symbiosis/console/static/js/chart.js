// A picture by ECharts with the same figures as a table beside it; ECharts is fetched with the first picture.
import { html, useEffect, useRef, useState } from "./html.js";
import { Table } from "./parts.js";
import { isDark, useTheme } from "./theme.js";
import { t } from "./words.js";

let library = null;

function echarts() {
  library ??= import("../vendor/echarts-6.1.0/echarts.esm.min.js");
  return library;
}

// option: ECharts' own; columns, rows: the table. `onPick(params)` hears clicks. height in px.
export function Chart({ option, caption, columns, rows, onPick, height = 380 }) {
  const [asTable, setAsTable] = useState(false);
  return html`<figure class="chart">
    <figcaption>
      <span>${caption}</span>
      <button type="button" class="plain" aria-pressed=${asTable ? "true" : "false"} onClick=${() => setAsTable(!asTable)}>
        ${t(asTable ? "shell.picture" : "shell.table")}
      </button>
    </figcaption>
    ${asTable
      ? html`<${Table} caption=${caption} hideCaption=${true} columns=${columns} rows=${rows} />`
      : html`<${Picture} option=${option} caption=${caption} onPick=${onPick} height=${height} />`}
  </figure>`;
}

function Picture({ option, caption, onPick, height }) {
  const frame = useRef(null);
  const chart = useRef(null);
  const picked = useRef(onPick);
  picked.current = onPick;
  const theme = useTheme();
  useEffect(() => {
    let stopped = false;
    let watch = null;
    echarts().then((library) => {
      if (stopped) return;
      chart.current = library.init(frame.current, isDark() ? "dark" : null, { renderer: "canvas" });
      chart.current.on("click", (event) => picked.current?.(event));
      watch = new ResizeObserver(() => chart.current?.resize());
      watch.observe(frame.current);
      drawn(chart.current, option);
    });
    return () => {
      stopped = true;
      watch?.disconnect();
      chart.current?.dispose();
      chart.current = null;
    };
  }, [theme]);
  useEffect(() => chart.current && drawn(chart.current, option), [option]);
  return html`<div class="picture" ref=${frame} role="img" aria-label=${caption} style=${{ height: `${height}px` }}></div>`;
}

function drawn(chart, option) {
  // Rich text instead of HTML: the policy of the page lets no style attributes in. No motion for who wants none.
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  chart.setOption(
    { backgroundColor: "transparent", animation: !still, ...option, tooltip: { renderMode: "richText", confine: true, ...option.tooltip } },
    { notMerge: true },
  );
}
