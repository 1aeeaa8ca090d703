import type { Page } from '@playwright/test';

import { search } from '../support/disk.js';
import { addPerson, PASSPHRASE, unlock, written, type Hand } from '../support/hand.js';
import { answerOf, arrive, expect, settleIn, test } from '../support/journey.js';
import { CLAIRE, everythingOf, type Server } from '../support/server.js';

/** Distinctive: they are nowhere in the application nor in the browser. */
const SECRETS = {
  name: 'Quatrebarbes-Lavogne',
  givenName: 'Xénophine',
  doctor: 'Ysengrin Malpertuis',
  commune: 'Trébuchet-sur-Ganguise',
  phone: '0639986127',
  spacedPhone: '06 39 98 61 27',
  birth: '1938-10-23',
  typedBirth: '23/10/1938',
};
/** Planted in clear, to prove that the search finds. */
const PLANTED = {
  indexedDb: 'Barnabé Pimprenelle-Courtecuisse',
  packedIndexedDb: 'Léocadie Trousse-Galoubet',
  localStorage: 'Hippolyte Brindezingue-Façade',
  cacheStorage: 'Gwendoline Farigoulette-Émé',
};

test('nothing clear lies on the disk of the device', async ({ server, tablet }) => {
  const secrets = Object.values(SECRETS);
  let { page, hand } = await arrive(tablet, `${server.url}/`);
  const signedIn = await answerOf<{ token: string; recovery_key: string }>(page, 'POST', '/api/sign-in');
  ({ page, hand } = await settleIn(tablet, server.url, CLAIRE));
  const { token, recovery_key } = await signedIn.body;
  const keys = [token, recovery_key];

  // A whole record, part of it sent and part of it waiting.
  await describePerson(hand);
  await hand.see(SECRETS.name);
  await screening(hand, server);
  await written(hand);

  // Databases of the application, as the page itself can read them.
  const rows = await dump(page);
  expect(rows.length, 'the notebook holds something').toBeGreaterThan(20);
  const clear = rows.flatMap(({ store, texts }) => texts.filter((text) => !CLEAR.some((allowed) => allowed.test(text))).map((text) => `${store}: ${text}`));
  expect(clear, 'clear texts other than ids, counters and phases').toEqual([]);

  // Killed, then started again and closed as usual: the browser writes at different moments.
  await tablet.kill();
  await look(tablet.profile, [...secrets, ...keys]);
  ({ page, hand } = await arrive(tablet, `${server.url}/`));
  await unlock(hand);
  await hand.touch('Personnes', 'nav');
  await hand.see(SECRETS.name);
  await tablet.close();
  await look(tablet.profile, [...secrets, ...keys]);

  // The same search finds what a careless application would have left.
  ({ page } = await arrive(tablet, `${server.url}/`));
  await plant(page);
  // Closed, not killed: local storage is written a few seconds after it is set.
  await tablet.close();
  const { found } = search(tablet.profile, Object.values(PLANTED));
  for (const [where, text] of Object.entries(PLANTED)) {
    expect(found[text], `the search does not find what is planted in ${where}`).not.toEqual([]);
  }
  await look(tablet.profile, secrets);
});

/** What may be read on the disk: ids, phases, salts and keys that are themselves encrypted, names of rows. */
const CLEAR = [
  /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/,
  /^(held|open|offered|set-aside)$/,
  /^[0-9a-f]{32,}$/,
];

async function look(profile: string, secrets: string[]): Promise<void> {
  const { found, files, bytes } = search(profile, [...secrets, CLAIRE.name, CLAIRE.password, PASSPHRASE]);
  expect(files, 'the profile is read').toBeGreaterThan(20);
  expect(bytes).toBeGreaterThan(1_000_000);
  expect(Object.entries(found).filter(([, places]) => places.length > 0), 'clear text on the disk').toEqual([]);
}

