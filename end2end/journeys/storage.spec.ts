import type { Page } from '@playwright/test';

import { enrol, unlock, written, type Hand } from '../support/hand.js';
import { arrive, expect, handOn, settleIn, test } from '../support/journey.js';
import { CLAIRE, everythingOf, fieldsOf, KARIM } from '../support/server.js';

/** What a person reads when her browser emptied itself. */
const EVICTED = 'Le navigateur a effacé ce qui était gardé ici.';

test('a browser that emptied itself says so, and what was sent comes back', async ({ server, tablet }) => {
  await settleIn(tablet, server.url, KARIM);
  await tablet.close();
  const { page } = await arrive(tablet, 'about:blank');
  const session = await page.context().newCDPSession(page);
  // As browsers do when the disk is full: the databases go, the little storage stays.
  await session.send('Storage.clearDataForOrigin', { origin: server.url, storageTypes: 'indexeddb' });
  await page.goto(`${server.url}/`);
  const hand = handOn(page);
  await hand.see(EVICTED, 40_000);
  await enrol(hand, KARIM);
  await hand.touch('Personnes', 'nav');
  await hand.see('Bousquet', 60_000);
  expect(await hand.text()).not.toContain(EVICTED);
});

test('a notebook that was erased alone is not opened empty', async ({ server, tablet }) => {
  await settleIn(tablet, server.url, KARIM);
  await tablet.kill();
  const { page } = await arrive(tablet, `${server.url}/favicon.svg`);
  await erase(page);
  await page.goto(`${server.url}/`);
  const hand = handOn(page);
  await hand.until(`document.getElementById('passphrase')`, 'the notebook does not ask for its passphrase', 60_000);
  await hand.type('passphrase', 'chardon calcaire brebis lavogne');
  await hand.touch('Ouvrir mon carnet', 'form');
  await hand.see(EVICTED, 40_000);
  await enrol(hand, KARIM);
  await hand.touch('Personnes', 'nav');
  await hand.see('Bousquet', 60_000);
  await hand.see('Tout est envoyé', 60_000);
});

test('a notebook erased under an open form is loud, and never says « Enregistré »', async ({ server, tablet }) => {
  const { page, hand } = await settleIn(tablet, server.url, CLAIRE);
  const record = await modify(page, hand, 'Pons');
  const before = fieldsOf(await everythingOf(server, CLAIRE), record).commune;
  await erase(page);
  await hand.type('i-commune', 'Saint-Loup');
  const told = `document.querySelector('.form-page [role=alert]')`;
  await hand.until(told, 'nothing is told of the erased notebook', 40_000);
  // Leaving the field tries again, finds nothing left to write, and must not take that for a success.
  await hand.leave();
  await page.waitForTimeout(1_000);
  await hand.until(told, 'what was told is taken back when the field is left', 1_000);
  expect(await hand.text()).not.toContain('Enregistré à');
  expect(await hand.text()).not.toContain('Tout est envoyé');
  expect(await page.locator('#i-commune').inputValue(), 'what she typed stays on the screen').toBe('Saint-Loup');
  expect(fieldsOf(await everythingOf(server, CLAIRE), record).commune).toBe(before);
  // The notebook is found again with the network.
  await page.goto(`${server.url}/`);
  await unlockAnyhow(hand);
  await enrol(hand, CLAIRE);
  await hand.touch('Personnes', 'nav');
  await hand.see('Cazals', 60_000);
});

test('a browser that promises nothing is told after the first save, and the save is kept', async ({ server, tablet }) => {
  const { page } = await arrive(tablet, 'about:blank');
  await page.addInitScript(() => {
    // What a browser answers to an application that is not installed.
    StorageManager.prototype.persist = () => Promise.resolve(false);
  });
  await page.goto(`${server.url}/`);
  const hand = handOn(page);
  await enrol(hand, CLAIRE);
  await hand.see('Tout est envoyé', 60_000);
  const promised = 'Ce navigateur n’a pas promis de tout garder.';
  await hand.touch('Plus', 'nav');
  await hand.see('Verrouiller maintenant');
  expect(await hand.text(), 'nothing was asked before anything was saved').not.toContain(promised);
  const record = await modify(page, hand, 'Pons');
  await hand.type('i-commune', 'Saint-Loup');
  await hand.leave();
  await hand.until(`text(document.querySelector('.saved')).includes('Enregistré à')`, 'it is never saved');
  await page.locator('.form-head a').click();
  await hand.touch('Plus', 'nav');
  await hand.see(promised);
  await hand.see('Installez l’application sur l’écran d’accueil');
  await expect.poll(async () => fieldsOf(await everythingOf(server, CLAIRE), record).commune, { timeout: 40_000 }).toBe('Saint-Loup');
});

