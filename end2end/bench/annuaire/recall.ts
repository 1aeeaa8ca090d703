import { setTimeout as sleep } from 'node:timers/promises';

import type { Page } from '@playwright/test';

import type { Entry } from './entries.js';
import type { Pair } from './pairs.js';
import { OURS, isPeer, type Contender } from './race.js';

/** What `peers/page.js` offers. */
type PeerWindow = { contender: { build(address: string): Promise<number>; search(text: string, limit: number): Entry[] } };

export const FIRST = 10;
/** More than the cards of the pairs. */
const ALL = 1_000;
/** The list is drawn beyond its first lines, and the count is right. */
const RESTED = 800;

/** What is typed, and what the words of a line must begin with to be what was meant. */
const MEANT: [string, ...RegExp[]][] = [
  ['helene', /\bhelene/], ['lefevre', /\blefevre/], ['lefebvre', /\blefevre/], ['lefaivre', /\blefevre/], ['duchene', /\bduches?ne/],
  ['duchesne', /\bduches?ne/], ['st pierre', /\bsaint pierre/], ['d hotel', /\bd hotel/], ['dhotel', /\bd hotel/], ['ben ali', /\bben ali/],
  ['benali', /\bben ali/], ['nguyen', /\bn guyen/], ['kine auterive', /\bkinesitherapeute/, /\bauterive/], ['dentiste', /\bdentiste/],
  ['auterive idel', /\binfirmi/, /\bauterive/], ['saliqeut', /\bsaliquet/], ['duresoll', /\bduresol/], ['sophie lef', /\bsophie/, /\blef/],
];

/** Pairs of which everybody meant is found, and pairs that find somebody they must not. */
export type Found = { pairs: number; first: number; all: number; surplus: number; missed: string[] };

/** Puts the pairs to a peer, its page holding their cards. */
export async function found({ page }: Contender, pairs: Pair[]): Promise<Found> {
  await page.evaluate(() => (window as unknown as PeerWindow).contender.build('/pairs.json'));
  const found: Found = { pairs: pairs.filter(({ must }) => must.length > 0).length, first: 0, all: 0, surplus: 0, missed: [] };
  for (const { typed, must, never } of pairs) {
    const first = await asked(page, typed, FIRST);
    const all = await asked(page, typed, ALL);
    const names = (lines: Entry[]) => lines.map(({ name }) => name);
    const holds = (lines: Entry[]) => must.length > 0 && must.every((name) => names(lines).includes(name));
    found.first += Number(holds(first));
    found.all += Number(holds(all));
    found.surplus += Number(never.some((name) => names(all).includes(name)));
    if (must.length > 0 && !holds(all)) found.missed.push(typed);
  }
  return found;
}

const asked = (page: Page, text: string, limit: number) =>
  page.evaluate(([text, limit]) => (window as unknown as PeerWindow).contender.search(text, limit), [text, limit] as const);

/** Of the lines meant that could be among the first, how many are, for each text; in the whole directory. */
export async function meant(contender: Contender, people: Entry[]): Promise<Map<string, number>> {
  const shares = new Map<string, number>();
  const lineOf = ({ shown, what, where }: Entry) => `${shown} ${what} ${where}`;
  const all = people.map((entry) => folded(lineOf(entry)));
  for (const [typed, ...words] of MEANT) {
    const right = (line: string) => words.every((word) => word.test(line));
    const possible = Math.min(FIRST, all.filter(right).length);
    if (possible === 0) continue;
    const lines = contender.name === OURS ? await shown(contender, typed) : (await asked(contender.page, typed, FIRST)).map(lineOf);
    shares.set(typed, Math.min(1, lines.filter((line) => right(folded(line))).length / possible));
  }
  return shares;
}

/** The first lines of the real page. */
async function shown({ page, box }: Contender, text: string): Promise<string[]> {
  await page.locator(box).fill(text);
  await sleep(RESTED);
  const lines = page.locator('.entries li:not([hidden]) a:has(.name)');
  return (await lines.evaluateAll((lines) => lines.map((line) => [...line.children].map((part) => part.textContent).join(' ')))).slice(0, FIRST);
}

function folded(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replace(/[^\p{L}\p{N}]+/gu, ' ');
}

export const judged = (contender: Contender) => contender.name === OURS || isPeer(contender);
