import { spawnSync } from 'node:child_process';

import type { Page } from '@playwright/test';

import { ChromiumTablet } from '../support/browser.js';
import { unlock, type Hand } from '../support/hand.js';
import { expect, personOf, sendAll, settleIn, test, type Seat } from '../support/journey.js';
import { Console, everySize } from '../support/screen.js';
import { CLAIRE, everythingOf, fieldsOf, type Account, type Server } from '../support/server.js';

const NADIA: Account = { login: 'nadia.ferran', password: 'demo-nadia-2026', name: 'Nadia Ferran' };

test('two tablets without network disagree, one settles it, both agree', async ({ server, tablet }) => {
  const other = new ChromiumTablet();
  try {
    const console = new Console();
    const [one, two] = [await settleIn(tablet, server.url, CLAIRE), await settleIn(other, server.url, CLAIRE)];
    console.listen(one.page);
    const record = await newestRecordOf(one, 'Salvan');
    expect(await newestRecordOf(two, 'Salvan')).toBe(record);

    // Both correct the same weight of a finished screening, and neither sees the other.
    console.offline = true;
    await server.stop();
    await correctWeight(one, '68,4', 'chiffre mal lu');
    await correctWeight(two, '64,8', 'balance du cabinet');

    // Without the network, the history says what this device knows.
    await one.hand.touch('Historique');
    await one.hand.see('L’historique complet se lit avec le réseau.');
    await one.hand.see('Vous, pas encore envoyé');
    await one.hand.see('Motif : chiffre mal lu');
    await everySize(one.page, 'history-offline');
    await server.resume();
    await sendAll(one.hand);
    await sendAll(two.hand);
    await sendAll(one.hand);
    console.offline = false;

    // Where the value is read, it is said to be uncertain.
    await one.hand.touch('Aujourd’hui', 'nav');
    await one.hand.see('1 valeur à choisir');
    await everySize(one.page, 'today-to-check');
    await one.page.goto(`${server.url}/fiche/${record}`);
    await unlock(one.hand);
    await one.hand.see('Ce résultat peut changer.');
    await everySize(one.page, 'result-to-check');

    // Both values are there, readable, with who wrote them.
    await one.hand.touch('Vérifier', 'main');
    await one.hand.see('Quel poids garder ?');
    await one.hand.see('68,4 kg');
    await one.hand.see('64,8 kg');
    await one.hand.see('Ordinateur Linux');
    await everySize(one.page, 'to-check');
    await one.hand.touch('Garder 68,4 kg');
    await one.hand.see('C’est réglé');
    await everySize(one.page, 'to-check-settled');
    await sendAll(one.hand);
    await sendAll(two.hand);
    for (const { hand } of [one, two]) {
      await hand.touch('Aujourd’hui', 'nav');
      await hand.until(`!text(document.querySelector('main')).includes('à vérifier')`, 'something is still to be verified');
    }
    for (const { hand, page } of [one, two]) {
      await open(page, hand, `/fiche/${record}`);
      await hand.touch('Toutes les réponses');
      await hand.see('68,4 kg');
      await hand.until(`!text(document.body).includes('64,8 kg')`, 'the other value is still shown');
    }
    expect(fieldsOf(await everythingOf(server, CLAIRE), record).weight).toBe(684);

    // Nothing is lost: the history says who, from what to what, and why.
    await one.hand.touch('Historique');
    await one.hand.see('Motif : chiffre mal lu');
    await one.hand.see('Motif : balance du cabinet');
    await one.hand.see('avant : 59,4 kg');
    await one.hand.see('Motif : Choisi entre deux valeurs');
    await everySize(one.page, 'history');

    // The choice is taken back from there.
    await one.page.getByRole('button', { name: /^Reprendre .*64,8/ }).click();
    await one.hand.see('Motif : Valeur reprise dans l’historique');
    await sendAll(one.hand);
    expect(fieldsOf(await everythingOf(server, CLAIRE), record).weight).toBe(648);
    expect(console.complaints).toEqual([]);
  } finally {
    await other.clear();
  }
});

