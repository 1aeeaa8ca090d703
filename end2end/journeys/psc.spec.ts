import type { Page } from '@playwright/test';

import { ask } from '../support/accounts.js';
import { rpps } from '../support/annuaire.js';
import { FirefoxTablet, PHONE } from '../support/browser.js';
import { addPerson, Hand, PASSPHRASE, unlock, written, type AnyPage } from '../support/hand.js';
import { answerOf, arrive, expect, test as base } from '../support/journey.js';
import { Psc, type Faults, type Identity } from '../support/psc.js';
import { everySize } from '../support/screen.js';
import { CLAIRE, Server } from '../support/server.js';

const RPPS = rpps(1);
const PRACTICE = { codeCivilite: 'MME', exercices: [{ codeProfession: '60', codeCategorieProfessionnelle: 'C' }] };
const CARD: Identity = { SubjectNameID: `8${RPPS}`, SubjectRefPro: PRACTICE };
const BUTTON = 'S’identifier avec Pro Santé Connect';

/** A demonstration whose Claire has an RPPS, with Pro Santé Connect beside it. */
const test = base.extend<{ signed: boolean; psc: Psc }>({
  signed: [false, { option: true }],
  psc: async ({ server, signed }, use) => {
    server.command('user rpps', [CLAIRE.login, RPPS]);
    const psc = await Psc.for(server.url, signed);
    psc.identity = CARD;
    // The most talkative log says nothing of anybody either.
    server.environment = { ...psc.environment, CARDABELLE_LOG: 'trace' };
    await server.stop();
    await server.resume();
    await use(psc);
    await psc.stop();
  },
});
test.use({ size: PHONE });

for (const signed of [false, true]) {
  test.describe(signed ? 'what is said of a person is signed' : 'what is said of a person is not signed', () => {
    test.use({ signed });

    test('a nurse signs in with her card, writes, and what she wrote bears her name', async ({ server, tablet, psc }) => {
      const { page, hand } = await arrive(tablet, `${server.url}/`);
      await hand.see(BUTTON);
      if (!signed) await everySize(page, 'sign-in-psc');
      // Who has an RPPS signs in with her card alone: her password is told as a wrong one.
      await hand.type('login', CLAIRE.login);
      await hand.type('password', CLAIRE.password);
      await hand.touch('Se connecter', 'form');
      await hand.see('L’identifiant ou le mot de passe n’est pas le bon.', 40_000);

      const finish = await answerOf<{ token: string; account: { name: string } }>(page, 'POST', '/api/psc/finish');
      await hand.touch(BUTTON);
      await hand.see('Votre carte');
      await hand.touch('Valider');
      await hand.see('Votre phrase de passe', 40_000);
      const { token, account } = await finish.body;
      expect(account.name).toBe(CLAIRE.name);
      expect(new URL(page.url()).pathname + new URL(page.url()).hash, 'no ticket is left in the address').toBe('/');
      const [asked] = psc.asked.filter(({ pathname }) => pathname === '/auth').map(({ searchParams }) => searchParams);
      expect(Object.fromEntries(['scope', 'acr_values', 'response_type', 'code_challenge_method'].map((name) => [name, asked.get(name)]))).toEqual({
        scope: 'openid scope_all',
        acr_values: 'eidas1',
        response_type: 'code',
        code_challenge_method: 'S256',
      });

      await ownPassphrase(hand, PASSPHRASE);
      await hand.touch('Ouvrir mon carnet');
      await hand.see('Aujourd’hui', 60_000);
      await addPerson(hand);
      await hand.answer('consent_record', 'Oui');
      await hand.type('i-family_name', 'Castagnède');
      await hand.leave();
      await written(hand);
      const record = new URL(page.url()).pathname.split('/')[2];
      await hand.touch('Revenir à la fiche de la personne');
      await hand.see('Tout est envoyé', 60_000);
      const history = (await (await ask(server, token, 'GET', `/api/history?record=${record}`)).json()) as { entries: { by: { name: string } }[] };
      expect(new Set(history.entries.map(({ by }) => by.name))).toEqual(new Set([CLAIRE.name]));

      // A full sign-in over the notebook that is here; and the passphrase is forgotten.
      await page.reload();
      await hand.touch('Utiliser un autre compte');
      await hand.touch(BUTTON);
      // The provider still knows her, and asks all the same: the tablet may be in other hands.
      await hand.see('Votre carte');
      await hand.touch('Valider');
      await hand.see('Identification faite.', 40_000);
      await hand.touch('Phrase oubliée');
      await hand.see('Vous êtes identifié');
      await ownPassphrase(hand, 'causse lavogne dolmen buron');
      await hand.touch('Retrouver mon carnet');
      await hand.until(`document.querySelector('nav')`, 'the notebook does not open', 60_000);
      await page.reload();
      await unlock(hand, 'causse lavogne dolmen buron');
      await hand.until(`document.querySelector('nav')`, 'the new passphrase does not open it', 60_000);

      for (const secret of [RPPS, CLAIRE.name, 'Castagnède', token, 'un-secret-pour-essayer', 'eidas1', 'code=', 'state=']) {
        expect(server.log, `the log holds ${secret}`).not.toContain(secret);
      }
    });
  });
}

