// What the parser of AsyncAPI finds in the document that comes on standard input, as JSON.
const { readFileSync } = require("node:fs");
const { Parser } = require("@asyncapi/parser");

new Parser().parse(readFileSync(0, "utf8")).then(({ document, diagnostics }) => {
  const found = diagnostics.filter(({ severity }) => severity <= 1);
  process.stdout.write(JSON.stringify({ read: document !== undefined, found }));
});
