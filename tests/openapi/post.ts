// Posts what standard input holds with a client whose types were generated from the document.
import { readFileSync } from "node:fs";
import createClient from "openapi-fetch";
import type { components, paths } from "./registration";

type Visit = components["schemas"]["PostedCitizenAssisted"];
const { baseUrl, token, event }: { baseUrl: string; token: string; event: Visit } = JSON.parse(readFileSync(0, "utf8"));

const client = createClient<paths>({ baseUrl, headers: { Authorization: `Bearer ${token}` } });
client
  .POST("/api/registration/v1/events", { body: event, headers: { "Content-Type": "application/cloudevents+json" } })
  .then(({ data, error }) => process.stdout.write(JSON.stringify(data?.results ?? error)));
