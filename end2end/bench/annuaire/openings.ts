import { setTimeout as sleep } from 'node:timers/promises';

import { ChromiumTablet, PHONE, soon } from '../../support/browser.js';
import { unlock, type Hand } from '../../support/hand.js';
import { arrive, settleIn } from '../../support/journey.js';
import { CLAIRE, tokenOf, type Server } from '../../support/server.js';
import type { Page } from '@playwright/test';
import { openingOf, watchOpening, type Opening } from './page.js';

export const OPENINGS = 3;

export type Opened = { cards: number; file: number; openings: Opening[] };

/** Opens the directory of a member, cold and without a network, each time in a browser that was killed. */
export async function open(server: Server, slower: number): Promise<Opened> {
  const tablet = new ChromiumTablet(PHONE);
  try {
    const { page, hand } = await settleIn(tablet, server.url, CLAIRE);
    const file = await fileOf(server);
    await kept(page, hand);
    await server.stop();
    const openings: Opening[] = [];
    let count = '';
    for (let rank = 0; rank < OPENINGS; rank++) {
      await tablet.kill();
      const again = await arrive(tablet, 'about:blank');
      openings.push(await opened(again.page, again.hand, server, slower));
      count = /([\d\s]+)fiche/u.exec(await again.page.locator('.count-line').innerText())![1];
    }
    return { cards: Number(count.replace(/\s/gu, '')), file, openings };
  } finally {
    await tablet.clear();
    await server.resume();
  }
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
async function opened(page: Page, hand: Hand, server: Server, slower: number): Promise<Opening> {
  await page.addInitScript(watchOpening);
  await page.goto(`${server.url}/`);
  await unlock(hand);
  await hand.see('Aujourd’hui', 60_000);
  // What the notebook does at its opening is over.
  await sleep(4_000);
  const session = await page.context().newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate: slower });
  await hand.touch('Annuaire', 'nav');
  return soon(() => page.evaluate(openingOf), 'the directory never opens', 240_000);
}
