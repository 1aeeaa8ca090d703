import { expect, test } from '@playwright/test';

import { life, type End } from './loss/life.js';
import { World } from './loss/world.js';

/**
 * Lives of a notebook in which everything goes wrong: browsers and server killed at any instant, answers lost, cut or
 * repeated, two tabs, two devices. In the end all is mended, and what the screens had said is compared with the server.
 */
test('no acknowledged save is ever lost', async () => {
  const runs = Number(process.env.LOSS_RUNS ?? 50);
  const seed = Number(process.env.LOSS_SEED ?? 1);
  const ends: End[] = [];
  const started = Date.now();
  let next = seed;
  const lane = async () => {
    const world = await World.make();
    try {
      while (next < seed + runs) {
        const run = next++;
        const end = await life(world, run);
        ends.push(end);
        const complaints = [...end.lost.map((what) => `lost: ${what}`), ...end.duplicated.map((what) => `twice: ${what}`), ...end.falsehoods, ...end.others];
        if (complaints.length > 0) console.log(`\nseed ${run}\n  ${complaints.join('\n  ')}\n  again: cargo xtask bench loss --runs 1 --seed ${run}`);
        else if (process.env.LOSS_TOLD) console.log(`seed ${run}: ${end.told}`);
      }
    } finally {
      await world.clear();
    }
  };
  // Each life waits more than it works: two at once, each with its own server, disks and browsers.
  await Promise.all(runs > 1 ? [lane(), lane()] : [lane()]);
  const total = (count: (end: End) => number) => ends.reduce((sum, end) => sum + count(end), 0);
  const wrong = {
    lost: total((end) => end.lost.length),
    duplicated: total((end) => end.duplicated.length),
    false: total((end) => end.falsehoods.length),
    others: total((end) => end.others.length),
  };
  console.log(
    `\n${runs} runs from seed ${seed}, ${Math.round((Date.now() - started) / 1_000)} s: ${total((end) => end.kills)} kills, ` +
      `${total((end) => end.faults)} faults on the way\n` +
      `${total((end) => end.acts)} answers, ${total((end) => end.acknowledged)} acknowledged, ${total((end) => end.claims)} times « Tout est envoyé »\n` +
      `${wrong.lost} lost, ${wrong.duplicated} duplicated, ${wrong.false} false « Tout est envoyé », ${wrong.others} other faults`,
  );
  expect(total((end) => end.acknowledged), 'the screens acknowledged something').toBeGreaterThan(runs);
  expect(wrong).toEqual({ lost: 0, duplicated: 0, false: 0, others: 0 });
});

test('an answer that lies is seen', async () => {
  const world = await World.make();
  try {
    const end = await life(world, 3, true);
    expect(end.lost, 'lost').not.toEqual([]);
    expect(end.falsehoods, 'false « Tout est envoyé »').not.toEqual([]);
  } finally {
    await world.clear();
  }
});
