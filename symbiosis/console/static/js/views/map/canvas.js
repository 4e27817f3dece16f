// The picture of the map: Leaflet on one canvas, no tiles; outlines below, arcs, then sites.
import { html, useEffect, useRef, useState } from "../../html.js";
import { ink } from "../../ink.js";
import { useTheme } from "../../theme.js";
import { t } from "../../words.js";

const OUTLINES = new URL("console/data/communes.geojson", document.baseURI).href;
const STEPS = 20;
const BEND = 0.18;
const HEAD_PX = 3;
const RIM = 0.05;
const FAINT_PX = 2;
let library = null;
let outlines = null;

function leaflet() {
  library ??= import("../../../vendor/leaflet-1.9.4/leaflet-src.esm.js").then((loaded) => withArcs(loaded));
  return library;
}

function communes() {
  outlines ??= fetch(OUTLINES).then((answer) => answer.json());
  outlines.catch(() => (outlines = null));
  return outlines;
}

// A polyline with an arrow's head at its end, drawn on the same canvas.
function withArcs(L) {
  const Arc = L.Polyline.extend({
    _updatePath() {
      this._renderer._updatePoly(this);
      const part = this._parts.at(-1);
      if (!part || part.length < 2) return;
      headed(this._renderer._ctx, part.at(-2), part.at(-1), this.options);
    },
  });
  return { L, Arc };
}

function headed(canvas, from, to, { weight, color, opacity }) {
  const angle = Math.atan2(to.y - from.y, to.x - from.x);
  const size = HEAD_PX + weight * 1.1;
  canvas.save();
  canvas.translate(to.x, to.y);
  canvas.rotate(angle);
  canvas.beginPath();
  canvas.moveTo(0, 0);
  canvas.lineTo(-size, size / 2);
  canvas.lineTo(-size, -size / 2);
  canvas.closePath();
  canvas.setLineDash([]);
  canvas.globalAlpha = opacity;
  canvas.fillStyle = color;
  canvas.fill();
  canvas.restore();
}

// Returns the points of an arc from one place to another, bent to the right of its way, so that two ways stay apart.
function bent(from, to) {
  const [dy, dx] = [to.lat - from.lat, to.lon - from.lon];
  const [lat, lon] = [(from.lat + to.lat) / 2 - dx * BEND, (from.lon + to.lon) / 2 + dy * BEND];
  return Array.from({ length: STEPS + 1 }, (_, step) => {
    const s = step / STEPS;
    const along = (a, b, c) => (1 - s) * (1 - s) * a + 2 * s * (1 - s) * b + s * s * c;
    return [along(from.lat, lat, to.lat), along(from.lon, lon, to.lon)];
  });
}

// arcs: [{id, from, to, width, label, dashed, status}], dots: [{id, lat, lon, radius, label, kind}] in drawing order.
export function Canvas({ arcs, dots, current, onArc, onDot, fit }) {
  const frame = useRef(null);
  const [drawn, setDrawn] = useState(null);
  const heard = useRef({});
  heard.current = { onArc, onDot };
  const theme = useTheme();
  useEffect(() => {
    let stopped = false;
    let opened = null;
    Promise.all([leaflet(), communes()]).then(([parts, land]) => {
      if (stopped) return;
      opened = opens(parts, land, frame.current, heard);
      setDrawn(opened);
    });
    return () => {
      stopped = true;
      opened?.watch.disconnect();
      opened?.map.remove();
    };
  }, []);
  useEffect(() => drawn?.ground(ink()), [drawn, theme]);
  useEffect(() => drawn?.flows(arcs, ink(), current), [drawn, arcs, current, theme]);
  useEffect(() => drawn?.places(dots, ink(), current), [drawn, dots, current, theme]);
  useEffect(() => drawn?.fitted(dots, arcs), [drawn, fit, dots.length + arcs.length > 0]);
  return html`<div class="map-canvas" ref=${frame} role="region" aria-label=${t("map.area")}></div>`;
}

function opens({ L, Arc }, land, frame, heard) {
  const renderer = L.canvas({ padding: 0.4, tolerance: 4 });
  const map = L.map(frame, { renderer, preferCanvas: true, zoomSnap: 0.25, minZoom: 8, maxZoom: 17 });
  map.attributionControl.setPrefix(false).addAttribution(t("map.outlines"));
  const ground = L.geoJSON(land, { renderer, interactive: false }).addTo(map);
  const flows = L.layerGroup().addTo(map);
  const places = L.layerGroup().addTo(map);
  map.fitBounds(ground.getBounds());
  const watch = new ResizeObserver(() => map.invalidateSize());
  watch.observe(frame);
  frame.map = map;
  return {
    map,
    watch,
    ground: (paint) => ground.setStyle({ color: paint.soft, weight: 0.7, opacity: 0.55, fillColor: paint.card, fillOpacity: 1 }),
    flows: (arcs, paint, current) => {
      flows.clearLayers();
      for (const arc of arcs) flows.addLayer(arcDrawn(L, Arc, arc, paint, current, heard, renderer));
    },
    places: (dots, paint, current) => {
      places.clearLayers();
      for (const dot of dots) places.addLayer(dotDrawn(L, dot, paint, current, heard, renderer));
    },
    fitted: (dots, arcs) => {
      const points = dots.length ? dots : arcs.flatMap((arc) => [arc.from, arc.to]);
      const shown = points.map((point) => [point.lat, point.lon]);
      map.fitBounds(shown.length ? L.latLngBounds(shown).pad(RIM) : ground.getBounds(), { maxZoom: 14 });
    },
  };
}

function arcDrawn(L, Arc, arc, paint, current, heard, renderer) {
  const chosen = current === arc.id;
  const options = {
    renderer,
    color: chosen ? paint.bad : arc.taken ? paint.blue : paint.accent,
    weight: arc.width,
    opacity: chosen ? 1 : arc.width > FAINT_PX ? 0.65 : 0.4,
    dashArray: arc.dashed ? "6 4" : null,
    smoothFactor: 0.5,
    bubblingMouseEvents: false,
  };
  const drawn = new Arc(bent(arc.from, arc.to), options);
  drawn.bindTooltip(() => said(arc.label), { sticky: true });
  drawn.on("click", () => heard.current.onArc(arc.id));
  return drawn;
}

function dotDrawn(L, dot, paint, current, heard, renderer) {
  const fill = { SITE: paint.text, SUPPLY: paint.accent, DEMAND: paint.warn }[dot.kind];
  const options = {
    renderer,
    radius: dot.radius,
    color: current === dot.id ? paint.bad : paint.card,
    weight: current === dot.id ? 3 : 1,
    fillColor: fill,
    fillOpacity: dot.kind === "SITE" ? 0.85 : 0.55,
    bubblingMouseEvents: false,
  };
  const drawn = L.circleMarker([dot.lat, dot.lon], options);
  drawn.bindTooltip(() => said(dot.label));
  drawn.on("click", () => heard.current.onDot(dot.siteId));
  return drawn;
}

// A tooltip's text as text: names come from people, never from us.
function said(lines) {
  const box = document.createElement("div");
  for (const line of lines) box.append(Object.assign(document.createElement("div"), { textContent: line }));
  return box;
}