test('Firefox keeps its secret while it is away', async ({ server, psc }) => {
  test.skip(!FirefoxTablet.available(), 'no Firefox');
  psc.identity = CARD;
  const firefox = new FirefoxTablet(PHONE);
  try {
    const hand = new Hand((await firefox.open(`${server.url}/`)) as unknown as AnyPage);
    await hand.touch(BUTTON);
    await hand.see('Votre carte', 40_000);
    await hand.touch('Valider');
    await hand.see('Votre phrase de passe', 60_000);
  } finally {
    await firefox.clear();
  }
});

type Case = { name: string; faults?: Faults; identity?: Identity; choice?: string; sees: string };

const REFUSED: Case[] = [
  { name: 'wrong nonce', faults: { nonce: 'celui d’une autre' }, sees: 'La réponse de Pro Santé Connect n’est pas sûre' },
  { name: 'wrong state', faults: { state: 'celui d’une autre' }, sees: 'L’identification a pris trop de temps, ou elle n’a pas commencé sur cet appareil.' },
  { name: 'expired token', faults: { late: true }, sees: 'L’identification a pris trop de temps' },
  { name: 'unknown key', faults: { otherKeys: true }, sees: 'La réponse de Pro Santé Connect n’est pas sûre' },
  { name: 'no acr', faults: { acr: null }, sees: 'La réponse de Pro Santé Connect n’est pas sûre' },
  { name: 'another acr', faults: { acr: 'eidas0' }, sees: 'La réponse de Pro Santé Connect n’est pas sûre' },
  { name: 'empty SubjectRefPro', identity: { ...CARD, SubjectRefPro: {} }, sees: 'ne porte aucune activité professionnelle.' },
  { name: 'no SubjectRefPro', identity: { SubjectNameID: CARD.SubjectNameID }, sees: 'ne porte aucune activité professionnelle.' },
  { name: 'refusal', choice: 'Refuser', sees: 'a été refusée ou arrêtée.' },
  { name: 'provider down after the card', faults: { broken: true }, sees: 'Pro Santé Connect ne répond pas.' },
  { name: 'RPPS not a member', identity: { ...CARD, SubjectNameID: `8${rpps(2)}` }, sees: 'Aucun compte ouvert de ce territoire ne porte votre numéro RPPS.' },
  { name: 'a number that is no RPPS', identity: { ...CARD, SubjectNameID: `0${RPPS}` }, sees: 'Aucun compte ouvert de ce territoire ne porte votre numéro RPPS.' },
];

