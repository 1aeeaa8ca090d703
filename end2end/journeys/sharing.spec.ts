import type { Page } from '@playwright/test';

import { ChromiumTablet, PHONE } from '../support/browser.js';
import { search } from '../support/disk.js';
import { addPerson, written, type Hand } from '../support/hand.js';
import { expect, personOf, sendAll, settleIn, test, type Seat } from '../support/journey.js';
import { Proxy } from '../support/proxy.js';
import { Console, everySize } from '../support/screen.js';
import { type Account, CLAIRE, everythingOf, fieldsOf, KARIM, type Server, SOPHIE } from '../support/server.js';

const LISE: Account = { login: 'lise.auriol', password: 'demo-lise-2026', name: 'Lise Auriol' };

test('a person is shared without network, followed by two, and leaves the device of who follows her no more', async ({ server, tablet }) => {
  const other = new ChromiumTablet(PHONE);
  try {
    const [claire, karim] = [await settleIn(tablet, server.url, CLAIRE), await settleIn(other, server.url, KARIM)];
    const console = new Console();
    [claire, karim].forEach(({ page }) => console.listen(page));

    // In a home, without network: nobody else follows her, and she was never asked.
    console.offline = true;
    await server.stop();
    const person = await personOf(claire, 'Roques');
    await claire.hand.see('Personne d’autre ne la suit ici.');
    await everySize(claire.page, 'team-empty', () => toTeam(claire.page));
    await claire.hand.touch('Partager', 'main');
    await claire.hand.see('Choisissez un professionnel du territoire.');
    await everySize(claire.page, 'share-choose');
    await claire.page.locator('.search input').fill('sage-femme');
    await claire.hand.see('Personne ne répond à ces mots.');
    await everySize(claire.page, 'share-nobody');
    await claire.page.locator('.search input').fill('kine');
    await claire.page.locator('main button.line').click();
    await claire.hand.see('verra tout ce qui est noté pour Mme Josette Roques');
    await claire.hand.touch('Partager avec Karim Benali');
    await claire.hand.see('Sa réponse manque. Rien n’est partagé.');
    await everySize(claire.page, 'share-no-answer');
    await claire.hand.touch('Oui', 'main');
    await claire.page.getByLabel('Qui a répondu').selectOption('trusted-person');
    await everySize(claire.page, 'share-confirm');
    await claire.hand.touch('Partager avec Karim Benali');
    await claire.hand.see('Partagé avec Karim Benali, masseur-kinésithérapeute.');
    await claire.hand.see('Partira au retour du réseau');
    await everySize(claire.page, 'team-just-shared');
    await claire.hand.see('(sa personne de confiance)');

    // Taken back in time, then done again: she is not asked twice.
    await claire.hand.touch('Annuler', '.band');
    await claire.hand.see('Personne d’autre ne la suit ici.');
    await share(claire, 'Karim Benali');
    await written(claire.hand);
    await server.resume();
    await sendAll(claire.hand);
    await sendAll(karim.hand);
    console.offline = false;

    // He reads her, with who follows her, and writes.
    expect(await personOf(karim, 'Roques')).toBe(person);
    await karim.hand.see('Claire Vidal');
    await karim.hand.see('Masseur-kinésithérapeute, vous');
    await everySize(karim.page, 'team-received', () => toTeam(karim.page));
    await karim.hand.touch('Modifier la fiche');
    await karim.hand.type('i-commune', 'Cintegabelle');
    await karim.hand.leave();
    await sendFromForm(karim.hand);
    await sendAll(claire.hand);
    await open(claire, person);
    await claire.hand.see('Cintegabelle');
    await claire.hand.touch('Historique');
    await claire.hand.see('Karim Benali, masseur-kinésithérapeute');

    // It ends: what it does is said before; his device holds nothing of her any more, and what he wrote stays.
    await open(claire, person);
    await open(karim, person);
    await claire.page.getByRole('button', { name: 'Mettre fin au partage avec Karim Benali' }).click();
    await claire.hand.see('Ce qui est déjà écrit reste ici');
    await everySize(claire.page, 'end-share');
    await claire.hand.touch('Mettre fin au partage', 'dialog[open]');
    await claire.hand.see('Personne d’autre ne la suit ici.');
    await sendAll(claire.hand);
    await again(karim.page);
    await karim.hand.see('Cette personne n’est plus partagée avec vous');
    await karim.hand.see('Ce que vous aviez envoyé reste dans sa fiche.');
    await everySize(karim.page, 'departed');
    await karim.hand.touch('Voir les personnes');
    await karim.hand.see('Bousquet');
    expect(await karim.hand.text()).not.toContain('Roques');
    expect(await karim.hand.text(), 'once read, it is not told again').not.toContain('n’est plus partagée');
    // What he wrote himself stays, sealed, until a backup of the server holds it.
    server.command('backup', []);
    await sendAll(karim.hand);
    await written(karim.hand);
    expect(await keysOf(karim.page, person)).toEqual([]);
    expect(fieldsOf(await everythingOf(server, CLAIRE), person).commune).toBe('Cintegabelle');
    expect(console.complaints).toEqual([]);
    await other.close();
    expect(search(other.profile, ['Josette', 'Cintegabelle']).found).toEqual({ Josette: [], Cintegabelle: [] });
  } finally {
    await other.clear();
  }
});

