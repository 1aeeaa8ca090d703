import type { CDPSession, Page } from '@playwright/test';

import { ChromiumTablet, FirefoxTablet, type Tablet } from '../support/browser.js';
import { addPerson, enrol, Hand, lock, PASSPHRASE, unlock, written, type AnyPage } from '../support/hand.js';
import { arrive, expect, handOn, settleIn, test } from '../support/journey.js';
import { everySize } from '../support/screen.js';
import { CLAIRE, everythingOf, fieldsOf, KARIM, Server } from '../support/server.js';

const NEW_PASSPHRASE = 'galet torrent hêtre clarine';
const CODE = '190742';
const FIVE_MINUTES = 5 * 60_000;
/** The answer of the machine: no browser gives it to an address made of numbers. */
const named = (server: Server) => server.url.replace('127.0.0.1', 'localhost');

const ENGINES: [string, () => boolean, () => ChromiumTablet | FirefoxTablet][] = [
  ['Chromium', () => true, () => new ChromiumTablet()],
  ['Firefox', () => FirefoxTablet.available(), () => new FirefoxTablet()],
];

test('a notebook enrolled by fingerprint alone opens offline, and loses nothing when the machine forgets', async ({ server, tablet }) => {
  const { page } = await arrive(tablet, 'about:blank');
  const machine = await Machine.of(page);
  await page.goto(`${named(server)}/`);
  const hand = handOn(page);
  await signIn(hand, CLAIRE);
  await hand.see('Utiliser l’empreinte', 40_000);
  await everySize(page, 'locks-fingerprint-first');

  // She changes her mind, then does it.
  await cancels(page, 'create');
  await hand.touch('Utiliser l’empreinte');
  await hand.see('L’appareil n’a pas reconnu votre empreinte', 40_000);
  await everySize(page, 'locks-fingerprint-refused');
  await hand.touch('Utiliser l’empreinte');
  await hand.see('Tout est envoyé', 60_000);
  await hand.until(`navigator.serviceWorker.controller`, 'no service worker');
  expect(await enrolled(page), 'no passphrase wraps the key').toMatchObject([{ by_passphrase: '', salt: '' }]);
  await server.stop();

  await addPerson(hand);
  await hand.answer('consent_record', 'Oui');
  await hand.type('i-family_name', 'Roubichou');
  await hand.leave();
  await written(hand);
  await page.reload();
  await hand.see('Carnet verrouillé', 60_000);
  expect(await page.locator('#passphrase').count(), 'there is no passphrase to ask').toBe(0);
  await everySize(page, 'locks-locked-fingerprint');
  await cancels(page, 'get');
  await hand.touch('Ouvrir avec l’empreinte');
  await hand.see('L’appareil n’a pas reconnu votre empreinte', 40_000);
  await hand.touch('Ouvrir avec l’empreinte');
  await hand.until(`document.getElementById('i-family_name')?.value === 'Roubichou'`, 'she is not back at her form', 60_000);
  await page.locator('.form-head a').click();
  await hand.touch('Plus', 'nav');
  await hand.touch('Verrouiller maintenant');
  await hand.see('Carnet verrouillé');

  // The machine is reset: the server's recovery key opens, with what was never sent.
  await machine.forget();
  await hand.touch('Ouvrir avec l’empreinte');
  await hand.see('L’appareil n’a pas reconnu votre empreinte', 40_000);
  await server.resume();
  await hand.touch('L’empreinte ne marche plus');
  await recover(hand, CLAIRE, NEW_PASSPHRASE);
  await hand.touch('Personnes', 'nav');
  await hand.see('Roubichou', 60_000);
  await hand.see('Tout est envoyé', 60_000);
});

