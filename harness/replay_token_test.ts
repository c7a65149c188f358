import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { cellOfToken, type NamedCell, tokenOf } from "./replay_token.ts";

const CELL: NamedCell = {
  scenario: "nvme/io/once",
  condition: "openhcl@2505[host,privatepool]>main[host,privatepool] devices=nvme+mana request=a>b",
  seed: 4294967295,
};

test("tokenOf() is one word that no shell takes apart", () => {
  assert.equal(
    tokenOf(CELL),
    "ft1_4294967295_nvme/io/once_openhcl@2505,host,privatepool~main,host,privatepool" +
      "_devices=nvme+mana_request=a~b_4b0aec76",
  );
});

test("cellOfToken() gives back what tokenOf() was given", () => {
  assert.deepEqual(cellOfToken(tokenOf(CELL)), CELL);
  const word = fc.stringMatching(/^[^\s>@=,[\]]{1,8}$/);
  const hop = fc
    .tuple(word, fc.array(word, { maxLength: 3 }))
    .map(([release, inputs]) => release + (inputs.length > 0 ? `[${inputs.join(",")}]` : ""));
  const setting = fc.tuple(word, fc.array(word, { minLength: 1, maxLength: 3 }));
  const cell = fc.record({
    scenario: fc.tuple(word, word).map((parts) => parts.join("/")),
    condition: fc
      .tuple(word, fc.array(hop, { minLength: 2, maxLength: 4 }), fc.array(setting))
      .map(([implementation, hops, settings]) => {
        const texts = settings.map(([axis, values]) => ` ${axis}=${values.join(">")}`);
        return `${implementation}@${hops.join(">")}${texts.join("")}`;
      }),
    seed: fc.nat(),
  });
  fc.assert(
    fc.property(cell, (named) => {
      const token = tokenOf(named);
      assert.match(token, /^[A-Za-z0-9.,+:=@/%_~-]+$/);
      assert.deepEqual(cellOfToken(token), { ...named });
    }),
    { seed: 1, numRuns: 500 },
  );
});

test("cellOfToken() refuses another version, and any lost or changed letter", () => {
  const token = tokenOf(CELL);
  const newer = token.replace("ft1", "ft2");
  const refusal = (why: string, given: string) => ({
    name: "RangeError",
    message: `Cannot replay token as it must ${why}: current value is ${given}`,
  });
  assert.throws(() => cellOfToken(newer), refusal("begin with ft1_", newer));
  for (let at = 4; at < token.length; at++) {
    for (const broken of [
      token.slice(0, at) + token.slice(at + 1),
      `${token.slice(0, at)}x${token.slice(at + 1)}`,
    ]) {
      if (broken === token) continue;
      assert.throws(() => cellOfToken(broken), refusal("be whole and unchanged", broken));
    }
  }
});
