import type { Page } from '@playwright/test';

import { enrol, unlock, written } from '../support/hand.js';
import { arrive, expect, settleIn, test } from '../support/journey.js';
import { Proxy, type Answer } from '../support/proxy.js';
import { CLAIRE, everythingOf, fieldsOf } from '../support/server.js';

/** As the next build would: the same files under another version. */
function newer(version: string): (path: string, answer: Answer) => Answer {
  return (path, answer) => {
    if (path !== '/sw.js') return answer;
    const worker = answer.body.toString();
    const changed = worker.replace(/cardabelle-[0-9a-f]{16}/, `cardabelle-${version}`);
    if (changed === worker) throw new Error('the worker has no version to change');
    return { ...answer, body: Buffer.from(changed) };
  };
}

/** What the hourly check does. */
function check(page: Page): Promise<void> {
  return page.evaluate(async () => {
    const registration = await navigator.serviceWorker.ready;
    await registration.update().catch(() => undefined);
  });
}

const states = (page: Page) =>
  page.evaluate(async () => {
    const registration = await navigator.serviceWorker.ready;
    return { waiting: registration.waiting !== null, caches: (await caches.keys()).sort() };
  });

test('a new version never interrupts a form, and is installed when she says so', async ({ server, tablet }) => {
  const proxy = await Proxy.before(server);
  try {
    let { page, hand } = await settleIn(tablet, proxy.url, CLAIRE);
    const [first] = (await states(page)).caches;
    expect((await states(page)).caches, 'one version on the first day').toHaveLength(1);
    // The second day: Playwright keeps the worker of a first session alive, and the next one would never take over.
    await tablet.close();
    ({ page, hand } = await arrive(tablet, `${proxy.url}/`));
    await unlock(hand);
    await hand.until(`navigator.serviceWorker.controller`, 'the worker does not control the page');
    await hand.touch('Personnes', 'nav');
    await page.getByRole('link', { name: 'Pons' }).click();
    await hand.touch('Modifier la fiche');
    await hand.until(`document.getElementById('i-commune')`, 'the form does not open');

    // It arrives while she types.
    proxy.onAnswer = newer('aaaaaaaaaaaaaaaa');
    await hand.type('i-commune', 'Veneque');
    await check(page);
    await hand.see('Une nouvelle version est prête. Votre saisie n’est pas interrompue.', 40_000);
    await page.keyboard.type('rque');
    expect(await page.locator('#i-commune').inputValue()).toBe('Venequerque');
    expect(await page.evaluate(() => document.activeElement?.id), 'the keyboard stays where it was').toBe('i-commune');
    expect(await page.getByRole('button', { name: 'Installer maintenant' }).count(), 'nothing to install from a form').toBe(0);
    expect(await states(page)).toEqual({ waiting: true, caches: ['cardabelle-aaaaaaaaaaaaaaaa', first].sort() });

    // Outside the form she installs it, and goes on.
    await page.locator('.form-head a').click();
    await hand.see('Une nouvelle version est prête. Vos saisies restent sur cet appareil.');
    await hand.touch('Installer maintenant');
    await unlock(hand);
    await expect.poll(() => states(page)).toEqual({ waiting: false, caches: ['cardabelle-aaaaaaaaaaaaaaaa'] });
    expect(await hand.text()).not.toContain('Une nouvelle version est prête');
    await hand.see('Venequerque', 40_000);
  } finally {
    await proxy.stop();
  }
});

test('a version that waited is there at the next cold start, before anybody typed', async ({ server, tablet }) => {
  const proxy = await Proxy.before(server);
  try {
    const { page, hand } = await settleIn(tablet, proxy.url, CLAIRE);
    await page.reload();
    await unlock(hand);
    proxy.onAnswer = newer('bbbbbbbbbbbbbbbb');
    await check(page);
    await hand.see('Une nouvelle version est prête.', 40_000);
    await tablet.close();
    const again = await arrive(tablet, `${proxy.url}/`);
    await expect.poll(() => states(again.page), { timeout: 40_000 }).toEqual({ waiting: false, caches: ['cardabelle-bbbbbbbbbbbbbbbb'] });
    await unlock(again.hand);
    await again.hand.see('Cazals');
  } finally {
    await proxy.stop();
  }
});

