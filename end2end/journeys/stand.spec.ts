import type { Page } from '@playwright/test';

import { search } from '../support/disk.js';
import { PASSPHRASE, unlock, written, type Hand } from '../support/hand.js';
import { answerOf, arrive, expect, handOn, settleIn, test } from '../support/journey.js';
import { everySize } from '../support/screen.js';
import { CLAIRE, everythingOf, fieldsOf, KARIM, type Operation } from '../support/server.js';

/** Distinctive: it is nowhere in the application nor in the browser. */
const NAME = 'Quatrebarbes';
/** Planted in clear, to prove that the search finds. */
const PLANTED = 'Barnabé Pimprenelle-Courtecuisse';
const VOLUNTEER = 'Xénophine';
const OPEN = '[href="/plus/stand"]';

test('twenty people signed up offline, the browser killed in between, arrive once each under who opened the stand', async ({ server, tablet }) => {
  test.setTimeout(900_000);
  let { page, hand } = await arrive(tablet, `${server.url}/`);
  const signedIn = await answerOf<{ token: string; recovery_key: string }>(page, 'POST', '/api/sign-in');
  ({ page, hand } = await settleIn(tablet, server.url, CLAIRE));
  const { token: ownToken, recovery_key } = await signedIn.body;
  const keys = [ownToken, recovery_key];
  const opened = await answerOf<{ token: Record<string, unknown> }>(page, 'POST', '/api/stands');
  await openStand(page, hand);
  const { token } = await opened.body;
  expect(Object.keys(token).sort(), 'the token came sealed to the server').toEqual(['content', 'format', 'iv', 'key']);
  await server.stop();

  const people = Array.from({ length: 20 }, (_, rank) => `${NAME}-${'abcdefghijklmnopqrst'[rank]}`);
  for (const [rank, name] of people.entries()) {
    await nextPerson(hand);
    await describe(hand, name);
    if (rank === 14) {
      // In the middle of a form: she has consented, and what she said is kept.
      await written(hand);
    } else {
      await finish(hand);
      if (rank % 6 !== 5) continue;
    }
    await tablet.kill();
    await look(tablet.profile, [name, VOLUNTEER, PASSPHRASE, CLAIRE.name, ...keys]);
    ({ page, hand } = await arrive(tablet, `${server.url}/`));
    await hand.see('Qui tient le stand ?', 60_000);
    expect(await hand.text(), 'nothing of anybody comes back').not.toMatch(new RegExp(`${NAME}|${VOLUNTEER}`));
    await hold(hand);
  }
  await hand.see('saisies en attente');
  expect(await clearTexts(page), 'what the API reads').not.toMatch(new RegExp(`${NAME}|${VOLUNTEER}|${CLAIRE.name}`));

  const authorised: string[] = [];
  page.on('request', (request) => {
    if (request.headers()['authorization']) authorised.push(request.url());
  });
  await server.resume();
  await hand.see('Tout est envoyé', 120_000);
  expect(authorised, 'a stand shows no token').toEqual([]);
  const received = await everythingOf(server, CLAIRE);
  const created = names(received);
  expect(created.sort(), 'once each').toEqual(people.sort());
  expect(names(await everythingOf(server, KARIM)), 'under her alone').toEqual([]);

  await hand.touch('Personne suivante');
  await closeStand(hand);
  await hand.see('Le stand est fermé');
  await unlock(hand);
  await hand.touch('Personnes', 'nav');
  await hand.see(people[0], 60_000);
});