test('two answers noted apart are a « non », told as such, until she is asked again', async ({ server, tablet }) => {
  const other = new ChromiumTablet();
  try {
    const [one, two] = [await settleIn(tablet, server.url, CLAIRE), await settleIn(other, server.url, CLAIRE)];
    const person = await personOf(one, 'Salvan');
    await personOf(two, 'Salvan');
    for (const { page } of [one, two]) await page.route('**/api/**', (route) => route.abort());
    await answer(one, 'Retirer', 'Retirer l’accord');
    // On the other one, by whoever asked her without knowing: withdrawn and given again, hence newer by every clock.
    await answer(two, 'Retirer', 'Retirer l’accord');
    await answer(two, 'Redonner', 'Noter « oui »');
    for (const { page, hand } of [one, two, one]) {
      await page.unroute('**/api/**');
      await sendAll(hand);
    }
    for (const seat of [one, two]) {
      await open(seat, person);
      await seat.hand.see('Deux réponses notées sans se voir : redemandez-lui. D’ici là, c’est non.');
    }
    await everySize(one.page, 'consent-two-answers', () => one.page.locator('#accords').evaluate((title) => title.scrollIntoView({ block: 'start' })));
    await answer(one, 'Redonner', 'Noter « oui »');
    await one.hand.until(`!text(document.body).includes('redemandez-lui')`, 'the doubt stays');
    await sendAll(one.hand);
    await sendAll(two.hand);
    await open(two, person);
    await two.hand.until(`!text(document.body).includes('redemandez-lui')`, 'the doubt stays on the other one');
    const consents = (await everythingOf(server, CLAIRE)).filter(({ fields }) => fields?.purpose?.value === 'call-back' && fields?.after);
    expect(consents.map(({ fields }) => String(fields.after.value).split(' ').length)).toEqual([1, 1, 1, 2]);
  } finally {
    await other.clear();
  }
});

test('her consent is taken back while a colleague types: he is told, and what he typed is set aside', async ({ server, tablet }) => {
  const proxy = await Proxy.before(server);
  const other = new ChromiumTablet();
  try {
    const [claire, karim] = [await settleIn(tablet, server.url, CLAIRE), await settleIn(other, proxy.url, KARIM)];
    const person = await personOf(claire, 'Salvan');
    await share(claire, 'Karim Benali');
    await claire.hand.see('Partagé avec Karim Benali');
    await sendAll(claire.hand);
    await sendAll(karim.hand);
    await personOf(karim, 'Salvan');
    let cut = true;
    proxy.onPass = ({ path }, forward) => (cut && path.startsWith('/api/') ? Promise.reject(new Error('cut')) : forward());
    await karim.hand.touch('Modifier la fiche');
    await karim.hand.type('i-commune', 'Lagardelle');
    await karim.hand.leave();
    await written(karim.hand);

    await open(claire, person);
    await claire.page.getByRole('button', { name: 'Retirer l’accord : Partage avec des professionnels nommés' }).click();
    await claire.hand.see('Tous les partages s’arrêtent');
    await everySize(claire.page, 'consent-withdraw');
    await claire.hand.touch('Retirer l’accord', 'dialog[open]');
    await claire.hand.see('ces partages sont arrêtés');
    await everySize(claire.page, 'team-stopped', () => toTeam(claire.page));
    await sendAll(claire.hand);

    cut = false;
    await again(karim.page);
    await karim.hand.see('Cette personne n’est plus partagée avec vous', 60_000);
    await karim.hand.until(`location.pathname === '/personnes/${person}'`, 'the form stays open');
    await karim.hand.see('Une saisie qui n’était pas partie est mise de côté, rien n’est effacé.');
    await everySize(karim.page, 'departed-unsent');
    await karim.hand.touch('Voir ce qui est mis de côté');
    await karim.hand.see('Mis de côté');
    expect(fieldsOf(await everythingOf(server, CLAIRE), person).commune).not.toBe('Lagardelle');

    // She agrees again: what was shared is shared.
    await open(claire, person);
    await claire.page.getByRole('button', { name: 'Redonner l’accord : Partage avec des professionnels nommés' }).click();
    await claire.hand.touch('Noter « oui »', 'dialog[open]');
    await claire.hand.until(`!text(document.body).includes('sont arrêtés')`, 'the shares stay stopped');
    await sendAll(claire.hand);
    await again(karim.page);
    await karim.hand.touch('Personnes', 'nav');
    await karim.hand.see('Salvan', 60_000);
  } finally {
    await other.clear();
    await proxy.stop();
  }
});

