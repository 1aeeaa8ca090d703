import type { Page } from '@playwright/test';

import { addPerson, unlock, written, type Hand } from '../support/hand.js';
import { arrive, expect, settleIn, test } from '../support/journey.js';
import { Proxy } from '../support/proxy.js';
import { CLAIRE, everythingOf, fieldsOf, KARIM, type Operation } from '../support/server.js';

/** A message says what happened, that nothing is lost, what to do. */
async function told(hand: Hand, what: string, kept: string, then: string): Promise<void> {
  for (const sentence of [what, kept, then]) await hand.see(sentence, 40_000);
}

async function signIn(hand: Hand, login: string, password: string): Promise<void> {
  await hand.type('login', login);
  await hand.type('password', password);
  await hand.touch('Se connecter', 'form');
}

test('a wrong password, then a server that is down, and the sign-in that works', async ({ server, tablet }) => {
  const { page, hand } = await arrive(tablet, `${server.url}/`);
  await hand.see('Se connecter');
  await hand.touch('Se connecter', 'form');
  await hand.see('Il manque l’identifiant.');
  expect(await focused(page)).toBe('login');

  await signIn(hand, CLAIRE.login, 'pas-le-bon');
  await hand.until(`document.querySelector('#sign-in-trouble [role=alert]')`, 'nothing is told of the wrong password');
  const wrong = await page.locator('#sign-in-trouble').innerText();
  expect(sentences(wrong), wrong).toHaveLength(3);
  await expect(page.locator('#password')).toHaveAttribute('aria-describedby', 'sign-in-trouble');
  await expect.poll(() => focused(page)).toBe('password');
  // An account that does not exist is told in the same words.
  await signIn(hand, 'personne.ici', 'pas-le-bon');
  await hand.until(`!document.querySelector('form[aria-busy=true]') && document.querySelector('#sign-in-trouble [role=alert]')`, 'no answer');
  expect(await page.locator('#sign-in-trouble').innerText()).toBe(wrong);

  await server.stop();
  await signIn(hand, CLAIRE.login, CLAIRE.password);
  await told(hand, 'Le serveur ne répond pas.', 'Vos saisies sont gardées sur cet appareil.', 'Réessayez dans un moment.');
  expect(await page.locator('#login').inputValue(), 'what she typed stays').toBe(CLAIRE.login);
  await server.resume();
  await hand.touch('Se connecter', 'form');
  await hand.see('Votre phrase de passe', 40_000);
});

test.describe('an address without encryption', () => {
  test.use({ browserArguments: ['--host-resolver-rules=MAP cardabelle.test 127.0.0.1'] });

  test('says so before any form', async ({ server, tablet }) => {
    const { page, hand } = await arrive(tablet, `http://cardabelle.test:${server.port}/`);
    await told(hand, 'Cette adresse n’est pas chiffrée.', 'Rien n’a été saisi ni envoyé.', 'Ouvrez l’adresse qui commence par');
    expect(await page.locator('input, textarea, select, form').count(), 'nothing to fill in').toBe(0);
  });
});

test('a browser that keeps nothing says so before any form', async ({ server, tablet }) => {
  const { page, hand } = await arrive(tablet, 'about:blank');
  await page.addInitScript(() => {
    IDBFactory.prototype.open = () => {
      throw new DOMException('The user denied permission to access the database.', 'SecurityError');
    };
  });
  await page.goto(`${server.url}/`);
  await told(hand, 'Le navigateur refuse de garder des données.', 'Rien de ce qui était gardé n’est effacé.', 'Quittez la navigation privée');
  expect(await page.locator('input, form').count(), 'nothing to fill in').toBe(0);
});