test('nothing of a finished form can be read again, here or on the disk', async ({ server, tablet }) => {
  let { page, hand } = await settleIn(tablet, server.url, CLAIRE);
  await openStand(page, hand);
  await nextPerson(hand);
  await describe(hand, NAME);
  await finish(hand);
  for (let back = 0; back < 2; back++) {
    await page.evaluate('history.back()');
    expect(await hand.text()).not.toContain(NAME);
  }
  await hand.until(`text(document.body).includes('C’est noté') || text(document.body).includes('Qui tient')`, 'the stand is gone');
  expect(await clearTexts(page)).not.toContain(NAME);
  await page.goto(`${server.url}/personnes`);
  await hand.see('Qui tient le stand ?');
  expect(await hand.text(), 'no list, no search').not.toMatch(/Chercher|Ajouter une personne|Quatrebarbes/);

  // A form that was not finished, with consent then without: killed.
  await hold(hand);
  await nextPerson(hand);
  await describe(hand, `${NAME}-Lavogne`);
  await written(hand);
  await tablet.kill();
  await look(tablet.profile, [NAME, VOLUNTEER]);
  ({ page, hand } = await arrive(tablet, `${server.url}/`));
  await hand.see('Qui tient le stand ?', 60_000);
  await hand.see('Tout est envoyé', 60_000);
  expect(names(await everythingOf(server, CLAIRE)).sort()).toEqual([NAME, `${NAME}-Lavogne`]);
  await hold(hand);
  await nextPerson(hand);
  await hand.type('i-family_name', `${NAME}-Muette`);
  await hand.leave();
  await hand.see('Pas encore noté');
  await written(hand);
  await tablet.kill();
  await look(tablet.profile, [NAME]);
  ({ page, hand } = await arrive(tablet, `${server.url}/`));
  await hand.see('Qui tient le stand ?', 60_000);
  await hand.see('Tout est envoyé', 60_000);
  expect(names(await everythingOf(server, CLAIRE)), 'nobody who did not consent').not.toContain(`${NAME}-Muette`);

  // The same search finds what a careless application would have left.
  await page.evaluate(async (planted) => {
    const database = await new Promise<IDBDatabase>((done, failed) => {
      const request = indexedDB.open('planted', 1);
      request.onupgradeneeded = () => request.result.createObjectStore('rows');
      request.onsuccess = () => done(request.result);
      request.onerror = () => failed(request.error);
    });
    const transaction = database.transaction('rows', 'readwrite', { durability: 'strict' });
    transaction.objectStore('rows').put({ name: planted }, 1);
    await new Promise((done) => (transaction.oncomplete = done));
  }, PLANTED);
  expect(await clearTexts(page)).toContain(PLANTED);
  await tablet.close();
  expect(search(tablet.profile, [PLANTED]).found[PLANTED], 'the search does not find what is planted').not.toEqual([]);
});

test('a person who refuses leaves nothing, and a form is left with a warning', async ({ server, tablet }) => {
  const { page, hand } = await settleIn(tablet, server.url, CLAIRE);
  await openStand(page, hand);
  await nextPerson(hand);
  await hand.type('i-family_name', NAME);
  await hand.touch('Quitter cette fiche');
  await hand.see('Effacer ce qui est écrit ?');
  await hand.touch('Revenir à la fiche');
  await hand.touch('Terminer la fiche', 'main');
  await hand.touch('Terminer ainsi');
  await hand.see('Effacer ce qui est écrit ?');
  await hand.touch('Tout effacer');
  await nextPerson(hand);
  await hand.touch('Non', '#q-consent_record');
  await hand.touch('Ne rien garder');
  await hand.see('Rien n’est gardé de cette personne');
  await hand.touch('Personne suivante');
  await nextPerson(hand);
  await describe(hand, `${NAME}-Lavogne`);
  await hand.touch('Quitter cette fiche');
  await hand.see('Quitter cette fiche ?');
  await hand.touch('Quitter la fiche');
  await hand.see('C’est noté');
  await hand.see('Tout est envoyé', 60_000);
  const log = await everythingOf(server, CLAIRE);
  expect(names(log)).toEqual([`${NAME}-Lavogne`]);
  const [noted] = log.filter(({ fields }) => String(fields?.family_name?.value).startsWith(NAME));
  expect(fieldsOf(log, noted.record_id).noted_by, 'who held the tablet').toBe(VOLUNTEER);
});