test('the fingerprint is added beside the passphrase, then taken away', async ({ server, tablet }) => {
  const { page } = await arrive(tablet, 'about:blank');
  await Machine.of(page);
  await page.goto(`${named(server)}/`);
  const hand = handOn(page);
  await signIn(hand, CLAIRE);
  await hand.see('Utiliser l’empreinte', 40_000);
  await hand.touch('Choisir une phrase de passe');
  await ownPassphrase(hand, PASSPHRASE);
  await hand.see('Aujourd’hui', 60_000);

  await waysIn(hand);
  await everySize(page, 'locks-ways');
  await hand.touch('Ajouter l’empreinte');
  await hand.type('present', 'ce n’est pas la bonne phrase');
  await hand.touch('Ajouter l’empreinte', 'form');
  await hand.see('Cette phrase n’est pas la bonne. Rien n’a changé.');
  await everySize(page, 'locks-ways-wrong');
  await hand.type('present', PASSPHRASE);
  await hand.touch('Ajouter l’empreinte', 'form');
  await hand.see('L’empreinte ouvre ce carnet. Votre phrase l’ouvre toujours.', 40_000);
  await page.reload();
  await hand.see('Ou entrez votre phrase de passe', 60_000);
  await everySize(page, 'locks-locked-both');
  await hand.touch('Ouvrir avec l’empreinte');
  await hand.see('Ouverture du carnet', 60_000);

  await hand.touch('Retirer l’empreinte');
  await hand.see('L’empreinte n’ouvre plus ce carnet.');
  await page.reload();
  await hand.until(`document.getElementById('passphrase')`, 'it does not lock', 60_000);
  expect(await hand.text()).not.toContain('Ouvrir avec l’empreinte');
  await unlock(hand);
  await hand.see('Ouverture du carnet', 60_000);
});

test('a changed passphrase opens, the former one does not, and the other tab goes on', async ({ server, tablet }) => {
  const { page, hand } = await settleIn(tablet, server.url, CLAIRE);
  const other = await tablet.tab();
  await other.goto(`${server.url}/`);
  const second = handOn(other);
  await second.see('Tout est envoyé', 60_000);
  await page.bringToFront();
  await change(hand, PASSPHRASE, NEW_PASSPHRASE);
  await hand.see('La phrase est changée.', 40_000);

  // The other tab writes on under the same key.
  await other.bringToFront();
  await addPerson(second);
  await second.answer('consent_record', 'Oui');
  await second.type('i-family_name', 'Castagnède');
  await second.leave();
  await written(second);
  await other.close();
  await page.bringToFront();
  await server.stop();
  await page.reload();
  await hand.until(`document.getElementById('passphrase')`, 'it does not lock', 60_000);
  await hand.type('passphrase', PASSPHRASE);
  await hand.touch('Ouvrir mon carnet', 'form');
  await hand.see('Cette phrase n’est pas la bonne.', 40_000);
  await unlock(hand, NEW_PASSPHRASE);
  await hand.touch('Personnes', 'nav');
  await hand.see('Castagnède');
  await server.resume();
  await hand.see('Tout est envoyé', 120_000);

  // Forgotten all the same: the server's recovery key still opens.
  await lock(hand);
  await hand.touch('Phrase oubliée');
  await recover(hand, CLAIRE, PASSPHRASE);
  await hand.touch('Personnes', 'nav');
  await hand.see('Castagnède', 60_000);
});

test('killed while the passphrase changes, one of the two opens', async ({ server, tablet }) => {
  test.setTimeout(480_000);
  let { hand } = await settleIn(tablet, server.url, CLAIRE);
  let present = PASSPHRASE;
  const seen = new Set<boolean>();
  for (const pause of [150, 450, 900, 2_500]) {
    const next = present === PASSPHRASE ? NEW_PASSPHRASE : PASSPHRASE;
    await change(hand, present, next);
    await new Promise((then) => setTimeout(then, pause));
    await tablet.kill();
    ({ hand } = await arrive(tablet, `${server.url}/`));
    await hand.until(`document.getElementById('passphrase')`, 'it does not ask', 60_000);
    await hand.type('passphrase', present);
    await hand.touch('Ouvrir mon carnet', 'form');
    const refused = `text(document.body).includes('Cette phrase n’est pas la bonne.')`;
    await hand.until(`!document.getElementById('passphrase') || ${refused}`, 'it neither opens nor refuses', 60_000);
    const changed = Boolean(await hand.page.evaluate(`Boolean(document.getElementById('passphrase'))`));
    if (changed) await unlock(hand, next);
    seen.add(changed);
    if (changed) present = next;
    await hand.see('Tout est envoyé', 60_000);
  }
  expect(seen.has(true), 'at least one change was whole').toBe(true);
});