async function describePerson(hand: Hand): Promise<void> {
  await addPerson(hand);
  await hand.answer('consent_record', 'Oui');
  await hand.answer('civility', 'Mme');
  await hand.type('i-family_name', SECRETS.name);
  await hand.type('i-given_name', SECRETS.givenName);
  await hand.type('i-birth_date', SECRETS.typedBirth);
  await hand.type('i-commune', SECRETS.commune);
  await hand.type('i-phone', SECRETS.spacedPhone);
  await hand.leave();
  await hand.answer('lives_alone', 'Oui');
  await hand.answer('carer', 'Ne sait pas');
  await hand.answer('gp', 'Oui');
  await hand.type('i-gp_name', SECRETS.doctor);
  await hand.leave();
  await hand.touch('Terminer la fiche');
  await hand.until(`location.pathname.startsWith('/personnes/')`, 'the person does not open');
}

/** Half of it with the server, half without, which stays away: sent and waiting rows lie in different stores. */
async function screening(hand: Hand, server: Server): Promise<void> {
  await hand.touch('Commencer le repérage');
  await hand.answer('place', 'Officine');
  await hand.answer('hearing_method', 'Chiffres dans le bruit');
  await hand.see('Tout est envoyé', 60_000);
  const sent = await everythingOf(server, CLAIRE);
  expect(sent.some((operation) => operation.fields?.gp_name?.value === SECRETS.doctor), 'the server has her answer').toBe(true);
  await server.stop();
  await hand.answer('helper', 'Oui');
  await hand.answer('mood_down', 'Oui');
  await hand.touch('Terminer le repérage');
  await hand.touch('Terminer ainsi');
  await hand.until(`location.pathname.startsWith('/fiche/')`, 'the result does not open');
}

type Row = { store: string; texts: string[] };

/** Every text that the API gives back, keys included. */
function dump(page: Page): Promise<Row[]> {
  return page.evaluate(async () => {
    const asked = <T>(request: IDBRequest<T>) =>
      new Promise<T>((done, failed) => {
        request.onsuccess = () => done(request.result);
        request.onerror = () => failed(request.error);
      });
    const texts = (value: unknown): string[] => {
      if (typeof value === 'string') return value.startsWith('{') ? texts(JSON.parse(value)) : [value];
      if (value instanceof Uint8Array || value instanceof ArrayBuffer || value === null || typeof value !== 'object') return [];
      return Object.values(value).flatMap(texts);
    };
    const rows: Row[] = [];
    for (const { name } of await indexedDB.databases()) {
      const database = await asked(indexedDB.open(name!));
      for (const store of database.objectStoreNames) {
        const all = database.transaction(store).objectStore(store);
        const [keys, values] = await Promise.all([asked(all.getAllKeys()), asked(all.getAll())]);
        // Keys of the stores that hold one row per purpose are names we chose, not data.
        const named = ['sealed', 'counters', 'devices', 'marks'].includes(store);
        values.forEach((value, rank) => rows.push({ store: `${store}`, texts: [...texts(value), ...(named ? [] : texts(keys[rank]))] }));
      }
      database.close();
    }
    for (let rank = 0; rank < localStorage.length; rank++) {
      const name = localStorage.key(rank)!;
      rows.push({ store: 'localStorage', texts: [localStorage.getItem(name)!] });
    }
    return rows;
  });
}

function plant(page: Page): Promise<void> {
  return page.evaluate(async (planted) => {
    const database = await new Promise<IDBDatabase>((done, failed) => {
      const request = indexedDB.open('planted', 1);
      request.onupgradeneeded = () => request.result.createObjectStore('rows');
      request.onsuccess = () => done(request.result);
      request.onerror = () => failed(request.error);
    });
    const transaction = database.transaction('rows', 'readwrite', { durability: 'strict' });
    const rows = transaction.objectStore('rows');
    rows.put({ name: planted.indexedDb }, 1);
    // The end of the name was read before: packed, it is a reference, and the name is nowhere as such.
    const end = planted.packedIndexedDb.split(' ')[1];
    rows.put({ text: `${`${end} `.repeat(20_000)} ${planted.packedIndexedDb}` }, 2);
    // Enough for LevelDB to make a table of it.
    for (let rank = 3; rank < 250; rank++) rows.put(crypto.getRandomValues(new Uint8Array(30_000)), rank);
    await new Promise((done) => (transaction.oncomplete = done));
    localStorage.setItem('planted', planted.localStorage);
    const cache = await caches.open('planted');
    await cache.put('/planted', new Response(planted.cacheStorage));
  }, PLANTED);
}