for (const first of ['deletion', 'edit']) {
  test(`a record deleted by one and modified by the other is put to her: the ${first} arrives first`, async ({ server, tablet }) => {
    const other = new ChromiumTablet();
    try {
      const [one, two] = [await settleIn(tablet, server.url, CLAIRE), await settleIn(other, server.url, CLAIRE)];
      const record = await newestRecordOf(one, 'Salvan');
      await newestRecordOf(two, 'Salvan');
      // Neither exchanges by herself once the server is back: the order in which they arrive is the journey's to say.
      for (const { page } of [one, two]) await page.route('**/api/**', (route) => route.abort());
      await one.hand.touch('Supprimer le repérage');
      await one.hand.touch('Supprimer', 'dialog[open]');
      await one.hand.see('Cette fiche est supprimée');
      await correctWeight(two, '64,8', 'balance du cabinet');
      for (const { hand, page } of first === 'deletion' ? [one, two] : [two, one]) {
        await page.unroute('**/api/**');
        await sendAll(hand);
      }
      await one.page.goto(`${server.url}/a-verifier`);
      await unlock(one.hand);
      await one.page.locator('.list-pane a.line').first().click();
      await one.hand.see('Supprimée et modifiée');
      await everySize(one.page, `to-check-deleted-${first}`);
      await one.hand.touch('Garder la fiche');
      await one.hand.see('C’est réglé');
      await sendAll(one.hand);
      await sendAll(two.hand);
      for (const { hand, page } of [one, two]) {
        await open(page, hand, `/fiche/${record}`);
        await hand.see('Et maintenant');
        await hand.touch('Toutes les réponses');
        await hand.see('64,8 kg');
      }
    } finally {
      await other.clear();
    }
  });
}

test('a record is deleted and comes back', async ({ server, tablet }) => {
  const { page, hand } = await settleIn(tablet, server.url, CLAIRE);
  const record = await newestRecordOf({ page, hand }, 'Roques');
  await hand.touch('Supprimer le repérage');
  await hand.see('Rien n’est effacé');
  await everySize(page, 'delete-dialog');
  await hand.touch('Supprimer', 'dialog[open]');
  await hand.see('Cette fiche est supprimée');
  await everySize(page, 'deleted');
  await hand.touch('Remettre la fiche');
  await hand.see('Et maintenant');

  // A person goes with all that hangs on her, and comes back with it.
  const person = await personOf({ page, hand }, 'Roques');
  await hand.touch('Supprimer la fiche');
  await hand.see('Ce qui en dépend disparaît aussi : 4 accords et 1 repérage.');
  await hand.touch('Supprimer', 'dialog[open]');
  await hand.see('Cette fiche est supprimée');
  await hand.touch('Personnes', 'nav');
  await hand.see('Salvan');
  await hand.until(`!text(document.querySelector('main')).includes('Roques')`, 'she is still listed');
  await hand.touch('Repérages', 'nav');
  await hand.see('lignes');
  await hand.until(`!text(document.querySelector('main')).includes('Roques')`, 'her screening is still listed');
  await sendAll(hand);
  expect((await everythingOf(server, CLAIRE)).filter(({ kind }) => kind === 'delete').map(({ record_id }) => record_id)).toEqual([record, person]);
  await hand.touch('Plus', 'nav');
  await page.getByRole('link', { name: 'Fiches supprimées' }).click();
  await hand.see('1 fiche supprimée');
  await everySize(page, 'deleted-list');
  await page.getByRole('button', { name: /^Remettre la fiche de Mme.Josette Roques/ }).click();
  await hand.see('Rien n’est supprimé.');
  await hand.touch('Personnes', 'nav');
  await hand.see('Roques');
});

test('two records of one person are merged, and the merge is undone', async ({ server, tablet }) => {
  const { page, hand } = await settleIn(tablet, server.url, CLAIRE);
  const kept = await personOf({ page, hand }, 'Salvan');
  const records = async () => page.locator('main a[href^="/fiche/"].line').count();
  expect(await records()).toBe(2);
  await hand.touch('C’est la même personne que…');
  await everySize(page, 'merge-choose');
  await page.locator('.search input').fill('roques');
  await page.locator('main button.line').click();
  await hand.see('Quelle fiche garder ?');
  await everySize(page, 'merge-compare');
  await hand.touch('Réunir les deux fiches');
  await hand.until(`location.pathname === '/personnes/${kept}'`, 'the kept record does not open');
  await hand.see('Fusionnée avec Mme Josette Roques');
  expect(await records()).toBe(3);
  await everySize(page, 'person-merged');
  await hand.touch('Personnes', 'nav');
  await hand.see('Salvan');
  await hand.until(`!text(document.querySelector('main')).includes('Roques')`, 'both are still listed');
  await sendAll(hand);

  // Another device sees the same thing.
  const other = new ChromiumTablet();
  try {
    const two = await settleIn(other, server.url, CLAIRE);
    await personOf(two, 'Salvan');
    await two.hand.see('Fusionnée avec Mme Josette Roques');
  } finally {
    await other.clear();
  }
  await personOf({ page, hand }, 'Salvan');
  await page.getByRole('button', { name: 'Défaire la fusion' }).click();
  await hand.until(`!text(document.querySelector('main')).includes('Fusionnée')`, 'the merge is still there');
  expect(await records()).toBe(2);
  await hand.touch('Personnes', 'nav');
  await hand.see('Roques');
});