test('a stand closed offline sends from the lock page, which says how much waits; its hour closes it too', async ({ server, tablet }) => {
  const { page, hand } = await settleIn(tablet, server.url, CLAIRE);
  await openStand(page, hand);
  await server.stop();
  await nextPerson(hand);
  await describe(hand, NAME);
  await finish(hand);
  await hand.touch('Personne suivante');
  await closeStand(hand);
  await hand.see('saisies d’un stand fermé attendent d’être envoyées');
  await page.reload();
  await hand.see('Carnet verrouillé', 60_000);
  await hand.see('saisies d’un stand fermé attendent d’être envoyées');
  await server.resume();
  await hand.until(`!text(document.body).includes('stand fermé')`, 'what waits does not leave', 120_000);
  expect(names(await everythingOf(server, CLAIRE))).toEqual([NAME]);
  expect(await page.evaluate(STANDS), 'nothing of the stand stays').toBe('0');

  await unlock(hand);
  await openStand(page, hand);
  await nextPerson(hand);
  await describe(hand, `${NAME}-Lavogne`);
  await page.evaluate('{ const real = Date.now.bind(Date); Date.now = () => real() + 86_400_000; }');
  await hand.see('Le stand est fermé', 30_000);
  expect(await hand.text()).not.toContain(NAME);
  await expect.poll(async () => names(await everythingOf(server, CLAIRE)).sort(), { timeout: 60_000 }).toEqual([NAME, `${NAME}-Lavogne`]);
});

test('one tab holds the stand, and another takes it over', async ({ server, tablet }) => {
  const { page, hand } = await settleIn(tablet, server.url, CLAIRE);
  await openStand(page, hand);
  const other = await tablet.tab();
  await other.goto(`${server.url}/`);
  const second = handOn(other);
  await second.see('Stand ouvert dans un autre onglet', 60_000);
  await nextPerson(hand);
  await describe(hand, NAME);
  await written(hand);
  await page.close();
  await second.see('Qui tient le stand ?');
  await second.see('Tout est envoyé', 60_000);
  const [record] = (await everythingOf(server, CLAIRE)).filter(({ fields }) => fields?.family_name?.value === NAME);
  expect(fieldsOf(await everythingOf(server, CLAIRE), record.record_id).given_name, 'all that was written').toBe('Odette');
});

test('a full disk is loud at a stand, and the answer is kept once there is room', async ({ server, tablet }) => {
  const { page, hand } = await settleIn(tablet, server.url, CLAIRE);
  await openStand(page, hand);
  await nextPerson(hand);
  await hand.answer('consent_record', 'Oui');
  await hand.see('Enregistré à');
  await page.evaluate(`{
    const stores = IDBObjectStore.prototype;
    stores.realPut = stores.put;
    stores.put = function (...a) {
      if (this.name === 'seals') throw new DOMException('full', 'QuotaExceededError');
      return this.realPut(...a);
    };
  }`);
  await hand.type('i-family_name', NAME);
  await hand.leave();
  await hand.see('Cet appareil est plein.');
  await page.evaluate('IDBObjectStore.prototype.put = IDBObjectStore.prototype.realPut');
  // It is tried again by itself too: whichever comes first.
  await page.locator('.band button', { hasText: 'Réessayer' }).click({ timeout: 1_000 }).catch(() => undefined);
  await hand.see('Enregistré à');
  await finish(hand);
  await hand.touch('Personne suivante');
  await hand.see('Tout est envoyé', 60_000);
  expect(names(await everythingOf(server, CLAIRE))).toEqual([NAME]);
});

test('the pages of a stand fit every screen and everybody', async ({ server, tablet }) => {
  test.setTimeout(600_000);
  const { page, hand } = await settleIn(tablet, server.url, CLAIRE);
  await hand.touch('Plus', 'nav');
  await page.locator(OPEN).click();
  await hand.see('Nom du stand');
  await everySize(page, 'stand-open');
  await fill(hand);
  await everySize(page, 'stand-who');
  await hand.touch(VOLUNTEER);
  await everySize(page, 'stand-home');
  await hand.touch('Fermer le stand');
  await hand.see('Fermer le stand ?');
  await everySize(page, 'stand-close');
  await hand.touch('Continuer le stand');
  await nextPerson(hand);
  await everySize(page, 'stand-form-held');
  await describe(hand, NAME);
  await everySize(page, 'stand-form');
  await hand.touch('Quitter cette fiche');
  await everySize(page, 'stand-leave');
  await hand.touch('Revenir à la fiche');
  await finish(hand);
  await everySize(page, 'stand-noted');
  await server.stop();
  await nextPerson(hand);
  await describe(hand, NAME);
  await finish(hand);
  await hand.touch('Personne suivante');
  await everySize(page, 'stand-offline');
  await closeStand(hand);
  await hand.see('attendent d’être envoyées');
  await everySize(page, 'stand-lock');
});

