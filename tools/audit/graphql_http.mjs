// node graphql_http.mjs URL TOKEN: the audits of the package graphql-http, as an account; prints one JSON object.
import { auditServer } from "graphql-http";

const [url, token] = process.argv.slice(2);
const fetchFn = (address, init = {}) =>
  fetch(address, { ...init, headers: { ...(init.headers ?? {}), authorization: `Bearer ${token}` } });
const results = await auditServer({ url, fetchFn });
const told = results.map(({ id, name, status, reason }) => ({ id, name, status, reason }));
console.log(JSON.stringify(told));