test('a full disk is loud, what was typed stays on the screen, and is saved once there is room', async ({ server, tablet }) => {
  // Told before the browser first measures its disk: it then believes its own figure for a while.
  const blank = await tablet.open('about:blank');
  const session = await blank.context().newCDPSession(blank);
  await session.send('Storage.overrideQuotaForOrigin', { origin: server.url, quotaSize: 24_000_000 });
  const { page, hand } = await settleIn(tablet, server.url, CLAIRE);
  const record = await modifyPerson(page, hand, 'Pons');
  await fillDisk(page);
  await hand.type('i-commune', 'Venerque-le-Haut');
  await told(hand, 'Cet appareil est plein.', 'Ce que vous venez d’écrire est encore à l’écran, pas sur le disque.', 'Libérez de la place sans fermer cette page');
  await hand.see('Pas encore enregistré');
  await expect(page.locator('.form-page [role=alert]')).toBeVisible();
  // She goes on, and nothing of it is lost.
  await hand.type('i-phone', '06 39 98 40 12');
  await hand.leave();
  expect(await page.locator('#i-commune').inputValue()).toBe('Venerque-le-Haut');
  expect(fieldsOf(await everythingOf(server, CLAIRE), record).commune, 'what is not on the disk is not sent').toBe('Venerque');
  await session.send('Storage.overrideQuotaForOrigin', { origin: server.url });
  // « Nous réessayons »: she has nothing to touch.
  await hand.until(`!document.querySelector('.form-page [role=alert]') && text(document.querySelector('.saved')).includes('Enregistré à')`, 'it is never saved', 60_000);
  await written(hand);
  await tablet.kill();
  const again = await arrive(tablet, `${server.url}/saisie/${record}`);
  await unlock(again.hand);
  await again.hand.until(`document.getElementById('i-commune')?.value === 'Venerque-le-Haut'`, 'the commune is lost');
  await expect.poll(async () => fieldsOf(await everythingOf(server, CLAIRE), record), { timeout: 40_000 }).toMatchObject({
    commune: 'Venerque-le-Haut',
    phone: '0639984012',
  });
});

test('a wrong passphrase, then a forgotten one: nothing is lost', async ({ server, tablet }) => {
  await settleIn(tablet, server.url, KARIM);
  await tablet.kill();
  const { page, hand } = await arrive(tablet, `${server.url}/`);
  await hand.until(`document.getElementById('passphrase')`, 'the notebook does not ask for its passphrase', 40_000);
  await hand.type('passphrase', 'une tout autre phrase');
  await hand.touch('Ouvrir mon carnet', 'form');
  await told(hand, 'Cette phrase n’est pas la bonne.', 'Vos saisies restent protégées ici.', 'Réessayez, ou touchez « Phrase oubliée ».');
  await expect(page.locator('#passphrase')).toHaveAttribute('aria-describedby', 'unlock-trouble');
  await hand.touch('Phrase oubliée');
  await hand.see('Rien n’est perdu.');
  await hand.type('login', KARIM.login);
  await hand.type('password', KARIM.password);
  await hand.touch('Choisir ma propre phrase');
  await hand.type('new-passphrase', 'trop court');
  await hand.type('again', 'trop court');
  await hand.touch('Retrouver mon carnet');
  await hand.see('Cette phrase est trop courte.');
  for (const id of ['new-passphrase', 'again']) await hand.type(id, 'causse lavogne dolmen buron');
  await hand.touch('Retrouver mon carnet');
  await hand.until(`document.querySelector('nav')`, 'the notebook does not open', 60_000);
  await hand.touch('Personnes', 'nav');
  await hand.see('Bousquet');
  // The new phrase opens it without the network.
  await server.stop();
  await tablet.kill();
  const offline = await arrive(tablet, `${server.url}/`);
  await unlock(offline.hand, 'causse lavogne dolmen buron');
  await offline.hand.touch('Personnes', 'nav');
  await offline.hand.see('Bousquet');
});

