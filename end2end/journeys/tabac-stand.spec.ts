import { randomUUID } from 'node:crypto';

import type { Page } from '@playwright/test';

import { PHONE } from '../support/browser.js';
import { search } from '../support/disk.js';
import { type Hand } from '../support/hand.js';
import { arrive, expect, handOn, settleIn, test } from '../support/journey.js';
import { everySize } from '../support/screen.js';
import { CLAIRE, everythingOf, fieldsOf, type Operation, type Server } from '../support/server.js';

/** Distinctive: they are nowhere in the application nor in the browser. */
const NAME = 'Nadègeline';
const VOLUNTEER = 'Xénophine';
const PLACE = 'Marché de Quatrebarbes';

test.use({ size: PHONE });

test('a stand held for a venue signs up, corrects within a minute, counts, and says how many', async ({ server, tablet }) => {
  test.setTimeout(400_000);
  const venue = await prepare(server);
  const { page, hand } = await settleIn(tablet, server.url, CLAIRE);
  await openFor(page, hand, venue);
  await everySize(page, 'tabac-stand-home');
  await server.stop();

  await hand.touch('Inscrire');
  await fill(hand, NAME);
  await hand.touch('Enregistrer');
  await hand.see('C’est noté');
  await hand.see('corriger pendant');
  await everySize(page, 'tabac-stand-noted');
  await hand.touch('Corriger');
  await hand.see('Combien de cigarettes');
  expect(await hand.text(), 'what is known is not asked').not.toContain('Inscription faite');
  await hand.type('i-cigarettes', '12');
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
  await hand.until(`document.getElementById('i-who_given_name')?.value === '${NAME}-Deux'`, 'the draft is not there');
  await hand.touch('Revenir');
  await hand.touch('Tout effacer');
  await hand.see(`${PLACE}, 1 inscription`);

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
  const venue = await prepare(server);
  const { page, hand } = await settleIn(tablet, server.url, CLAIRE);
  await openFor(page, hand, venue);
  await hand.touch('Inscrire');
  await fill(hand, NAME);
  await hand.touch('Enregistrer');
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
  const venue = await prepare(server);
  const { page, hand } = await settleIn(tablet, server.url, CLAIRE);
  const opened = page.waitForResponse((answer) => answer.url().endsWith('/api/stands') && answer.request().method() === 'POST');
  await openFor(page, hand, venue);
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
  await server.resume();
  await hand.touch('Revenir au stand');
  await hand.touch('Fermer le stand');
  await hand.touch('Fermer', 'dialog');
  await hand.touch('Oui, fermer le stand');
  await hand.see('Carnet verrouillé', 60_000);
});

test('a telephone that scanned the code keeps nothing once the server has it', async ({ server, tablet }) => {
  test.setTimeout(400_000);
  const venue = await prepare(server);
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
  await fill(hand, NAME);
  await hand.touch('Enregistrer');
  await hand.see('Tout est juste ?');
  await hand.see(NAME);
  await everySize(page, 'tabac-visit-read');
  await server.stop();
  await hand.touch('Envoyer');
  await hand.see('Envoi en cours');
  await everySize(page, 'tabac-visit-leaving');
  await server.resume();
  await hand.see('C’est envoyé', 120_000);
  await everySize(page, 'tabac-visit-sent');
  expect(await page.evaluate('indexedDB.databases().then((all) => all.map(({ name }) => name))'), 'no database stays').toEqual([]);
  expect(page.url(), 'nor the code').toBe(`${server.url}/inscription`);
  const log = await everythingOf(server, CLAIRE);
  const [challenger] = signUps(log);
  expect(challenger).toMatchObject({ cigarettes: 20, stand: venue.stand, origin: 'qr' });
  expect(person(log, challenger)).toMatchObject({ given_name: NAME });

  await page.goto(`${server.url}/inscription#${'0'.repeat(64)}`);
  await page.reload();
  await hand.see('Commencer', 60_000);
  await hand.touch('Commencer');
  await hand.until(`document.querySelector('.band')`, 'nothing says that the code serves no more');
  await everySize(page, 'tabac-visit-spent');
});

