// The views: where each is, and who finds it in the menu. A view is fetched when it is first gone to.
export const VIEWS = [
  { name: "queue", load: () => import("./views/queue.js"), roles: ["FACILITATOR"] },
  { name: "map", load: () => import("./views/map.js"), roles: null },
  { name: "flows", load: () => import("./views/flows.js"), roles: ["FACILITATOR", "ANALYST"] },
  { name: "run", load: () => import("./views/run.js"), roles: ["FACILITATOR", "ANALYST"] },
  { name: "analyses", load: () => import("./views/analyses.js"), roles: ["FACILITATOR", "ANALYST"] },
  { name: "site", load: () => import("./views/site.js"), roles: ["SITE_MANAGER"] },
  { name: "workshop", load: () => import("./views/workshop.js"), roles: ["FACILITATOR"] },
  { name: "observatory", load: () => import("./views/observatory.js"), roles: null },
];

// Returns the views that a person has a use for; `roles: null` is for everybody, visitors too.
export function viewsFor(me) {
  const roles = new Set((me?.mandates ?? []).map((mandate) => mandate.role));
  return VIEWS.filter((view) => view.roles === null || view.roles.some((role) => roles.has(role)));
}