test('half an update leaves the old version, which still starts without the network', async ({ server, tablet }) => {
  const proxy = await Proxy.before(server);
  try {
    const { page, hand } = await arrive(tablet, `${proxy.url}/`);
    await enrol(hand, CLAIRE);
    await hand.see('Tout est envoyé', 60_000);
    await page.reload();
    await unlock(hand);
    const [first] = (await states(page)).caches;
    const next = newer('cccccccccccccccc');
    let refused = 0;
    proxy.onAnswer = (path, answer) => {
      if (path.endsWith('.wasm') || path === '/passphrase-words.txt') {
        refused += 1;
        return { ...answer, status: 500, headers: { 'content-type': 'text/plain' }, body: Buffer.from('500') };
      }
      return next(path, answer);
    };
    await check(page);
    await expect.poll(() => refused, { message: 'the new version was not even tried' }).toBeGreaterThan(0);
    await hand.until(`navigator.serviceWorker.ready.then((registration) => !registration.installing && !registration.waiting)`, 'the half version is kept', 40_000);
    expect(await hand.text()).not.toContain('Une nouvelle version est prête');

    await tablet.kill();
    await proxy.stop();
    const offline = await arrive(tablet, `${proxy.url}/`);
    await unlock(offline.hand);
    await offline.hand.see('Cazals');
    const there = (await states(offline.page)).caches;
    expect(there).toContain(first);

    // Whole at last, it replaces what was left of the half one.
    await tablet.kill();
    await proxy.resume();
    proxy.onAnswer = next;
    const online = await arrive(tablet, `${proxy.url}/`);
    await unlock(online.hand);
    await check(online.page);
    await online.hand.see('Une nouvelle version est prête.', 40_000);
    await online.hand.touch('Installer maintenant');
    await unlock(online.hand);
    await expect.poll(() => states(online.page)).toEqual({ waiting: false, caches: ['cardabelle-cccccccccccccccc'] });
  } finally {
    await proxy.stop();
  }
});

test('a new version sends what the former one left waiting, written as it wrote it', async ({ server, tablet }) => {
  const proxy = await Proxy.before(server);
  try {
    let { page, hand } = await settleIn(tablet, proxy.url, CLAIRE);
    // The second day: Playwright keeps the worker of a first session alive.
    await tablet.close();
    ({ page, hand } = await arrive(tablet, `${proxy.url}/`));
    await unlock(hand);
    await hand.touch('Personnes', 'nav');
    await page.getByRole('link', { name: 'Pons' }).click();
    await hand.touch('Modifier la fiche');
    await hand.until(`document.getElementById('i-commune')`, 'the form does not open');
    const record = new URL(page.url()).pathname.split('/')[2];
    // The worker of the next version is there, and the network goes: four entries wait.
    proxy.onAnswer = newer('dddddddddddddddd');
    await check(page);
    await hand.see('Une nouvelle version est prête.', 40_000);
    await proxy.stop();
    for (const [field, text] of [['commune', 'Lagarde'], ['given_name', 'Émilienne'], ['family_name', 'Pons-Rivel']]) {
      await hand.type(`i-${field}`, text);
      await hand.leave();
    }
    await hand.answer('carer', 'Oui');
    await written(hand);
    expect(await page.evaluate(asFormerly), 'entries that wait, and one set aside').toEqual({ waiting: 4, aside: 1 });
    await tablet.close();

    // Cold, without the network, the new version opens what the former one wrote.
    ({ page, hand } = await arrive(tablet, `${proxy.url}/saisie/${record}`));
    await unlock(hand);
    await hand.until(`document.getElementById('i-commune')?.value === 'Lagarde'`, 'the commune is lost');
    expect((await states(page)).caches).toEqual(['cardabelle-dddddddddddddddd']);
    await proxy.resume();
    await page.evaluate(() => dispatchEvent(new Event('online')));
    await expect.poll(async () => fieldsOf(await everythingOf(server, CLAIRE), record), { timeout: 60_000 }).toMatchObject({
      commune: 'Lagarde',
      given_name: 'Émilienne',
      family_name: 'Pons-Rivel',
    });
    await hand.see('mise de côté', 40_000);
    expect(await hand.text()).not.toContain('Tout est envoyé');
    expect(fieldsOf(await everythingOf(server, CLAIRE), record).carer, 'what is set aside is not sent').not.toBe('yes');
    await hand.until(`[...document.querySelectorAll('#q-carer label')].some((label) => says(label, 'Oui') && label.querySelector('input')?.checked)`, 'it is no longer shown');
  } finally {
    await proxy.stop();
  }
});

/** Rows as the first builds wrote them: a cursor that knows no first pull, an entry set aside without its reason. */
async function asFormerly(): Promise<{ waiting: number; aside: number }> {
  const asked = <T>(request: IDBRequest<T>) =>
    new Promise<T>((done, failed) => {
      request.onsuccess = () => done(request.result);
      request.onerror = () => failed(request.error);
    });
  const counts = { waiting: 0, aside: 0 };
  for (const { name } of await indexedDB.databases()) {
    if (!name?.startsWith('cardabelle-')) continue;
    const database = await asked(indexedDB.open(name));
    const transaction = database.transaction(['outbox', 'counters'], 'readwrite', { durability: 'strict' });
    const [outbox, counters] = [transaction.objectStore('outbox'), transaction.objectStore('counters')];
    const { epoch, since } = await asked(counters.get('cursor') as IDBRequest<{ epoch: number; since: number }>);
    counters.put({ epoch, since }, 'cursor');
    // What the device tells of itself is no entry.
    const all = await asked(outbox.getAll() as IDBRequest<{ op: string; deviceSeq: number; quiet?: boolean }[]>);
    const rows = all.filter(({ quiet }) => !quiet).sort((a, b) => a.deviceSeq - b.deviceSeq);
    const last = rows[rows.length - 1];
    outbox.put({ ...last, phase: 'set-aside', root: null }, last.op);
    counts.waiting += rows.length;
    counts.aside += 1;
    await new Promise((done) => (transaction.oncomplete = done));
    database.close();
  }
  return counts;
}