test('a screening written for the wrong person is moved, with a reason', async ({ server, tablet }) => {
  const { page, hand } = await settleIn(tablet, server.url, CLAIRE);
  const record = await newestRecordOf({ page, hand }, 'Roques');
  await hand.touch('Rattacher à une autre personne');
  await everySize(page, 'move-choose');
  await page.locator('.search input').fill('pons');
  await page.locator('main button.line').click();
  await hand.touch('Rattacher la fiche');
  await hand.see('Le motif est vide.');
  await everySize(page, 'move-reason');
  await hand.type('move-reason', 'fiche ouverte par erreur');
  await hand.touch('Rattacher la fiche');
  await hand.until(`location.pathname === '/fiche/${record}'`, 'the record does not open');
  await hand.see('M. Marcel Pons');
  await hand.touch('Historique');
  await hand.see('Motif : fiche ouverte par erreur');
  await hand.see('M. Marcel Pons');
  await sendAll(hand);
  await personOf({ page, hand }, 'Roques');
  expect(await page.locator('main a[href^="/fiche/"].line').count()).toBe(0);
});

test('a coordinator sees what could not be placed, and tries again', async ({ server, tablet }) => {
  const added = spawnSync(process.env.CARDABELLE_BIN!, ['user', 'add', '--data', server.data, '--login', NADIA.login, '--name', NADIA.name,
    '--profession', 'Coordinatrice', '--role', 'coordinator', '--password-stdin'], { input: NADIA.password, encoding: 'utf8' });
  expect(added.status, added.stderr).toBe(0);
  await pushUnknownForm(server);
  const { page, hand } = await settleIn(tablet, server.url, NADIA);
  await hand.touch('Plus', 'nav');
  await page.getByRole('link', { name: 'Saisies mises de côté' }).click();
  await hand.see('Personne, 1 saisie');
  await hand.see('La version du formulaire n’est pas connue du serveur.');
  await hand.see('Claire Vidal');
  await hand.until(`!text(document.body).includes('Auterive')`, 'a value is shown');
  await everySize(page, 'set-aside');
  await page.getByRole('button', { name: 'Réessayer les saisies de Claire Vidal' }).click();
  await hand.see('Aucune saisie n’a pu être rangée. La suivante reste de côté');
});

/** As an older or newer application would: the server keeps it without placing it. */
async function pushUnknownForm(server: Server): Promise<void> {
  const post = async (path: string, body: unknown, token?: string) => {
    const headers = { 'content-type': 'application/json', 'cardabelle-protocol': '2', ...(token && { authorization: `Bearer ${token}` }) };
    const answer = await fetch(`${server.url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    expect(answer.ok, await answer.clone().text()).toBe(true);
    return answer.json();
  };
  const { token, device_id } = await post('/api/sign-in', { login: CLAIRE.login, password: CLAIRE.password, device_id: null, device_name: 'Ancienne tablette' });
  const operation = {
    op_id: crypto.randomUUID(), device_id, device_seq: 1, record_id: crypto.randomUUID(), record_kind: 'person', form_version: '1999.1',
    kind: 'create', fields: { commune: { value: 'Auterive', base: null } }, device_time: Date.now(),
  };
  const { fates } = await post('/api/push', { operations: [operation] }, token);
  expect(fates[0][1]).toMatchObject({ fate: 'quarantined', reason: 'unknown-form' });
}

/** Opens the newest finished record of a person; answers its id. */
async function newestRecordOf(seat: Seat, name: string): Promise<string> {
  await personOf(seat, name);
  await seat.page.locator('main a[href^="/fiche/"].line').first().click();
  await seat.hand.see('Et maintenant');
  return new URL(seat.page.url()).pathname.split('/')[2];
}

/** From the page of a finished record: a correction with its reason, back to the page. */
async function correctWeight({ page, hand }: Seat, weight: string, reason: string): Promise<void> {
  await page.getByRole('link', { name: /^(Corriger|Compléter) le repérage/ }).click();
  await hand.touch('Corriger', '.form-foot');
  await hand.type('correct-reason', reason);
  await hand.touch('Corriger les réponses');
  await hand.type('i-weight', weight);
  await hand.leave();
  await hand.until(`text(document.querySelector('.saved')).includes('Enregistré à')`, '« Enregistré » never came');
  await hand.touch('Terminer la correction');
  await hand.see('Et maintenant');
}

async function open(page: Page, hand: Hand, path: string): Promise<void> {
  await page.goto(new URL(path, page.url()).href);
  await unlock(hand);
}