test('whatever is wrong is refused, in French, and nobody is signed in', async ({ server, tablet, psc }) => {
  const { page, hand } = await arrive(tablet, `${server.url}/`);
  const finished: number[] = [];
  page.on('response', (response) => {
    if (response.url().endsWith('/api/psc/finish')) finished.push(response.status());
  });
  for (const { name, faults = {}, identity = CARD, choice = 'Valider', sees } of REFUSED) {
    await test.step(name, async () => {
      Object.assign(psc, { faults, identity });
      await begin(page, hand, server);
      await hand.touch(choice);
      await hand.see(sees, 40_000);
      const said = await hand.text();
      expect(said, name).toContain('Rien n’est perdu');
      expect(said, name).toContain('Réessayer');
      expect(said + page.url(), 'what a provider says is not repeated').not.toContain('Cazenave');
      expect(new URL(page.url()).pathname + new URL(page.url()).hash, name).toBe('/retour-psc');
      expect(await page.locator('#passphrase, #new-passphrase').count(), name).toBe(0);
    });
  }
  expect(finished, 'no ticket was ever made').toEqual([]);
  await everySize(page, 'psc-refused');

  // « Réessayer » begins again, and all is well this time.
  Object.assign(psc, { faults: {}, identity: CARD });
  await page.context().clearCookies();
  await hand.touch('Réessayer');
  await hand.see('Votre carte', 40_000);
  await hand.touch('Valider');
  await hand.see('Votre phrase de passe', 40_000);
  expect(finished).toEqual([200]);
});

test('a ticket serves the browser that left, and nobody else', async ({ server, tablet, psc }) => {
  const { page, hand } = await arrive(tablet, `${server.url}/`);
  // Whoever reads the address before the page does.
  let stolen = 0;
  await page.route('**/api/psc/finish', async (route) => {
    const body = route.request().postDataJSON() as { secret: string };
    const other = await fetch(`${server.url}/api/psc/finish`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...body, secret: '0'.repeat(64) }),
    });
    stolen = other.status;
    await route.continue();
  });
  await begin(page, hand, server);
  await hand.touch('Valider');
  await hand.see('Ce retour de Pro Santé Connect ne sert plus', 40_000);
  expect(stolen, 'the secret is another').toBe(401);

  // A link with a ticket of somebody else signs nobody in as her.
  await page.unroute('**/api/psc/finish');
  await page.goto('about:blank');
  await page.goto(`${server.url}/retour-psc#${'a'.repeat(64)}`);
  await hand.see('Ce retour de Pro Santé Connect ne sert plus', 40_000);
  expect(psc.asked.some(({ pathname }) => pathname === '/token')).toBe(true);
});

test('the server starts without the provider, and asks nothing of it until somebody comes', async ({ server, tablet, psc }) => {
  await server.stop();
  psc.asked.length = 0;
  await psc.stop();
  await server.resume();
  const { page, hand } = await arrive(tablet, `${server.url}/`);
  await hand.touch(BUTTON);
  await hand.see('Pro Santé Connect ne répond pas.', 40_000);
  expect(await hand.text()).toContain('Rien n’est perdu');
  await everySize(page, 'psc-down');
  await psc.resume();
  expect(psc.asked).toEqual([]);
  await hand.touch(BUTTON);
  await hand.see('Votre carte', 40_000);
});

test('not configured, it is nowhere; configured by half, the server says so and does not start', async ({ server, tablet }) => {
  const { hand } = await arrive(tablet, `${server.url}/`);
  await hand.see('Se connecter');
  expect(await (await fetch(`${server.url}/api/doors`)).json()).toMatchObject({ psc: false });
  expect((await fetch(`${server.url}/psc/callback?code=a&state=b`, { redirect: 'manual' })).status).toBe(404);
  expect(await hand.text()).not.toContain('Pro Santé Connect');
  await server.stop();
  server.environment = { CARDABELLE_PSC_ISSUER: 'https://auth.example.fr', CARDABELLE_PSC_CLIENT_ID: 'cardabelle' };
  await expect(server.resume()).rejects.toThrow(/CARDABELLE_PSC_CLIENT_SECRET, CARDABELLE_PSC_REDIRECT missing/u);
});

/** Leaves for the card, as somebody whom the provider does not remember. */
async function begin(page: Page, hand: Hand, server: Server): Promise<void> {
  await page.context().clearCookies();
  await page.goto(`${server.url}/`);
  await hand.touch(BUTTON);
  await hand.see('Votre carte', 40_000);
}

async function ownPassphrase(hand: Hand, passphrase: string): Promise<void> {
  await hand.touch('Choisir ma propre phrase');
  for (const id of ['new-passphrase', 'again']) await hand.type(id, passphrase);
}
