// Who is signed in: an access token, API key or development token, kept in this tab only, and what it may.
import { useEffect, useState } from "./html.js";

const KEY = "symbiosis.token";
const heard = new Set();

function fromAddress() {
  // `symbiosis demo` prints addresses with a token behind the #: that part is never sent to a server.
  const given = new URLSearchParams(location.hash.slice(1)).get("token");
  if (given) {
    sessionStorage.setItem(KEY, given);
    history.replaceState(null, "", `${location.pathname}#/`);
  }
  return given ?? sessionStorage.getItem(KEY);
}

export const session = {
  token: fromAddress(),
  me: null,
  ready: false,
  enter(token) {
    sessionStorage.setItem(KEY, token);
    Object.assign(this, { token, me: null, ready: false });
    changed();
  },
  leave() {
    sessionStorage.removeItem(KEY);
    Object.assign(this, { token: null, me: null, ready: true });
    changed();
  },
  known(me) {
    Object.assign(this, { me, ready: true });
    changed();
  },
};

function changed() {
  for (const tell of heard) tell({});
}

// Returns the session; the component is drawn again when it changes.
export function useSession() {
  const [, tell] = useState({});
  useEffect(() => {
    heard.add(tell);
    return () => heard.delete(tell);
  }, []);
  return session;
}

// Says whether the person holds this role, in this territory or at this site where one is named.
export function may(role, place = null) {
  const mandates = session.me?.mandates ?? [];
  return mandates.some(
    (mandate) => mandate.role === role && (place === null || [mandate.territoryId, mandate.siteId].includes(place)),
  );
}

// Returns the ids of the territories that the person looks after, as one of these roles.
export function myTerritories(...roles) {
  const mandates = session.me?.mandates ?? [];
  return [...new Set(mandates.filter((m) => roles.includes(m.role) && m.territoryId).map((m) => m.territoryId))];
}