async function openStand(page: Page, hand: Hand): Promise<void> {
  await hand.touch('Plus', 'nav');
  await page.locator(OPEN).click();
  await hand.see('Nom du stand');
  await fill(hand);
  await hand.touch(VOLUNTEER);
  await hand.see(`${VOLUNTEER} tient le stand`);
}

async function fill(hand: Hand): Promise<void> {
  await hand.type('stand-name', 'Marché de Saverdun');
  await hand.type('stand-volunteers', `${VOLUNTEER}, Jo`);
  await hand.touch('Verrouiller mon carnet et ouvrir le stand');
  await hand.see('Qui tient le stand ?', 60_000);
}

/** After a reload the first names are asked again. */
async function hold(hand: Hand): Promise<void> {
  await hand.type('volunteer', VOLUNTEER);
  await hand.touch('C’est moi');
}

async function nextPerson(hand: Hand): Promise<void> {
  await hand.until(`text(document.body).includes('tient le stand.') || text(document.body).includes('C’est noté')`, 'no home');
  if ((await hand.text()).includes('C’est noté')) await hand.touch('Personne suivante');
  await hand.touch('Nouvelle personne');
  await hand.until(`document.getElementById('q-consent_record')`, 'the form does not open');
}

async function describe(hand: Hand, name: string): Promise<void> {
  await hand.answer('consent_record', 'Oui');
  await hand.type('i-family_name', name);
  await hand.type('i-given_name', 'Odette');
  await hand.leave();
  await hand.see('Enregistré à');
}

async function finish(hand: Hand): Promise<void> {
  await hand.touch('Terminer la fiche', 'main');
  await hand.touch('Terminer ainsi');
  await hand.see('C’est noté');
}

async function closeStand(hand: Hand): Promise<void> {
  await hand.touch('Fermer le stand');
  await hand.touch('Fermer', 'dialog');
  await hand.touch('Oui, fermer le stand');
  await hand.see('Carnet verrouillé', 60_000);
}

/** Family names of the people of the log whose name is ours, one for each creation. */
function names(operations: Operation[]): string[] {
  const people = operations.filter(({ record_kind, kind }) => record_kind === 'person' && kind === 'create');
  return people
    .map(({ record_id }) => String(fieldsOf(operations, record_id).family_name ?? ''))
    .filter((name) => name.startsWith(NAME));
}

async function look(profile: string, secrets: string[]): Promise<void> {
  const { found, files } = search(profile, secrets);
  expect(files, 'the profile is read').toBeGreaterThan(20);
  expect(Object.entries(found).filter(([, places]) => places.length > 0), 'clear text on the disk').toEqual([]);
}

/** Every text and every byte that the page itself can read of the databases and of local storage. */
async function clearTexts(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const asked = <T>(request: IDBRequest<T>) =>
      new Promise<T>((done, failed) => {
        request.onsuccess = () => done(request.result);
        request.onerror = () => failed(request.error);
      });
    const all: string[] = [JSON.stringify({ ...localStorage })];
    const bytes = (_: string, value: unknown) => (value instanceof Uint8Array ? new TextDecoder('latin1').decode(value) + new TextDecoder().decode(value) : value);
    for (const { name } of await indexedDB.databases()) {
      const database = await asked(indexedDB.open(name!));
      for (const store of database.objectStoreNames) {
        const rows = database.transaction(store).objectStore(store);
        all.push(JSON.stringify(await Promise.all([asked(rows.getAllKeys()), asked(rows.getAll())]), bytes));
      }
      database.close();
    }
    return all.join('\n');
  });
}

/** How many stands are listed. */
const STANDS = `(async () => {
  const database = await new Promise((done) => { const request = indexedDB.open('cardabelle'); request.onsuccess = () => done(request.result); });
  const count = await new Promise((done) => { const request = database.transaction('stands').objectStore('stands').count(); request.onsuccess = () => done(request.result); });
  database.close();
  return String(count);
})()`;