for (const [engine, available, make] of ENGINES) {
  test(`five minutes without a hand ask the code, and the half-filled form comes back, in ${engine}`, async () => {
    test.skip(!available(), `${engine} is not on this machine`);
    await onTablet(make(), async (tablet, server) => {
      const hand = new Hand((await tablet.open(`${server.url}/`)) as unknown as AnyPage);
      await enrol(hand, CLAIRE);
      await hand.see('Tout est envoyé', 60_000);
      await waysIn(hand);
      await hand.touch('Choisir un code');
      await hand.type('new-code', '123456');
      await hand.type('new-code-again', '123456');
      await hand.touch('Garder ce code');
      await hand.see('Ce code est trop simple.');
      await hand.type('new-code', CODE);
      await hand.type('new-code-again', CODE);
      await hand.touch('Garder ce code');
      await hand.see('Le code est choisi.');

      const record = await modify(hand, 'Pons');
      await hand.type('i-commune', 'Saint-Loup');
      await hand.leave();
      await hand.type('i-birth_date', '12/05');
      await away(hand);
      await hand.see('Carnet en pause');
      expect(await hand.text()).not.toContain('Pons');
      expect(await hand.page.evaluate(`document.title`)).toBe('Carnet en pause · Cardabelle');
      if (engine === 'Chromium') await everySize(hand.page as unknown as Page, 'locks-resting');

      // Wrong, then right: what was being typed is there again, where it was.
      await code(hand, '111111');
      await hand.see('Il reste 4 essais.', 40_000);
      if (engine === 'Chromium') await everySize(hand.page as unknown as Page, 'locks-resting-wrong');
      await code(hand, CODE);
      await hand.until(`document.getElementById('i-commune')?.value === 'Saint-Loup'`, 'what was answered is not back', 40_000);
      await hand.until(`document.getElementById('i-birth_date')?.value === '12/05'`, 'what was being typed is not back');
      await hand.until(`document.querySelector('#q-birth_date.current')`, 'she is not back at her question');
      await hand.type('i-birth_date', '12/05/1942');
      await hand.leave();
      await expect.poll(async () => fieldsOf(await everythingOf(server, CLAIRE), record), { timeout: 60_000 }).toMatchObject({
        commune: 'Saint-Loup',
        birth_date: '1942-05-12',
      });

      // Five wrong codes lock whole, and the form still comes back.
      await hand.type('i-birth_date', '13/06');
      await away(hand);
      for (let left = 4; left >= 1; left--) {
        await code(hand, '222333');
        await hand.see(left > 1 ? `Il reste ${left} essais.` : 'Il reste un essai', 40_000);
      }
      await code(hand, '222333');
      await hand.see('Cinq codes n’étaient pas les bons', 40_000);
      if (engine === 'Chromium') await everySize(hand.page as unknown as Page, 'locks-missed');
      await unlock(hand);
      await hand.until(`document.getElementById('i-birth_date')?.value === '13/06'`, 'what was being typed is not back', 60_000);
      await hand.until(`document.querySelector('#q-birth_date.current')`, 'she is not back at her question');
      // A Firefox without a window tells no field that it is left: the day before she typed may be what stands again.
      expect(fieldsOf(await everythingOf(server, CLAIRE), record).birth_date, 'half a date is no answer').toMatch(/^19(42-05-12|49-11-30)$/);
    });
  });

  test(`a second tab opens by itself without network, a third does not after the lock, in ${engine}`, async () => {
    test.skip(!available(), `${engine} is not on this machine`);
    await onTablet(make(), async (tablet, server) => {
      const first = new Hand((await tablet.open(`${server.url}/`)) as unknown as AnyPage);
      await enrol(first, CLAIRE);
      await first.see('Tout est envoyé', 60_000);
      await first.until(`navigator.serviceWorker.controller`, 'no service worker');
      await server.stop();
      const beside = await tablet.tab();
      await beside.goto(`${server.url}/personnes`);
      const second = new Hand(beside as unknown as AnyPage);
      await second.see('Salvan', 60_000);
      expect(await storedTexts(second), 'no key on the disk').not.toContain('CryptoKey');
      await second.touch('Plus', 'nav');
      await second.touch('Verrouiller maintenant');
      for (const hand of [first, second]) await hand.until(`document.getElementById('passphrase')`, 'a tab stays open');
      const third = new Hand((await tablet.tab()) as unknown as AnyPage);
      await (third.page as unknown as Page).goto(`${server.url}/personnes`);
      await third.until(`document.getElementById('passphrase')`, 'a locked notebook gives its key', 60_000);
      // Opened in one, the others stay as they were locked: they asked at their start only.
      await unlock(third);
      await third.see('Salvan', 60_000);
      expect(await first.text()).toContain('Carnet verrouillé');
    });
  });
}

