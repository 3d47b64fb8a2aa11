// What becomes of an SMS to an invented citizen, by seed, number and text alone: the same each time.
// `habits`: seed; receipts and comes, by weight; answers, by what an SMS asks, by weight;
// spellings, by answer. "" is no receipt, and no answer.
"use strict";
const { createHash } = require("node:crypto");

function share(...names) {
  const digest = createHash("sha256").update(names.join("\x1f")).digest();
  return digest.readUInt32BE(0) / 2 ** 32;
}

function drawn(weights, part) {
  const entries = Object.entries(weights);
  let left = part * entries.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [name, weight] of entries) if ((left -= weight) < 0) return name;
  return entries.at(-1)[0];
}

const bare = (text) =>
  text.normalize("NFD").replace(/\p{M}/gu, "").replace(/[đĐ]/g, "d").toLowerCase();

function asked(text) {
  if (!bare(text).includes("nhan toi")) return "";
  return bare(text).includes("con dung khong") ? "follow_up" : "visit";
}

exports.citizens = (habits) => {
  const chance = (...names) => share(habits.seed, ...names);
  return {
    asked,
    fate: (number, text) => ({
      state: drawn(habits.receipts, chance("receipt", number, text)),
      comes: drawn(habits.comes, chance("comes", number, text)),
    }),
    answer(number, text) {
      const about = asked(text);
      if (!about) return { means: "", says: "" };
      const means = drawn(habits.answers[about], chance("answer", about, number));
      const spelled = habits.spellings[means] || [""];
      const says = spelled[Math.floor(chance("spelling", about, number) * spelled.length)];
      return { means, says };
    },
  };
};