test('a form of a newer version is kept, and read by nobody', async ({ server, tablet }) => {
  const proxy = await Proxy.before(server);
  try {
    proxy.onAnswer = (path, answer) => {
      if (!path.startsWith('/api/snapshot')) return answer;
      const frames = answer.body.toString().split('\n').filter((line) => line !== '');
      const newer = frames.map((line) => {
        const frame = JSON.parse(line) as { records: { kind: string; form_version: string }[] };
        for (const record of frame.records) {
          if (record.kind === 'icope-screening') record.form_version = '2031-fr.9';
        }
        return `${JSON.stringify(frame)}\n`;
      });
      return { ...answer, body: Buffer.from(newer.join('')) };
    };
    const before = (await everythingOf(server, CLAIRE)).length;
    const { page, hand } = await settleIn(tablet, proxy.url, CLAIRE);
    await hand.touch('Personnes', 'nav');
    await page.getByRole('link', { name: 'Cazals' }).click();
    await page.locator('main a[href^="/saisie/"], main a[href^="/fiche/"]').first().click();
    await hand.until(`location.pathname.startsWith('/saisie/') || location.pathname.startsWith('/fiche/')`, 'the record does not open');
    await told(hand, 'Cette saisie vient d’une version plus récente de l’application.', 'Rien n’est perdu', 'Mettez à jour l’application');
    expect(await page.locator('main input, main textarea, main select').count(), 'read-only').toBe(0);
    // A finished one too.
    await hand.touch('Voir ma journée');
    await hand.touch('Personnes', 'nav');
    await page.getByRole('link', { name: 'Salvan' }).click();
    await page.locator('main a[href^="/fiche/"]').first().click();
    await told(hand, 'Cette saisie vient d’une version plus récente de l’application.', 'Rien n’est perdu', 'Mettez à jour l’application');
    // The lists hold, too.
    await page.goto(`${proxy.url}/`);
    await unlock(hand);
    await hand.touch('Personnes', 'nav');
    await hand.see('Cazals');
    expect((await everythingOf(server, CLAIRE)).length, 'nothing was written').toBe(before);
  } finally {
    await proxy.stop();
  }
});

test('an operation the server cannot read is set aside, and the others go on', async ({ server, tablet }) => {
  const proxy = await Proxy.before(server);
  try {
    const refused: number[] = [];
    proxy.onRequest = (path, body) => {
      if (path !== '/api/push') return body;
      const push = JSON.parse(body.toString()) as { operations: Operation[] };
      for (const operation of push.operations) {
        if (operation.fields?.commune) operation.kind = 'destroy';
      }
      return Buffer.from(JSON.stringify(push));
    };
    proxy.onAnswer = (path, answer) => {
      if (path === '/api/push' && answer.status === 400) refused.push((JSON.parse(answer.body.toString()) as { position: number }).position);
      return answer;
    };
    const { page, hand } = await settleIn(tablet, proxy.url, CLAIRE);
    const record = await modifyPerson(page, hand, 'Pons');
    await hand.type('i-commune', 'Grépiac');
    await hand.type('i-phone', '06 39 98 40 13');
    await hand.leave();
    await hand.answer('carer', 'Non');
    await expect.poll(async () => fieldsOf(await everythingOf(server, CLAIRE), record), { timeout: 40_000 }).toMatchObject({
      phone: '0639984013',
      carer: 'no',
    });
    expect(refused.length, 'the server named the operation').toBeGreaterThan(0);
    expect(fieldsOf(await everythingOf(server, CLAIRE), record).commune).toBe('Venerque');
    expect(await page.locator('#i-commune').inputValue(), 'it stays on the screen').toBe('Grépiac');
    await page.locator('.form-head a').click();
    await hand.see('Grépiac');
    await hand.touch('Aujourd’hui', 'nav');
    await told(hand, 'Une saisie n’a pas pu être rangée.', 'Elle est mise de côté, rien n’est effacé.', 'Prévenez la coordination.');
    expect(await hand.text(), 'not everything was sent').not.toContain('Tout est envoyé');
    // Even after a cold start.
    await tablet.kill();
    const again = await arrive(tablet, `${proxy.url}/`);
    await unlock(again.hand);
    await again.hand.touch('Aujourd’hui', 'nav');
    await again.hand.see('Une saisie n’a pas pu être rangée.');
  } finally {
    await proxy.stop();
  }
});

