// Serve the page from mercurius without JIT: node mercurius.mjs SCHEMA.graphql PAGE.json; the first line is its address.
import { readFileSync } from "node:fs";
import Fastify from "fastify";
import mercurius from "mercurius";

const [schemaPath, pagePath] = process.argv.slice(2);
const page = JSON.parse(readFileSync(pagePath, "utf8")).data.listings;
const app = Fastify();
app.register(mercurius, {
  schema: readFileSync(schemaPath, "utf8"),
  resolvers: { Query: { listings: async () => page } },
});
await app.listen({ host: "127.0.0.1", port: 0 });
console.log(`http://127.0.0.1:${app.server.address().port}`);
