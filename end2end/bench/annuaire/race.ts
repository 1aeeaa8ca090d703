import { setTimeout as sleep } from 'node:timers/promises';

import { expect, type CDPSession, type Page } from '@playwright/test';

import type { ChromiumTablet } from '../../support/browser.js';
import { PEERS } from './peer_pages.js';
import { traced, type Key } from './trace.js';

export const BARE = 'bare box';
export const PLAIN = 'box and five lines of text';
export const OURS = 'Cardabelle';
const NAMES: Record<(typeof PEERS)[number], string> = { minisearch: 'MiniSearch', flexsearch: 'FlexSearch', fuse: 'Fuse.js', orama: 'Orama' };

/** One box to type in: a tab of its own in the browser of all. */
export type Contender = { name: string; page: Page; session: CDPSession; box: string };
/** The keys of each pass. */
export type Typed = Map<Contender, Key[][]>;

/** A trade and a place, a trade, people without accents or with an error, initials, what does not exist. */
const TYPED = ['kine auterive', 'infirmiere', 'lefebvre helene', 'd hotel', 'mg', 'zzzz'];
export const KEYS = TYPED.join('').length;
export const PASSES = 3;
/** From one key to the next: somebody who types fast on a phone. */
const BETWEEN_KEYS = 200;
/** Whatever a key began is over: counts and filters come 250 ms after it, the address 400. */
const SETTLED = 600;
/** Somebody whose keys take so long in all types no more texts. */
const PATIENCE = 80_000;

/** A tab for each; Cardabelle as somebody without an account sees it, its directory being shown. */
export async function enter(tablet: ChromiumTablet, pages: string, server: string): Promise<Contender[]> {
  await tablet.open('about:blank');
  const addresses: [string, string, string][] = [
    [BARE, `${pages}/bare`, '#box'],
    [PLAIN, `${pages}/plain`, '#box'],
    [OURS, `${server}/public`, '#annuaire-box'],
    ...PEERS.map((peer): [string, string, string] => [NAMES[peer], `${pages}/${peer}`, '#box']),
  ];
  const contenders: Contender[] = [];
  for (const [name, address, box] of addresses) {
    const page = await tablet.tab();
    await page.goto(address);
    if (name === OURS) await page.locator('.entries li:not([hidden])').first().waitFor({ timeout: 240_000 });
    const session = await page.context().newCDPSession(page);
    const contender = { name, page, session, box };
    // Its library is there after its page is.
    if (isPeer(contender)) await page.waitForFunction(() => 'contender' in window);
    contenders.push(contender);
  }
  return contenders;
}

export const isPeer = ({ name }: Contender) => Object.values<string>(NAMES).includes(name);

/** The turn of one: in front, and alone to be slowed down, since what slows a page down takes the processor. */
export async function turn<T>(contender: Contender, slower: number, work: () => Promise<T>): Promise<T> {
  await contender.page.bringToFront();
  await contender.session.send('Emulation.setCPUThrottlingRate', { rate: slower });
  try {
    return await work();
  } finally {
    await contender.session.send('Emulation.setCPUThrottlingRate', { rate: 1 });
  }
}

/** The same texts in every box, one box after the other at each text: they meet the same neighbours on the machine. */
export async function race(contenders: Contender[], slower: number): Promise<Typed> {
  const typed: Typed = new Map(contenders.map((contender) => [contender, []]));
  const spent = new Map<Contender, number>();
  // What a first search compiles and allocates is nobody's key.
  for (const contender of contenders) await turn(contender, 1, () => type(contender, 'marie'));
  for (let pass = 0; pass < PASSES; pass++) {
    for (const passes of typed.values()) passes.push([]);
    for (const [rank, text] of TYPED.entries()) {
      const first = (rank + pass) % contenders.length;
      for (const contender of [...contenders.slice(first), ...contenders.slice(0, first)]) {
        const before = spent.get(contender) ?? 0;
        if (before > PATIENCE) continue;
        const began = Date.now();
        typed.get(contender)!.at(-1)!.push(...(await turn(contender, slower, () => type(contender, text))));
        spent.set(contender, before + Date.now() - began);
      }
    }
  }
  return typed;
}

async function type({ name, page, session, box }: Contender, text: string): Promise<Key[]> {
  const field = page.locator(box);
  await field.fill('');
  await field.focus();
  await sleep(SETTLED);
  const keys = await traced(session, async () => {
    for (const letter of text) {
      const next = sleep(BETWEEN_KEYS);
      await page.keyboard.press(letter === ' ' ? 'Space' : letter);
      await next;
    }
    await sleep(SETTLED);
    // Whatever is still going on ends before the trace does.
    await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn))));
  });
  expect(await field.inputValue()).toBe(text);
  expect(keys.length, `keys seen of « ${text} » in ${name}`).toBe(text.length);
  return keys;
}