test('without a code five minutes lock whole, in every tab, and a resting tab gives no key', async ({ server, tablet }) => {
  const { page, hand } = await settleIn(tablet, server.url, CLAIRE);
  await away(hand);
  await hand.see('Le carnet s’est verrouillé après cinq minutes sans geste.');
  await everySize(page, 'locks-idle');
  await unlock(hand);
  await waysIn(hand);
  await hand.touch('Choisir un code');
  await everySize(page, 'locks-new-code');
  await hand.type('new-code', CODE);
  await hand.type('new-code-again', CODE);
  await hand.touch('Garder ce code');
  await hand.see('Le code est choisi.');

  // A hand in one tab is a hand in the other one.
  const other = await tablet.tab();
  await other.goto(`${server.url}/personnes`);
  const second = handOn(other);
  await second.see('Salvan', 60_000);
  await ahead(hand, FIVE_MINUTES - 30_000);
  await ahead(second, FIVE_MINUTES - 30_000);
  await other.mouse.wheel(0, 10);
  await page.waitForTimeout(1_000);
  await ahead(hand, FIVE_MINUTES - 30_000);
  await ahead(second, FIVE_MINUTES - 30_000);
  await page.waitForTimeout(5_000);
  expect(await hand.text(), 'the first tab rests under the hand of the second').toContain('Ouverture du carnet');
  await ahead(hand, FIVE_MINUTES);
  await ahead(second, FIVE_MINUTES);
  await hand.see('Carnet en pause');
  await second.see('Carnet en pause');
  const third = handOn(await tablet.tab());
  await (third.page as unknown as Page).goto(`${server.url}/personnes`);
  await third.until(`document.getElementById('passphrase')`, 'a resting tab gives its key', 60_000);
  // The tries are counted over all the tabs, and the code wakes them all.
  await page.bringToFront();
  await code(hand, '111222');
  await hand.see('Il reste 4 essais.', 40_000);
  await other.bringToFront();
  await code(second, '111222');
  await second.see('Il reste 3 essais.', 40_000);
  await code(second, CODE);
  await second.see('Salvan', 40_000);
  await hand.see('Ouverture du carnet', 40_000);
});

test('a timed test is never interrupted', async ({ server, tablet }) => {
  const { page, hand } = await settleIn(tablet, server.url, CLAIRE);
  await addPerson(hand);
  await hand.answer('consent_record', 'Oui');
  await hand.type('i-family_name', 'Peyregrosse');
  await hand.leave();
  await page.locator('.form-head a').click();
  await hand.touch('Commencer le repérage');
  await hand.until(`document.getElementById('q-place')`, 'the form does not open');
  await hand.answer('chair_safe', 'Oui');
  await hand.answer('chair_result', 'Fait');
  await hand.touch('Ouvrir le chronomètre', '#q-chair_time');
  await hand.touch('Touchez pour démarrer n’importe où sur l’écran');
  await ahead(hand, 2 * FIVE_MINUTES);
  await page.waitForTimeout(6_000);
  await hand.see('Touchez pour arrêter');
  // The touch that ends it is hers, however late.
  await page.locator('#stopwatch-touch').click();
  await hand.see('Refaire');
  await away(hand);
  await hand.see('Carnet verrouillé');
});