test('a sentinel hands a person over, and sees her no more', async ({ server, tablet }) => {
  const other = new ChromiumTablet();
  try {
    addSentinel(server);
    const [lise, karim] = [await settleIn(tablet, server.url, LISE), await settleIn(other, server.url, KARIM)];
    await addPerson(lise.hand);
    await lise.hand.answer('consent_record', 'Oui');
    await lise.hand.type('i-family_name', 'Castelnau');
    await lise.hand.type('i-given_name', 'Fernande');
    await lise.hand.leave();
    await sendFromForm(lise.hand);
    await server.stop();
    const person = await personOf(lise, 'Castelnau');
    await lise.hand.see('Remettez-la à un professionnel, qui prendra la suite.');
    await everySize(lise.page, 'team-sentinel', () => toTeam(lise.page));
    await share(lise, 'Karim Benali', 'Remettre à un professionnel', 'Remettre à Karim Benali');
    await lise.hand.see('Remise à Karim Benali, masseur-kinésithérapeute.');
    await everySize(lise.page, 'handed-waiting');
    expect(await lise.page.getByRole('button', { name: 'Annuler' }).count(), 'what was offered cannot be held back').toBe(0);
    await server.resume();
    await again(lise.page);
    await lise.hand.see('Cette personne est remise à Karim Benali', 60_000);
    await lise.hand.see('Rien n’est perdu : la suite est entre ses mains.');
    expect(await lise.hand.text()).not.toContain('mise de côté');
    await everySize(lise.page, 'handed');
    await lise.hand.touch('Voir les personnes');
    await lise.hand.see('Aucune personne pour l’instant');
    server.command('backup', []);
    await sendAll(lise.hand);
    await written(lise.hand);
    expect(await keysOf(lise.page, person)).toEqual([]);
    await sendAll(karim.hand);
    expect(await personOf(karim, 'Castelnau')).toBe(person);
    await karim.hand.see('Masseur-kinésithérapeute, vous');
    expect(await karim.page.getByRole('button', { name: /^Mettre fin au partage/ }).count()).toBe(0);
  } finally {
    await other.clear();
  }
});

test('a hand-over that is told elsewhere than on her page', async ({ server, tablet }) => {
  addSentinel(server);
  const { page, hand } = await settleIn(tablet, server.url, LISE);
  await addPerson(hand);
  await hand.answer('consent_record', 'Oui');
  await hand.type('i-family_name', 'Castelnau');
  await hand.leave();
  await sendFromForm(hand);
  await server.stop();
  await personOf({ page, hand }, 'Castelnau');
  await share({ page, hand }, 'Claire Vidal', 'Remettre à un professionnel', 'Remettre à Claire Vidal');
  await hand.touch('Aujourd’hui', 'nav');
  await server.resume();
  await again(page);
  await hand.see('Une personne est remise à Claire Vidal. Rien n’est perdu', 60_000);
  await everySize(page, 'today-handed');
  await hand.touch('J’ai lu');
  await hand.until(`!text(document.body).includes('remise à Claire')`, 'it is told for ever');
});