type Venue = { stand: string; edition: string };

/** Sophie writes this year's edition and the stand of today. */
async function prepare(server: Server): Promise<Venue> {
  const { post, device, token } = await signIn(server, 'sophie.marty', 'demo-sophie-2026');
  const [stand, edition] = [randomUUID(), randomUUID()];
  const today = new Date().toLocaleDateString('sv');
  const year = Number(today.slice(0, 4));
  const create = (device_seq: number, record_id: string, record_kind: string, values: Record<string, unknown>) => ({
    op_id: randomUUID(), device_id: device, device_seq, record_id, record_kind, form_version: '2026.1', kind: 'create', device_time: Date.now(),
    fields: Object.fromEntries(Object.entries({ ...values, started_at: Date.now(), finished_at: Date.now() }).map(([name, value]) => [name, { value, base: null }])),
  });
  const operations = [
    create(1, edition, 'tabac-edition', { year, starts: `${year}-11-01`, ends: `${year}-11-30`, pack_price: 1350 }),
    create(2, stand, 'tabac-stand', { edition, on: today, place: PLACE, commune: 'Saverdun' }),
  ];
  const { fates } = (await post('/api/push', { operations }, token)) as { fates: [string, { fate: string }][] };
  expect(fates.map(([, { fate }]) => fate)).toEqual(['applied', 'applied']);
  return { stand, edition };
}

/** Claire opens a stand on another tablet; answers its code. */
async function invite(server: Server, venue: Venue): Promise<string> {
  const { post, token } = await signIn(server, CLAIRE.login, CLAIRE.password);
  const stand = { name: PLACE, volunteers: [], until: Date.now() + 3_600_000, venue: venue.stand };
  return ((await post('/api/stands', stand, token)) as { invitation: { token: string } }).invitation.token;
}

async function signIn(server: Server, login: string, password: string) {
  const post = async (path: string, body: unknown, token?: string): Promise<unknown> => {
    const headers = { 'content-type': 'application/json', 'cardabelle-protocol': '2', ...(token && { authorization: `Bearer ${token}` }) };
    const answer = await fetch(`${server.url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    expect(answer.ok, await answer.clone().text()).toBe(true);
    return answer.json();
  };
  const signedIn = await post('/api/sign-in', { login, password, device_id: null, device_name: 'Bureau' });
  const { token, device_id } = signedIn as { token: string; device_id: string };
  return { post, token, device: device_id };
}

async function openFor(page: Page, hand: Hand, venue: Venue): Promise<void> {
  await hand.touch('Plus', 'nav');
  await page.locator('[href="/plus/stand"]').click();
  await hand.see('Pour quel stand ?');
  await page.getByLabel(PLACE).check();
  await hand.until(`document.getElementById('stand-name').value === '${PLACE}'`, 'the stand takes no name');
  await everySize(page, 'tabac-stand-open');
  await hand.type('stand-volunteers', VOLUNTEER);
  await hand.touch('Verrouiller mon carnet et ouvrir le stand');
  await hand.touch(VOLUNTEER);
  await hand.see('Inscrire');
  expect(venue.stand).toBeTruthy();
}

async function fill(hand: Hand, name: string): Promise<void> {
  await hand.answer('age', '18 ans ou plus');
  await hand.type('i-who_given_name', name);
  await hand.type('i-who_phone', '06 39 98 41 27');
  await hand.type('i-who_commune', 'Venerque');
  await hand.touch('Suivant');
  await hand.answer('consent_call', 'Oui');
  await hand.answer('consent_draw', 'Oui');
  await hand.answer('consent_share', 'Non');
  await hand.touch('Suivant');
  await hand.touch('20', '#q-cigarettes');
  await hand.answer('first_cigarette', '6 à 30 min');
  await hand.touch('Suivant');
  await hand.answer('importance', '8');
  await hand.answer('confidence', '6');
  await hand.answer('kit', 'Oui');
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
