import type { Page } from '@playwright/test';

import { PHONE } from '../support/browser.js';
import { search } from '../support/disk.js';
import { arrive, expect, handOn, settleIn, test } from '../support/journey.js';
import { everySize } from '../support/screen.js';
import { CLAIRE, everythingOf, fieldsOf, signIn, type Operation, type Server } from '../support/server.js';
import { describe, holdFor, PLACE, prepareStand, signUp, type Venue } from '../support/tabac.js';

/** Distinctive: they are nowhere in the application nor in the browser. */
const NAME = 'Nadègeline';
const VOLUNTEER = 'Xénophine';
const ODETTE = { name: NAME, phone: '06 39 98 41 27', share: 'Non' } as const;

test.use({ size: PHONE });

test('a stand held for a venue signs up, corrects within a minute, counts, and says how many', async ({ server, tablet }) => {
  test.setTimeout(400_000);
  const venue = await prepareStand(server);
  const { page, hand } = await settleIn(tablet, server.url, CLAIRE);
  await holdFor({ page, hand }, venue, VOLUNTEER);
  await everySize(page, 'tabac-stand-home');
  await server.stop();

  await signUp(hand, ODETTE);
  await hand.see('corriger pendant');
  await everySize(page, 'tabac-stand-noted');
  await hand.touch('Corriger');
  await hand.see('Quel âge');
  await hand.touch('Suivant');
  await hand.touch('Suivant');
  await hand.see('Combien de cigarettes');
  expect(await hand.text(), 'what is known is not asked').not.toContain('Inscription faite');
  await hand.type('i-cigarettes', '12');
  await hand.touch('Suivant');
  await hand.touch('Suivant');
  await hand.touch('Enregistrer');
  await hand.see('C’est noté');
  await hand.touch('Personne suivante');
  await hand.see(`${PLACE}, 1 inscription`);
  expect(await hand.text()).not.toContain(NAME);

  await hand.touch('Compter');
  for (let met = 0; met < 3; met++) await plus(page, 'met');
  await plus(page, 'kits');
  await everySize(page, 'tabac-stand-tally');
  await hand.touch('Enregistrer');
  await hand.see('Personnes rencontrées');
  await hand.touch('Compter');
  await page.locator('#q-met').getByRole('button', { name: 'Un de moins' }).click();
  for (let more = 0; more < 4; more++) await page.locator('#q-kits').getByRole('button', { name: 'Un de moins' }).click();
  await hand.touch('Enregistrer');
  await everySize(page, 'tabac-stand-counted');

  // Put down in the middle, and taken up again.
  await hand.touch('Inscrire');
  await hand.answer('age', '18 ans ou plus');
  await hand.type('i-who_given_name', `${NAME}-Deux`);
  await hand.leave();
  await hand.touch('Revenir');
  await hand.touch('La reprendre plus tard');
  await hand.touch('Reprendre l’inscription en cours');
  const draft = `document.getElementById('i-who_given_name')?.value === '${NAME}-Deux'`;
  await hand.until(draft, 'the draft is not there');
  // Loaded again in the middle: the form waits for whoever holds the stand.
  await page.reload();
  await hand.see('Rien n’est perdu', 60_000);
  expect(await hand.text()).not.toContain(NAME);
  await hand.type('volunteer', VOLUNTEER);
  await hand.touch('C’est moi');
  await hand.touch('Reprendre l’inscription en cours');
  await hand.until(draft, 'the draft is not there after the page was loaded again');
  await hand.touch('Revenir');
  await hand.touch('Tout effacer');
  // The place is not on its disk: after a load it is a stand.
  await hand.see('Stand, 1 inscription');

  await server.resume();
  await hand.see('Tout est envoyé', 120_000);
  const log = await everythingOf(server, CLAIRE);
  const [challenger] = signUps(log);
  expect(signUps(log)).toHaveLength(1);
  expect(challenger).toMatchObject({ cigarettes: 12, stand: venue.stand, edition: venue.edition, origin: 'stand', noted_by: VOLUNTEER });
  expect(challenger.finished_at, 'it is finished').toBeTruthy();
  expect(person(log, challenger)).toMatchObject({ given_name: NAME, phone: '0639984127' });
  const counts = log.filter(({ kind, record_kind }) => kind === 'create' && record_kind === 'tabac-tally').map(({ record_id }) => fieldsOf(log, record_id));
  const ours = counts.filter(({ parent }) => parent === venue.stand);
  const sum = (field: string) => ours.reduce((all, one) => all + Number(one[field] ?? 0), 0);
  expect([sum('met'), sum('kits')], 'one taken back, and no more than was counted').toEqual([2, 0]);
});

test('nothing that was noted can be read again after a minute', async ({ server, tablet }) => {
  test.setTimeout(300_000);
  const venue = await prepareStand(server);
  const { page, hand } = await settleIn(tablet, server.url, CLAIRE);
  await holdFor({ page, hand }, venue, VOLUNTEER);
  await signUp(hand, ODETTE);
  await hand.see('corriger pendant');
  await page.evaluate('{ const real = Date.now.bind(Date); Date.now = () => real() + 61_000; }');
  await hand.see('Personne ne peut la rouvrir');
  expect(await hand.text()).not.toContain('Corriger');
  await hand.see('Tout est envoyé', 60_000);
  await tablet.close();
  expect(search(tablet.profile, [NAME]).found[NAME], 'clear text on the disk').toEqual([]);
});