test('the coordination calls back, and reads no more than that', async ({ server, tablet }) => {
  const { page, hand } = await settleIn(tablet, server.url, SOPHIE);
  const console = new Console();
  console.listen(page);
  await hand.touch('Personnes', 'nav');
  // Four of ICOPE who agree to be called back, those of « Sans tabac », without the one who took it back.
  await hand.see('47 personnes');
  await everySize(page, 'people-part');
  await page.getByRole('searchbox').fill('Roques');
  await page.getByRole('link', { name: 'Roques' }).click();
  await hand.see('Vous voyez ce qu’il faut pour rappeler cette personne. Le reste appartient à son équipe de soins.');
  await expect(page.getByRole('link', { name: /Appeler le/ })).toHaveAttribute('href', 'tel:0639981204');
  for (const words of ['Modifier', 'Suivi', 'Accords', 'Équipe de soins', 'Historique', 'Supprimer', 'non noté']) {
    expect(await page.locator('main').innerText(), words).not.toContain(words);
  }
  await everySize(page, 'person-part');
  expect(console.complaints).toEqual([]);
});

test('before the names of the colleagues have come, it is said', async ({ server, tablet }) => {
  const proxy = await Proxy.before(server);
  try {
    let cut = true;
    proxy.onPass = ({ path }, forward) => (cut && path === '/api/colleagues' ? Promise.reject(new Error('cut')) : forward());
    const { page, hand } = await settleIn(tablet, proxy.url, CLAIRE);
    await personOf({ page, hand }, 'Salvan');
    await hand.touch('Partager', 'main');
    await hand.see('La liste de vos collègues n’est pas encore arrivée sur cet appareil. Rien n’est perdu.');
    await everySize(page, 'share-no-names');
    cut = false;
    await hand.touch('Réessayer', 'main');
    await hand.see('Karim Benali');
  } finally {
    await proxy.stop();
  }
});

function addSentinel(server: Server): void {
  server.command('user add', ['--login', LISE.login, '--name', LISE.name, '--profession', 'Aide à domicile', '--role', 'sentinel', '--password-stdin'], LISE.password);
}

/** Opens a person by the list, whatever was on the screen. */
async function open({ page, hand }: Seat, person: string): Promise<void> {
  await hand.touch('Personnes', 'nav');
  await page.locator(`main a[href="/personnes/${person}"]`).click();
  await hand.see('Équipe de soins');
}

/** From the page of a person: a colleague, her answer if it is asked, done. */
async function share({ page, hand }: Seat, name: string, start = 'Partager', done = `Partager avec ${name}`): Promise<void> {
  await hand.touch(start, 'main');
  await page.locator('main button.line', { hasText: name }).click();
  await hand.see('verra tout ce qui est noté');
  if (await page.locator('#agreed-yes').count()) await hand.touch('Oui', 'main');
  await hand.touch(done);
  await hand.see('Équipe de soins');
}

/** Changes what she said of being called back, from the page of the person. */
async function answer({ page, hand }: Seat, verb: string, confirm: string): Promise<void> {
  await page.getByRole('button', { name: `${verb} l’accord : Rappel` }).click();
  await hand.touch(confirm, 'dialog[open]');
  await hand.until(`!document.querySelector('dialog[open]')`, 'the question stays open');
}

/** Brings the team under the eyes. */
function toTeam(page: Page): Promise<void> {
  return page.locator('#equipe').evaluate((title) => title.scrollIntoView({ block: 'start' }));
}

async function sendFromForm(hand: Hand): Promise<void> {
  await written(hand);
  await hand.touch('Revenir à la fiche de la personne');
  await sendAll(hand);
}

/** The network comes back: an exchange begins where she is. */
async function again(page: Page): Promise<void> {
  await page.evaluate(() => window.dispatchEvent(new Event('online')));
}

/** Keys of the databases of this browser that speak of a record, itself or another's. */
async function keysOf(page: Page, record: string): Promise<string[]> {
  return page.evaluate(async (record) => {
    const asked = <T>(request: IDBRequest<T>) =>
      new Promise<T>((done, failed) => {
        request.onsuccess = () => done(request.result);
        request.onerror = () => failed(request.error);
      });
    const found: string[] = [];
    for (const { name } of await indexedDB.databases()) {
      const database = await asked(indexedDB.open(name!));
      for (const store of database.objectStoreNames) {
        const all = database.transaction(store).objectStore(store);
        const [keys, rows] = await Promise.all([asked(all.getAllKeys()), asked(all.getAll())]);
        keys.forEach((key, rank) => {
          const { rev, ...row } = rows[rank] as Record<string, unknown>;
          if (JSON.stringify([key, row]).includes(record)) found.push(`${store}: ${JSON.stringify([key, rev])}`);
        });
      }
      database.close();
    }
    return found;
  }, record);
}
