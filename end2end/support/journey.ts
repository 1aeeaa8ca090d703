import { test as base, type Page } from '@playwright/test';

import { ChromiumTablet, TABLET, type Size } from './browser.js';
import { enrol, Hand, type AnyPage } from './hand.js';
import { Server, type Account } from './server.js';

/** Somebody at her tablet. */
export type Seat = { page: Page; hand: Hand };

type Options = { size: Size; browserArguments: string[] };
type Journey = { server: Server; tablet: ChromiumTablet };

/** A journey with a server and a Chromium of its own, both gone at the end whatever happens. */
export const test = base.extend<Options & Journey>({
  size: [TABLET, { option: true }],
  browserArguments: [[], { option: true }],
  server: async ({}, use) => {
    const server = await Server.start();
    await use(server);
    await server.clear();
  },
  tablet: async ({ size, browserArguments }, use) => {
    const tablet = new ChromiumTablet(size, browserArguments);
    await use(tablet);
    await tablet.clear();
  },
});

/** The page of Chromium, and the hand on it. */
export async function arrive(tablet: ChromiumTablet, url: string): Promise<Seat> {
  const page = await tablet.open(url);
  return { page, hand: handOn(page) };
}

/** Arrives, signs in, and waits for the end of the first exchange. */
export async function settleIn(tablet: ChromiumTablet, url: string, account: Account): Promise<Seat> {
  const arrived = await arrive(tablet, `${url}/`);
  await enrol(arrived.hand, account);
  await arrived.hand.see('Tout est envoyé', 60_000);
  return arrived;
}

/**
 * What the server answers to the next call of this path. Read on its way: the browser's own memory of an answer may be gone
 * by the time it is asked.
 */
export async function answerOf<T>(page: Page, method: string, path: string): Promise<{ body: Promise<T> }> {
  let done: (body: T) => void;
  const body = new Promise<T>((resolve) => (done = resolve));
  await page.route(`**${path}`, async (route) => {
    if (route.request().method() !== method) return route.fallback();
    const response = await route.fetch();
    if (response.ok()) done((await response.json()) as T);
    await route.fulfill({ response });
  });
  return { body };
}

export function handOn(page: Page): Hand {
  return new Hand(page as unknown as AnyPage);
}

/** Opens a person from the list; answers her id. */
export async function personOf({ page, hand }: Seat, name: string): Promise<string> {
  await hand.touch('Personnes', 'nav');
  await page.getByRole('link', { name }).first().click();
  await hand.see('Équipe de soins');
  return new URL(page.url()).pathname.split('/')[2];
}

/** Sends what waits and receives the rest, as she does when she cannot wait a minute. */
export async function sendAll(hand: Hand): Promise<void> {
  await hand.touch('Plus', 'nav');
  await hand.touch('Envoyer maintenant');
  await hand.see('Tout est envoyé', 60_000);
}

export { expect } from '@playwright/test';
