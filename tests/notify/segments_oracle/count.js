// Counts segments with npm's `sms-segments-calculator`: a JSON string a line in, its answer out.
"use strict";
const readline = require("node:readline");
const { SegmentedMessage } = require("sms-segments-calculator");

readline.createInterface({ input: process.stdin }).on("line", (line) => {
  const found = new SegmentedMessage(JSON.parse(line));
  console.log(JSON.stringify([found.encodingName, found.segmentsCount]));
});