test('who opens the tablet next is not before the other’s form, even without network', async ({ server, tablet }) => {
  const { page, hand } = await settleIn(tablet, server.url, CLAIRE);
  await lock(hand);
  await hand.touch('Utiliser un autre compte');
  await enrol(hand, KARIM, NEW_PASSPHRASE);
  await hand.see('Tout est envoyé', 60_000);
  await hand.until(`navigator.serviceWorker.controller`, 'no service worker');
  await lock(hand);
  await server.stop();
  await unlock(hand);
  const record = await modify(hand, 'Pons');
  await hand.type('i-commune', 'Saint-Loup');
  await hand.type('i-birth_date', '12/05');
  await away(hand);
  await hand.see('Carnet verrouillé');
  await hand.see('2 carnets sont gardés sur cet appareil');
  await everySize(page, 'locks-two-notebooks');
  await unlock(hand, NEW_PASSPHRASE);
  await hand.until(`location.pathname === '/aujourdhui'`, 'Karim is not at his own day', 60_000);
  const text = await hand.text();
  for (const hers of ['Pons', 'Saint-Loup', 'n’est pas ici']) expect(text).not.toContain(hers);
  await lock(hand);
  await unlock(hand);
  await page.goto(`${server.url}/saisie/${record}`);
  await unlock(hand, NEW_PASSPHRASE);
  await hand.until(`location.pathname === '/aujourdhui'`, 'after a reload he is before her record', 60_000);
  // Hers, as she left it.
  await lock(hand);
  await unlock(hand);
  await page.goto(`${server.url}/`);
  await unlock(hand);
  await hand.until(`document.getElementById('i-commune')?.value === 'Saint-Loup'`, 'her form is not back', 60_000);
});

/** A machine that knows a finger, as Chromium plays it. */
class Machine {
  private constructor(
    private readonly session: CDPSession,
    private readonly id: string,
  ) {}

  static async of(page: Page): Promise<Machine> {
    const session = await page.context().newCDPSession(page);
    await session.send('WebAuthn.enable');
    const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2', ctap2Version: 'ctap2_1', transport: 'internal', hasResidentKey: true, hasUserVerification: true,
        hasPrf: true, isUserVerified: true, automaticPresenceSimulation: true,
      },
    });
    return new Machine(session, authenticatorId);
  }

  async forget(): Promise<void> {
    await this.session.send('WebAuthn.clearCredentials', { authenticatorId: this.id });
  }
}

/** The next question of the machine is sent away, as browsers tell it. */
function cancels(page: Page, verb: 'create' | 'get'): Promise<void> {
  return page.evaluate((verb) => {
    const container = navigator.credentials;
    Object.assign(container, {
      [verb]: () => {
        Reflect.deleteProperty(container, verb);
        return Promise.reject(new DOMException('', 'NotAllowedError'));
      },
    });
  }, verb);
}

/** A tablet and a server of its own, both gone at the end. */
async function onTablet<T extends Tablet>(tablet: T, run: (tablet: T, server: Server) => Promise<void>): Promise<void> {
  const server = await Server.start();
  try {
    await run(tablet, server);
  } finally {
    await tablet.clear();
    await server.clear();
  }
}

async function signIn(hand: Hand, account: { login: string; password: string }): Promise<void> {
  await hand.see('Se connecter');
  await hand.type('login', account.login);
  await hand.type('password', account.password);
  await hand.touch('Se connecter', 'form');
}

async function ownPassphrase(hand: Hand, passphrase: string): Promise<void> {
  await hand.touch('Choisir ma propre phrase');
  await hand.type('new-passphrase', passphrase);
  await hand.type('again', passphrase);
  await hand.touch('Ouvrir mon carnet');
}

