import { setTimeout as sleep } from 'node:timers/promises';

import { expect, test, type Page } from '@playwright/test';

import { ChromiumTablet, PHONE, soon } from '../support/browser.js';
import { unlock, type Hand } from '../support/hand.js';
import { arrive, settleIn } from '../support/journey.js';
import { CLAIRE, tokenOf, type Server } from '../support/server.js';
import { keysOf, openingOf, watchKeys, watchOpening, type Key, type Opening } from './annuaire/page.js';
import { territoryOf } from './annuaire/territory.js';
import { percentile, spread } from './sync/figures.js';

const SIZES = (process.env.ANNUAIRE_CARDS ?? '3000,20000,100000').split(',').map(Number);
const SLOWER = Number(process.env.ANNUAIRE_SLOWER ?? 6);
const OPENINGS = 3;
/** From one key to the next: somebody who types fast on a phone. */
const BETWEEN_KEYS = 200;
/** Whatever a key began is over. */
const SETTLED = 1_500;

/** Trades, places, people, several of them, without accents, with errors, and what does not exist. */
const TYPED = [
  'kine auterive', 'infirmiere', 'medecin generaliste', 'dentiste balma', 'pharmacie', 'ortho aucamville', 'psy', 'idel aspet',
  'lefevre', 'lefebvre helene', 'marie helene fontier', 'd hotel', 'nguyen', 'ben ali', 'saint pierre', 'belmont sophie',
  'roqelac', 'kinesitherapeute', '31190', 'sage femme aussonne', 'cabinet', 'mg', 'zzzz',
];

for (const size of SIZES) {
  test(`the directory of ${size} people, a processor ${SLOWER} times slower`, async () => {
    const server = await territoryOf(size);
    const tablet = new ChromiumTablet(PHONE);
    try {
      const { page, hand } = await settleIn(tablet, server.url, CLAIRE);
      const file = await fileOf(server);
      await kept(page, hand);
      const openings: Opening[] = [];
      let open = { page, hand };
      for (let rank = 0; rank < OPENINGS; rank++) {
        // Cold and without a network.
        await tablet.kill();
        await server.stop();
        open = await arrive(tablet, 'about:blank');
        openings.push(await opened(open.page, open.hand, server));
      }
      const cards = /([\d\s]+)fiche/u.exec(await open.page.locator('.count-line').innerText())![1].replace(/\s/gu, '');
      expect(Number(cards), 'the people imported are there').toBeGreaterThanOrEqual(size);
      tellOpenings(Number(cards), file, openings);
      tellKeys(await typed(open.page));
    } finally {
      await tablet.clear();
      await server.clear();
    }
  });
}

/** Bytes of the file that devices receive, before it is compressed. */
async function fileOf(server: Server): Promise<number> {
  const headers = { 'cardabelle-protocol': '1', authorization: `Bearer ${await tokenOf(server, CLAIRE)}` };
  const answer = await fetch(`${server.url}/api/annuaire`, { headers });
  return (await answer.arrayBuffer()).byteLength;
}

/** Waits until the directory is on the disk. */
async function kept(page: Page, hand: Hand): Promise<void> {
  await hand.touch('Annuaire', 'nav');
  await hand.until(`document.querySelector('.entries li:not([hidden])')`, 'the directory never comes', 240_000);
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await soon(() => page.evaluate(() => (navigator.serviceWorker.controller ? true : null)), 'no service worker', 60_000);
  await sleep(2_000);
}

/** From the touch on the tab to its first lines, nothing of it being in memory. */
async function opened(page: Page, hand: Hand, server: Server): Promise<Opening> {
  await page.addInitScript(watchOpening);
  await page.addInitScript(watchKeys);
  await page.goto(`${server.url}/`);
  await unlock(hand);
  await hand.see('Aujourd’hui', 60_000);
  // What the notebook does at its opening is over.
  await sleep(4_000);
  const session = await page.context().newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
  await hand.touch('Annuaire', 'nav');
  return soon(() => page.evaluate(openingOf), 'the directory never opens', 240_000);
}

async function typed(page: Page): Promise<Key[]> {
  const box = page.locator('#annuaire-box');
  const keys: Key[] = [];
  for (const text of TYPED) {
    await box.fill('');
    await sleep(SETTLED);
    await page.evaluate(keysOf);
    for (const letter of text) {
      await page.keyboard.press(letter === ' ' ? 'Space' : letter);
      await sleep(BETWEEN_KEYS);
    }
    await sleep(SETTLED);
    keys.push(...(await page.evaluate(keysOf)));
    expect(await box.inputValue()).toBe(text);
  }
  expect(keys.length, 'keys that were seen').toBeGreaterThanOrEqual(Math.min(150, TYPED.join('').length));
  return keys;
}

function tellOpenings(cards: number, file: number, openings: Opening[]): void {
  const seconds = (from: keyof Opening, to: keyof Opening) => spread(openings.map((one) => (one[to] - one[from]) / 1_000));
  console.log(`\n${cards} cards, a file of ${(file / 1e6).toFixed(1)} MB, processor ${SLOWER} times slower`);
  console.log(`opened from the disk without a network, median of ${openings.length} (least to most)`);
  console.log(`  from the touch to the list drawn ${seconds('pressed', 'shown')} s, of which`);
  console.log(`  deciphered ${seconds('pressed', 'opened')} s, read and drawn ${seconds('opened', 'shown')} s`);
}

function tellKeys(keys: Key[]): void {
  const line = (name: string, of: (key: Key) => number) => {
    const figures = keys.map(of);
    const at = (share: number) => percentile(figures, share).toFixed(1);
    console.log(`  ${name}: p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, most ${at(1)} ms`);
  };
  console.log(`${keys.length} keys, of which ${keys.filter((key) => key.changed).length} changed the list`);
  line('work of a key (script, style, layout, paint)', (key) => key.script + key.drawing);
  line('  its script', (key) => key.script);
  line('  its drawing', (key) => key.drawing);
  line('from the key to its frame, waiting for the screen included', (key) => key.shown);
}