test('a second tab of an older version is named, and the notebook opens once it is closed', async ({ server, tablet }) => {
  const { page } = await arrive(tablet, `${server.url}/favicon.svg`);
  // An older version, which does not let go when a newer one asks.
  await page.evaluate(
    () =>
      new Promise<void>((done, failed) => {
        const request = indexedDB.open('cardabelle', 50);
        request.onupgradeneeded = () => request.result.createObjectStore('devices');
        request.onsuccess = () => (Object.assign(window, { held: request.result }), done());
        request.onerror = () => failed(request.error);
      }),
  );
  const newer = await tablet.tab();
  await newer.goto(`${server.url}/`);
  const hand = handOn(newer);
  for (const sentence of ['Un autre onglet garde une version plus ancienne ouverte.', 'Rien n’est perdu.', 'Fermez les autres onglets']) {
    await hand.see(sentence, 40_000);
  }
  await page.close();
  await newer.reload();
  await enrol(hand, KARIM);
  await hand.see('Tout est envoyé', 60_000);
});

test('two tabs write in turn, and a lock in one locks the other', async ({ server, tablet }) => {
  const { page, hand } = await settleIn(tablet, server.url, CLAIRE);
  const record = await modify(page, hand, 'Pons');
  const other = await tablet.tab();
  await other.goto(`${server.url}/saisie/${record}`);
  const second = handOn(other);
  await second.until(`document.getElementById('i-commune')`, 'the form does not open');
  await second.type('i-commune', 'Gaillac-Toulza');
  await second.leave();
  await hand.until(`document.getElementById('i-commune').value === 'Gaillac-Toulza'`, 'the first tab does not see it');
  await page.bringToFront();
  await hand.type('i-given_name', 'Séraphine');
  await hand.leave();
  await written(hand);
  await expect.poll(async () => fieldsOf(await everythingOf(server, CLAIRE), record), { timeout: 40_000 }).toMatchObject({
    commune: 'Gaillac-Toulza',
    given_name: 'Séraphine',
  });
  await second.until(`document.getElementById('i-given_name').value === 'Séraphine'`, 'the second tab does not see it');
  await page.locator('.form-head a').click();
  await hand.touch('Plus', 'nav');
  await hand.touch('Verrouiller maintenant');
  await second.until(`document.getElementById('passphrase')`, 'the second tab stays open');
});

/** Deletes the notebook of the device, and not the list of devices. */
function erase(page: Page): Promise<void> {
  return page.evaluate(async () => {
    for (const { name } of await indexedDB.databases()) {
      if (!name?.startsWith('cardabelle-')) continue;
      await new Promise<void>((done, failed) => {
        const request = indexedDB.deleteDatabase(name);
        request.onsuccess = () => done();
        request.onerror = () => failed(request.error);
      });
    }
  });
}

/** Opens a lock that has nothing behind it any more. */
async function unlockAnyhow(hand: Hand): Promise<void> {
  await hand.until(`document.getElementById('passphrase') || document.getElementById('login')`, 'neither a lock nor a sign-in', 60_000);
  if (!(await hand.text()).includes('Se connecter')) {
    await hand.type('passphrase', 'chardon calcaire brebis lavogne');
    await hand.touch('Ouvrir mon carnet', 'form');
  }
  await hand.see(EVICTED, 40_000);
}

/** Opens the form of somebody already known; answers her id. */
async function modify(page: Page, hand: Hand, name: string): Promise<string> {
  await hand.touch('Personnes', 'nav');
  await page.getByRole('link', { name }).click();
  await hand.touch('Modifier la fiche');
  await hand.until(`document.getElementById('i-commune')`, 'the form does not open');
  return new URL(page.url()).pathname.split('/')[2];
}
