import { setTimeout as sleep } from 'node:timers/promises';

import { expect, test, type Page } from '@playwright/test';

import { ChromiumTablet, soon } from '../support/browser.js';
import { enrol, Hand, PASSPHRASE, unlock } from '../support/hand.js';
import { arrive, handOn } from '../support/journey.js';
import { FREE, Link, type Shape } from '../support/link.js';
import { CLAIRE, everythingOf, Server } from '../support/server.js';
import { percentile, spread } from './sync/figures.js';
import { fill } from './sync/fill.js';
import { held, rawPuts, watchTaps } from './sync/page.js';

const TRIES = Number(process.env.SYNC_TRIES ?? 5);
/** A country road: 300 ms there and back, 1.6 Mbit/s. */
const ROAD: Shape = { delay: 150, rate: 200_000 };

test('the first pull of 5,000 records on a country road', async () => {
  await withServer(5_000, async (server, link) => {
    const [times, ratios, firsts, bytes, limits, told] = [[], [], [], [], [], []] as number[][];
    for (let rank = 0; rank < TRIES; rank++) {
      const tablet = new ChromiumTablet();
      try {
        const { page, hand } = await arrive(tablet, `${link.url}/`);
        await upToPassphrase(page, hand);
        link.shape = ROAD;
        [link.up, link.down] = [0, 0];
        const asked = new Promise<number>((done) => page.on('request', (request) => request.url().includes('/api/snapshot') && done(performance.now())));
        await hand.touch('Ouvrir mon carnet');
        const start = await asked;
        let first = 0;
        await soon(async () => {
          const now = await held(page);
          if (now.records > 0) first ||= performance.now() - start;
          return now.done ? true : null;
        }, 'the first pull never ends', 180_000);
        const seconds = (performance.now() - start) / 1_000;
        const limit = link.down / ROAD.rate + (2 * ROAD.delay) / 1_000;
        await hand.see('Tout est envoyé', 60_000);
        told.push((performance.now() - start) / 1_000);
        times.push(seconds);
        firsts.push(first / 1_000);
        bytes.push(link.down);
        limits.push(limit);
        ratios.push(seconds / limit);
        expect((await held(page)).records, 'the records made are there').toBeGreaterThanOrEqual(5_000);
      } finally {
        link.shape = FREE;
        await tablet.clear();
      }
    }
    console.log(`\nfirst pull, 5,000 records, 300 ms and 1.6 Mbit/s, median of ${TRIES} (least to most)`);
    console.log(`  received ${spread(bytes, 0)} bytes; limit ${spread(limits)} s; done in ${spread(times)} s; ratio ${spread(ratios)}`);
    console.log(`  first records on the disk after ${spread(firsts)} s; « Tout est envoyé » after ${spread(told)} s`);
  });
});

test('an exchange with nothing to do, and 200 edits with 10,000 records held', async () => {
  await withServer(10_000, async (server, link) => {
    const tablet = new ChromiumTablet();
    try {
      const { page, hand } = await arrive(tablet, `${link.url}/`);
      await upToPassphrase(page, hand);
      await hand.touch('Ouvrir mon carnet');
      await hand.see('Tout est envoyé', 180_000);
      const { records } = await held(page);
      const asked: string[] = [];
      page.on('request', (request) => request.url().includes('/api/') && asked.push(new URL(request.url()).pathname));

      const [ups, downs, trips] = [[], [], []] as number[][];
      for (let rank = 0; rank < TRIES; rank++) {
        await sleep(1_500);
        asked.length = 0;
        [link.up, link.down] = [0, 0];
        await page.evaluate(() => dispatchEvent(new Event('online')));
        await sleep(2_000);
        ups.push(link.up);
        downs.push(link.down);
        trips.push(asked.length);
      }
      const last = asked.join(', ');
      console.log(`\nan exchange with nothing to do, ${records} records held, median of ${TRIES} (least to most)`);
      console.log(`  round trips ${spread(trips, 0)} (the last: ${last}); ${spread(ups, 0)} bytes sent; ${spread(downs, 0)} bytes received`);

      const [times, pushes, sent] = [[], [], []] as number[][];
      await openForm(page, server, link);
      for (let rank = 0; rank < TRIES; rank++) {
        await link.stop();
        await twoHundredEdits(page, hand, rank);
        asked.length = 0;
        [link.up, link.down] = [0, 0];
        const start = performance.now();
        await link.open();
        await page.evaluate(() => dispatchEvent(new Event('online')));
        await soon(async () => ((await held(page)).waiting === 0 ? true : null), 'the edits never leave', 60_000);
        times.push((performance.now() - start) / 1_000);
        await hand.until(`text(document.querySelector('.saved')).includes('Tout est envoyé')`, 'not all is sent', 60_000);
        pushes.push(asked.filter((path) => path === '/api/push').length);
        sent.push(link.up);
      }
      console.log(`\npush of 200 edits, ${records} records held, no delay on the line, median of ${TRIES} (least to most)`);
      console.log(`  ${spread(times)} s from the return of the network to an empty outbox; ${spread(pushes, 0)} pushes; ${spread(sent, 0)} bytes sent`);
    } finally {
      await tablet.clear();
    }
  });
});