test('a refused value stays on the screen, beside its reason, and nowhere else', async ({ server, tablet }) => {
  const { page, hand } = await settleIn(tablet, server.url, CLAIRE);
  await addPerson(hand);
  await hand.answer('consent_record', 'Oui');
  await hand.type('i-family_name', 'Lafarge-Maury');
  await hand.leave();
  await hand.answer('gp', 'Oui');
  // Slowly: each key has the time to be saved.
  await hand.type('i-gp_name', NIR, 300);
  await hand.leave();
  await tied(page, 'i-gp_name', ['Ce nombre ressemble à un numéro de sécurité sociale.', 'Il n’est pas enregistré, le reste est gardé.', 'Effacez-le et continuez.']);
  expect(await page.locator('#i-gp_name').inputValue()).toBe(NIR);
  const person = idOf(page);
  await hand.touch('Terminer la fiche');
  await hand.touch('Terminer ainsi');
  await hand.until(`location.pathname.startsWith('/personnes/')`, 'the person does not open');

  await hand.touch('Commencer le repérage');
  await hand.until(`document.getElementById('i-weight')`, 'the form does not open');
  await hand.type('i-weight', '5');
  await hand.leave();
  await tied(page, 'i-weight', ['Ce nombre est sous 20 kg.', 'Le reste de la fiche est gardé.', 'Vérifiez-le et écrivez-le à nouveau.']);
  expect(await page.locator('#i-weight').inputValue()).toBe('5');
  const screening = idOf(page);
  await hand.answer('helper', 'Oui');
  await hand.see('Tout est envoyé', 60_000);
  const operations = await everythingOf(server, CLAIRE);
  expect(fieldsOf(operations, screening)).toMatchObject({ helper: 'yes' });
  expect(fieldsOf(operations, screening).weight ?? null, 'a refused weight is not saved').toBeNull();
  expect(fieldsOf(operations, person)).toMatchObject({ family_name: 'Lafarge-Maury', gp: 'named' });
  expect(fieldsOf(operations, person).gp_name ?? null, 'a refused number is not saved').toBeNull();
  const digits = NIR.replaceAll(' ', '').slice(0, 13);
  expect(JSON.stringify(operations).replaceAll(' ', ''), 'nothing of it ever left').not.toContain(digits);

  // Put right, it is saved and the message goes.
  await hand.type('i-weight', '58');
  await hand.leave();
  await expect(page.locator('#i-weight')).not.toHaveAttribute('aria-invalid', 'true');
  await expect.poll(async () => fieldsOf(await everythingOf(server, CLAIRE), screening).weight, { timeout: 40_000 }).toBe(580);
});

/** A number of nobody: its month and commune exist, its key is the right one. */
const NIR = '2 55 08 14 168 025 38';

/** The message is what a screen reader says of the field. */
async function tied(page: Page, id: string, parts: string[]): Promise<void> {
  const field = page.locator(`#${id}`);
  await expect(field).toHaveAttribute('aria-invalid', 'true');
  const described = (await field.getAttribute('aria-describedby')) ?? '';
  const texts = await Promise.all(described.split(' ').map((part) => page.evaluate((part) => document.getElementById(part)?.innerText ?? '', part)));
  const text = texts.join(' ').replace(/[\u00a0\u202f\s]+/g, ' ');
  for (const part of parts) expect(text).toContain(part);
}

/** Photographs, or another page of the same site: all the room there is, to the last kilobyte. */
function fillDisk(page: Page): Promise<void> {
  return page.evaluate(async () => {
    const database = await new Promise<IDBDatabase>((done, failed) => {
      const request = indexedDB.open('photographs', 1);
      request.onupgradeneeded = () => request.result.createObjectStore('photographs', { autoIncrement: true });
      request.onsuccess = () => done(request.result);
      request.onerror = () => failed(request.error);
    });
    const put = (size: number) =>
      new Promise<boolean>((done) => {
        const transaction = database.transaction('photographs', 'readwrite');
        const bytes = new Uint8Array(size);
        for (let at = 0; at < size; at += 65_536) crypto.getRandomValues(bytes.subarray(at, at + 65_536));
        transaction.objectStore('photographs').add(bytes);
        transaction.oncomplete = () => done(true);
        transaction.onabort = () => done(false);
      });
    for (const size of [1_000_000, 30_000, 1_000, 100, 1]) while (await put(size));
    database.close();
  });
}

/** Opens the form of somebody already known; answers her id. */
async function modifyPerson(page: Page, hand: Hand, name: string): Promise<string> {
  await hand.touch('Personnes', 'nav');
  await page.getByRole('link', { name }).click();
  await hand.touch('Modifier la fiche');
  await hand.until(`document.getElementById('i-commune')`, 'the form does not open');
  return idOf(page);
}

function idOf(page: Page): string {
  return new URL(page.url()).pathname.split('/')[2];
}

function focused(page: Page): Promise<string | undefined> {
  return page.evaluate(() => document.activeElement?.id);
}

function sentences(text: string): string[] {
  return text.split(/(?<=[.!?…])\s+/).filter((sentence) => sentence.trim() !== '');
}