test('somebody scans the code and signs herself up, beside a notebook that stays as it is', async ({ server, tablet }) => {
  test.setTimeout(400_000);
  const venue = await prepareStand(server);
  const { page, hand } = await settleIn(tablet, server.url, CLAIRE);
  const opened = page.waitForResponse((answer) => answer.url().endsWith('/api/stands') && answer.request().method() === 'POST');
  await holdFor({ page, hand }, venue, VOLUNTEER);
  const { invitation } = (await (await opened).json()) as { invitation: { token: string } };
  await server.stop();
  await hand.touch('Faire scanner');
  await hand.see('S’inscrire sur son téléphone');
  await everySize(page, 'tabac-stand-scan');

  const address = `${server.url}/inscription#${invitation.token}`;
  const here = await tablet.tab();
  await here.goto(address);
  const beside = handOn(here);
  await beside.see('Commencer', 60_000);
  await everySize(here, 'tabac-visit');
  await beside.touch('Commencer');
  await beside.see('Ce téléphone tient lui-même un stand');
  await here.close();
  // The code of a stand that is closed serves nobody any more, as soon as there is a network.
  await server.resume();
  await hand.touch('Revenir au stand');
  await hand.touch('Fermer le stand');
  await hand.touch('Fermer', 'dialog');
  await hand.touch('Oui, fermer le stand');
  await hand.see('Carnet verrouillé', 60_000);
  const scanned = async () => (await fetch(`${server.url}/api/visit`, { method: 'POST', body: JSON.stringify({ token: invitation.token }) })).status;
  await expect.poll(scanned, { timeout: 30_000 }).toBe(404);
});

test('a telephone that scanned the code keeps nothing once the server has it', async ({ server, tablet }) => {
  test.setTimeout(400_000);
  const venue = await prepareStand(server);
  const token = await invite(server, venue);
  const { page, hand } = await arrive(tablet, `${server.url}/inscription#${token}`);
  await hand.see('Commencer', 60_000);
  await server.stop();
  await hand.touch('Commencer');
  await hand.see('Rien n’a été noté');
  await server.resume();
  await hand.touch('Commencer');
  await hand.see('Quel âge', 60_000);
  await everySize(page, 'tabac-visit-form');
  await describe(hand, ODETTE, true);
  expect(await hand.text(), 'she is spoken to, and asked of nobody else').not.toMatch(/Réponse donnée par|en attente|Kit|CO mesuré/);
  await hand.touch('Relire');
  await hand.see('Tout est juste ?');
  await hand.see(NAME);
  await everySize(page, 'tabac-visit-read');
  const elsewhere = await tablet.tab();
  await elsewhere.goto(`${server.url}/`);
  await handOn(elsewhere).see('Se connecter', 60_000);
  await elsewhere.close();
  await server.stop();
  await hand.touch('Envoyer');
  await hand.see('Envoi en cours');
  await everySize(page, 'tabac-visit-leaving');
  await server.resume();
  await hand.see('votre inscription est arrivée', 120_000);
  await hand.see('vous contactera pour préparer votre arrêt');
  await everySize(page, 'tabac-visit-sent');
  expect(await page.evaluate('indexedDB.databases().then((all) => all.map(({ name }) => name))'), 'no database stays').toEqual([]);
  expect(page.url(), 'nor the code').toBe(`${server.url}/inscription`);
  const log = await everythingOf(server, CLAIRE);
  const [challenger] = signUps(log);
  expect(challenger).toMatchObject({ cigarettes: 20, stand: venue.stand, origin: 'qr' });
  expect(person(log, challenger)).toMatchObject({ given_name: NAME });

  await page.goto(`${server.url}/inscription#${'0'.repeat(64)}`);
  await hand.see('Commencer', 60_000);
  await hand.touch('Commencer');
  await hand.until(`document.querySelector('.band')`, 'nothing says that the code serves no more');
  await everySize(page, 'tabac-visit-spent');
});

/** Claire opens a stand on another tablet; answers its code. */
async function invite(server: Server, venue: Venue): Promise<string> {
  const { post } = await signIn(server, CLAIRE);
  const stand = { name: PLACE, volunteers: [], until: Date.now() + 3_600_000, venue: venue.stand };
  return ((await post('/api/stands', stand)) as { invitation: { token: string } }).invitation.token;
}

async function plus(page: Page, question: string): Promise<void> {
  await page.locator(`#q-${question}`).getByRole('button', { name: 'Un de plus' }).click();
}

/** The sign-ups of the people of this test, with their fields. */
function signUps(log: Operation[]): Record<string, unknown>[] {
  const created = log.filter(({ kind, record_kind }) => kind === 'create' && record_kind === 'tabac-challenger');
  return created.map(({ record_id }) => fieldsOf(log, record_id)).filter((fields) => String(person(log, fields).given_name).startsWith(NAME));
}

function person(log: Operation[], challenger: Record<string, unknown>): Record<string, unknown> {
  return fieldsOf(log, String(challenger.parent));
}