test('from the tap to the disk', async () => {
  await withServer(0, async (server, link) => {
    const tablet = new ChromiumTablet();
    try {
      const { page, hand } = await arrive(tablet, 'about:blank');
      await page.addInitScript(watchTaps);
      await page.goto(`${link.url}/`);
      await enrol(hand, CLAIRE);
      await hand.see('Tout est envoyé', 60_000);
      await openForm(page, server, link);
      const question = page.locator('#q-lives_alone');
      for (let rank = 0; rank < 110; rank++) {
        await question.getByText(rank % 2 ? 'Oui' : 'Non', { exact: true }).click();
        await sleep(400);
      }
      const taps = (await page.evaluate(() => (window as unknown as { taps: { began: number; durable: number }[] }).taps)).slice(10);
      expect(taps.length, 'taps that wrote').toBeGreaterThan(80);
      const raw = await page.evaluate(rawPuts, 100);
      const line = (name: string, figures: number[]) =>
        console.log(`  ${name}: p50 ${percentile(figures, 0.5).toFixed(1)} ms, p95 ${percentile(figures, 0.95).toFixed(1)} ms (${figures.length})`);
      console.log('\nfrom the tap to the disk, with encryption');
      line('tap to durable', taps.map(({ durable }) => durable));
      line('tap to the beginning of the transaction', taps.map(({ began }) => began));
      line('one strict transaction of the application', taps.map(({ began, durable }) => durable - began));
      line('one raw strict put of 1 kB in the same browser', raw);
    } finally {
      await tablet.clear();
    }
  });
});

async function withServer(records: number, work: (server: Server, link: Link) => Promise<void>): Promise<void> {
  const server = await Server.start();
  const link = new Link(server);
  try {
    await link.open();
    if (records > 0) await fill(server, CLAIRE, records);
    await work(server, link);
  } finally {
    await link.stop();
    await server.clear();
  }
}

/** Signed in, the passphrase typed, the files of the application kept: the next touch opens the notebook. */
async function upToPassphrase(page: Page, hand: Hand): Promise<void> {
  await hand.see('Se connecter');
  await hand.type('login', CLAIRE.login);
  await hand.type('password', CLAIRE.password);
  await hand.touch('Se connecter', 'form');
  await hand.see('Votre phrase de passe', 40_000);
  await hand.touch('Choisir ma propre phrase');
  await hand.type('new-passphrase', PASSPHRASE);
  await hand.type('again', PASSPHRASE);
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await sleep(500);
}

async function openForm(page: Page, server: Server, link: Link): Promise<void> {
  const person = (await everythingOf(server, CLAIRE)).find((operation) => operation.fields?.family_name?.value === 'Pons');
  await page.goto(`${link.url}/saisie/${person!.record_id}`);
  const hand = handOn(page);
  await unlock(hand);
  await hand.until(`document.getElementById('i-commune')`, 'the form does not open', 60_000);
  await hand.see('Tout est envoyé', 60_000);
}

/** Each one offered, so that the next takes no one's place. */
async function twoHundredEdits(page: Page, hand: Hand, round: number): Promise<void> {
  const fields = ['commune', 'given_name', 'family_name'];
  for (let rank = 0, waiting = 0; waiting < 200; rank++) {
    await page.locator(`#i-${fields[rank % 3]}`).fill(`G${round}x${rank}`);
    await hand.leave();
    await sleep(40);
    if (rank % 20 === 19 || waiting > 180) ({ waiting } = await held(page));
  }
}