async function recover(hand: Hand, account: { login: string; password: string }, passphrase: string): Promise<void> {
  await hand.until(`document.getElementById('login')`, 'recovery does not open');
  await hand.type('login', account.login);
  await hand.type('password', account.password);
  await hand.touch('Choisir ma propre phrase');
  await hand.type('new-passphrase', passphrase);
  await hand.type('again', passphrase);
  await hand.touch('Retrouver mon carnet');
  await hand.until(`document.querySelector('nav')`, 'the notebook does not open', 60_000);
}

async function waysIn(hand: Hand): Promise<void> {
  await hand.touch('Plus', 'nav');
  await hand.until(`document.querySelector('a[href="/plus/ouverture"]')`, 'no way to the ways in');
  await hand.page.evaluate(`document.querySelector('a[href="/plus/ouverture"]').click()`);
  await hand.see('Code après une pause');
}

/** Up to the touch that changes it. */
async function change(hand: Hand, present: string, next: string): Promise<void> {
  await waysIn(hand);
  await hand.touch('Changer la phrase');
  await hand.type('present', present);
  await hand.touch('Choisir ma propre phrase');
  await hand.type('new-passphrase', next);
  await hand.type('again', next);
  await hand.touch('Changer la phrase', 'form');
}

async function code(hand: Hand, typed: string): Promise<void> {
  await hand.until(`document.getElementById('rest-code')?.value === ''`, 'the code is not asked', 40_000);
  await hand.type('rest-code', typed);
  await hand.touch('Reprendre');
}

/** The device's clock, so much later: what a person away for as long would find. */
async function ahead(hand: Hand, ms: number): Promise<void> {
  await hand.page.evaluate(`(() => { const real = Date.now.bind(Date); Date.now = () => real() + ${ms}; })()`);
}

async function away(hand: Hand): Promise<void> {
  await ahead(hand, FIVE_MINUTES);
  await hand.until(`document.querySelector('main.entry')`, 'five minutes change nothing', 40_000);
}

/** Opens the form of somebody already known; answers her id. */
async function modify(hand: Hand, name: string): Promise<string> {
  await hand.touch('Personnes', 'nav');
  await hand.until(`[...document.querySelectorAll('main a')].find((link) => text(link).includes('${name}'))`, `${name} is not listed`);
  await hand.page.evaluate(`[...document.querySelectorAll('main a')].find((link) => link.innerText.includes('${name}')).click()`);
  await hand.touch('Modifier la fiche');
  await hand.until(`document.getElementById('i-commune')`, 'the form does not open');
  return new URL(hand.page.url()).pathname.split('/')[2];
}

/** The rows of the devices of this browser. */
function enrolled(page: Page): Promise<unknown[]> {
  return page.evaluate(
    () =>
      new Promise((done, failed) => {
        const request = indexedDB.open('cardabelle');
        request.onerror = () => failed(request.error);
        request.onsuccess = () => {
          const rows = request.result.transaction('devices').objectStore('devices').getAll();
          rows.onsuccess = () => (request.result.close(), done(rows.result.map((row) => JSON.parse(String(row)))));
        };
      }),
  );
}

/** The kinds of everything kept in the databases and the little storages. */
function storedTexts(hand: Hand): Promise<unknown> {
  return hand.page.evaluate(`(async () => {
    const found = [...Object.values({ ...localStorage }), ...Object.values({ ...sessionStorage })];
    const kinds = (value) => {
      found.push(Object.prototype.toString.call(value));
      if (value && typeof value === 'object' && !(value instanceof Uint8Array)) Object.values(value).forEach(kinds);
    };
    for (const { name } of await indexedDB.databases()) {
      const database = await new Promise((done) => { const request = indexedDB.open(name); request.onsuccess = () => done(request.result); });
      for (const store of database.objectStoreNames) {
        const rows = await new Promise((done) => { const request = database.transaction(store).objectStore(store).getAll(); request.onsuccess = () => done(request.result); });
        rows.forEach(kinds);
      }
      database.close();
    }
    return found.join(' ');
  })()`);
}
