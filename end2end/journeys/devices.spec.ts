import type { Page } from '@playwright/test';

import { ChromiumTablet } from '../support/browser.js';
import { addPerson, enrol, PASSPHRASE, unlock, written, type Hand } from '../support/hand.js';
import { arrive, expect, settleIn, test } from '../support/journey.js';
import { Proxy } from '../support/proxy.js';
import { Console, everySize } from '../support/screen.js';
import { type Account, CLAIRE, everythingOf, fieldsOf, KARIM, type Server, SOPHIE, tokenOf } from '../support/server.js';


test('a device is given a name; a lost one hands over what it wrote, then holds nothing any more', async ({ server, tablet }) => {
  const proxy = await Proxy.before(server);
  const other = new ChromiumTablet();
  try {
    const lost = await settleIn(tablet, proxy.url, CLAIRE);
    const database = await notebooks(lost.page);
    expect(database).toHaveLength(1);
    const record = await modifyPerson(lost.page, lost.hand, 'Pons');
    // The network goes, and she writes on: a commune, and somebody who has not consented yet.
    let cut = true;
    proxy.onPass = ({ path }, forward) => (cut && path.startsWith('/api/') ? Promise.reject(new Error('cut')) : forward());
    await lost.hand.type('i-commune', 'Venerque-le-Haut');
    await lost.hand.leave();
    await written(lost.hand);
    await lost.page.goto(`${proxy.url}/aujourdhui`);
    await unlock(lost.hand);
    await addPerson(lost.hand);
    await lost.hand.type('i-family_name', 'Castelnau');
    await lost.hand.leave();
    await written(lost.hand);

    // From another browser: the list, a name, the end.
    const { page, hand } = await settleIn(other, server.url, CLAIRE);
    const console = new Console();
    console.listen(page);
    await hand.touch('Plus', 'nav');
    await page.getByRole('link', { name: 'Mes appareils' }).click();
    await hand.see('Ordinateur Linux 2, cet appareil');
    await hand.see('Accès ouvert. Connexion à refaire au plus tard le');
    await expect(page.locator('main .lines li').first(), 'the one in use comes first').toContainText('cet appareil');
    await everySize(page, 'devices');
    await page.getByRole('button', { name: 'Renommer Ordinateur Linux', exact: true }).click();
    await hand.type('device-name', ' ');
    await hand.touch('Renommer', 'dialog[open]');
    await hand.see('Il manque un nom.');
    await everySize(page, 'device-rename');
    await hand.type('device-name', 'Tablette bleue');
    await hand.touch('Renommer', 'dialog[open]');
    await hand.see('Cet appareil s’appelle maintenant « Tablette bleue ».');
    await page.getByRole('button', { name: 'Mettre fin à l’accès de Tablette bleue' }).click();
    await hand.see('il remettra les saisies qui n’étaient pas parties, puis effacera son carnet');
    await hand.see('la coordination les relira');
    await everySize(page, 'device-end');
    await hand.touch('Ne rien changer', 'dialog[open]');
    await page.getByRole('button', { name: 'Mettre fin à l’accès de Tablette bleue' }).click();
    await hand.touch('Mettre fin à l’accès', 'dialog[open]');
    await hand.see('L’accès de « Tablette bleue » a pris fin.');
    await hand.see('Accès terminé. Ce qu’il garde, chiffré, partira puis sera effacé à son prochain contact.');
    await everySize(page, 'device-ended');
    expect(console.complaints).toEqual([]);

    // It is found again: what was written arrives, set aside, then nothing is left of the notebook.
    cut = false;
    await lost.page.evaluate(() => window.dispatchEvent(new Event('online')));
    await lost.hand.see('Un carnet de cet appareil a été fermé à distance', 60_000);
    await lost.hand.see('qui attendai');
    await lost.hand.see('2 saisies gardées sans l’accord de la personne ont été effacées avec lui');
    await everySize(lost.page, 'farewell');
    expect(await notebooks(lost.page), 'the database is gone').toEqual([]);
    expect(fieldsOf(await everythingOf(server, CLAIRE), record).commune, 'nobody has judged it yet').toBe('Venerque');
    const aside = await setAside(server);
    expect(aside.map(({ record, reason }) => ({ record, reason }))).toEqual([{ record, reason: 'revoked' }]);
    await tablet.close();
    const after = await arrive(tablet, `${proxy.url}/`);
    await after.hand.see('Un carnet de cet appareil a été fermé à distance', 40_000);
    await after.hand.see('Se connecter');
    await after.hand.touch('J’ai lu');
    await after.hand.until(`!text(document.body).includes('fermé à distance')`, 'it is told for ever');

    await hand.touch('Plus', 'nav');
    await page.getByRole('link', { name: 'Mes appareils' }).click();
    await hand.see('Accès terminé, carnet effacé.');

    // A full sign-in there begins a device anew; the former one stays ended.
    await enrol(after.hand, CLAIRE);
    await after.hand.see('Tout est envoyé', 60_000);
    expect(await notebooks(after.page)).not.toEqual(database);
  } finally {
    await other.clear();
    await proxy.stop();
  }
});

test('an ended access is given back before its device was heard of: nothing is wiped', async ({ server, tablet }) => {
  const other = new ChromiumTablet();
  try {
    const found = await settleIn(tablet, server.url, CLAIRE);
    await tablet.kill();
    const { page, hand } = await settleIn(other, server.url, CLAIRE);
    await hand.touch('Plus', 'nav');
    await page.getByRole('link', { name: 'Mes appareils' }).click();
    await page.getByRole('button', { name: 'Mettre fin à l’accès de Ordinateur Linux', exact: true }).click();
    await hand.touch('Mettre fin à l’accès', 'dialog[open]');
    await page.getByRole('button', { name: 'Rendre l’accès à Ordinateur Linux', exact: true }).click();
    await hand.see('« Ordinateur Linux » a de nouveau accès.');
    const again = await arrive(tablet, `${server.url}/`);
    await unlock(again.hand);
    await again.hand.see('Tout est envoyé', 60_000);
    expect(found).toBeTruthy();
  } finally {
    await other.clear();
  }
});

test('the device in use is left: its notebook goes, and what waited is at the server', async ({ server, tablet }) => {
  const { page, hand } = await settleIn(tablet, server.url, CLAIRE);
  await hand.touch('Plus', 'nav');
  await page.getByRole('link', { name: 'Mes appareils' }).click();
  await page.getByRole('button', { name: 'Mettre fin à l’accès de Ordinateur Linux' }).click();
  await hand.see('C’est l’appareil que vous tenez.');
  await everySize(page, 'device-end-here');
  await hand.touch('Mettre fin à l’accès', 'dialog[open]');
  await hand.see('Un carnet de cet appareil a été fermé à distance', 60_000);
  await hand.see('Rien n’attendait d’être envoyé.');
  expect(await notebooks(page)).toEqual([]);
});

test('what the server cannot read keeps the notebook: it stays, exchanges nothing, and may be exported', async ({ server, tablet }) => {
  const proxy = await Proxy.before(server);
  try {
    let token = '';
    let cut = false;
    proxy.onPass = ({ path, headers }, forward) => {
      token = headers.authorization ?? token;
      return cut && path.startsWith('/api/') ? Promise.reject(new Error('cut')) : forward();
    };
    const { page, hand } = await settleIn(tablet, proxy.url, CLAIRE);
    await modifyPerson(page, hand, 'Pons');
    cut = true;
    await hand.type('i-commune', 'Venerque-le-Haut');
    await hand.leave();
    await written(hand);
    // As a build of another day would write it: the server has no such operation.
    proxy.onRequest = (path, body) => {
      if (path !== '/api/push') return body;
      const push = JSON.parse(body.toString()) as { operations: { kind: string }[] };
      for (const operation of push.operations) operation.kind = 'destroy';
      return Buffer.from(JSON.stringify(push));
    };
    await endAccess(server, token);
    cut = false;
    await page.evaluate(() => window.dispatchEvent(new Event('online')));
    await hand.touch('Revenir à la fiche de la personne');
    await hand.touch('Plus', 'nav');
    await hand.see('1 saisie que le serveur ne sait pas lire reste ici', 60_000);
    await hand.see('rien n’est effacé');
    await hand.see('Exporter les saisies en attente');
    await everySize(page, 'device-stays');
    expect(await notebooks(page)).toHaveLength(1);
  } finally {
    await proxy.stop();
  }
});

test('an expired device saves on; a sign-in over the open form sends it all, and the form does not move', async ({ server, tablet }) => {
  const proxy = await Proxy.before(server);
  try {
    let token = '';
    proxy.onPass = ({ headers }, forward) => {
      token = headers.authorization ?? token;
      return forward();
    };
    const { page, hand } = await settleIn(tablet, proxy.url, CLAIRE);
    const record = await modifyPerson(page, hand, 'Pons');
    // Thirty days later, as far as the server knows.
    const out = await fetch(`${server.url}/api/sign-out`, { method: 'POST', headers: { authorization: token, 'cardabelle-protocol': '2' } });
    expect(out.status).toBe(204);
    await hand.type('i-commune', 'Grépiac');
    await hand.leave();
    await hand.see('Connexion à refaire. Vos saisies sont gardées ici.', 40_000);
    await hand.until(`text(document.querySelector('.saved')).includes('Enregistré à')`, 'saving waited for the sign-in');
    await hand.type('i-phone', '06 39 98 40 12');
    await hand.leave();
    await written(hand);
    await everySize(page, 'expired-form');
    expect(fieldsOf(await everythingOf(server, CLAIRE), record).commune).toBe('Venerque');

    await hand.touch('Se connecter', '.banner');
    await hand.see('Se connecter à nouveau');
    await everySize(page, 'sign-in-again');
    // Somebody else’s account changes nothing here.
    await again(hand, KARIM);
    await hand.see('Ce compte n’est pas celui du carnet ouvert', 40_000);
    await again(hand, CLAIRE);
    await hand.until(`!document.querySelector('dialog[open]')`, 'the dialog stays', 40_000);
    await hand.until(`!document.querySelector('.banner.update')`, 'the banner stays', 40_000);
    expect(await page.locator('#i-commune').inputValue(), 'the form is as it was').toBe('Grépiac');
    expect(idOf(page)).toBe(record);
    await expect.poll(async () => fieldsOf(await everythingOf(server, CLAIRE), record), { timeout: 40_000 }).toMatchObject({
      commune: 'Grépiac',
      phone: '0639984012',
    });
    // The device is the same one, under the name it had.
    const names = await page.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name));
    expect(names.filter((name) => /^cardabelle-[0-9a-f]{8}/u.test(name ?? ''))).toHaveLength(1);
  } finally {
    await proxy.stop();
  }
});

test('two people share a tablet: each notebook says whose entries wait beside it', async ({ server, tablet }) => {
  const proxy = await Proxy.before(server);
  try {
    let cut = false;
    proxy.onPass = ({ path }, forward) => (cut && path.startsWith('/api/') ? Promise.reject(new Error('cut')) : forward());
    const { page, hand } = await settleIn(tablet, proxy.url, KARIM);
    await hand.touch('Plus', 'nav');
    await hand.touch('Verrouiller maintenant');
    await hand.touch('Utiliser un autre compte');
    await signInAs(hand, CLAIRE, 'autre chardon causse buron');
    await hand.see('Tout est envoyé', 60_000);
    await page.reload();
    await hand.see('2 carnets sont gardés sur cet appareil', 40_000);
    await everySize(page, 'unlock-two');

    // Karim writes without the network, and locks.
    cut = true;
    await unlock(hand, PASSPHRASE);
    await modifyPerson(page, hand, 'Bousquet');
    await hand.type('i-commune', 'Lézat');
    await hand.leave();
    await written(hand);
    await page.goto(`${proxy.url}/plus`);
    await hand.see('1 saisie attend d’être envoyée', 40_000);
    await unlock(hand, PASSPHRASE);
    await hand.touch('Verrouiller maintenant');
    await hand.see('1 saisie attend d’être envoyée', 40_000);

    // Claire opens hers: all of it is sent, and his is not, for his notebook is locked.
    cut = false;
    await unlock(hand, 'autre chardon causse buron');
    await hand.touch('Aujourd’hui', 'nav');
    await hand.see('Tout est envoyé', 60_000);
    await hand.see('1 saisie de Karim B. attend', 40_000);
    await hand.touch('Plus', 'nav');
    await hand.see('1 saisie de Karim Benali attend l’ouverture de son carnet sur cet appareil.');
    await everySize(page, 'neighbours');
    await hand.touch('Verrouiller maintenant');
    await unlock(hand, PASSPHRASE);
    await hand.see('Tout est envoyé', 60_000);
    await hand.until(`!text(document.body).includes('attend l’ouverture')`, 'it is still said to wait');
  } finally {
    await proxy.stop();
  }
});

/** The databases of notebooks in this browser. */
function notebooks(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const names = (await indexedDB.databases()).map(({ name }) => name ?? '');
    return names.filter((name) => /^cardabelle-[0-9a-f]{8}-/u.test(name)).sort();
  });
}

async function setAside(server: Server): Promise<{ record: string; reason: string }[]> {
  const headers = { authorization: `Bearer ${await tokenOf(server, SOPHIE)}`, 'cardabelle-protocol': '2' };
  const answer = await fetch(`${server.url}/api/set-aside`, { headers });
  expect(answer.ok, await answer.clone().text()).toBe(true);
  return ((await answer.json()) as { items: { record: string; reason: string }[] }).items;
}

/** Ends the access of the device whose token this is, as its owner would from another one. */
async function endAccess(server: Server, authorization: string): Promise<void> {
  const ask = async (path: string, token: string, method = 'GET') => {
    const answer = await fetch(`${server.url}${path}`, { method, headers: { authorization: token, 'cardabelle-protocol': '2' } });
    expect(answer.ok, await answer.clone().text()).toBe(true);
    return answer;
  };
  const { devices } = (await (await ask('/api/devices', authorization)).json()) as { devices: { id: string; this: boolean }[] };
  const { id } = devices.find((device) => device.this)!;
  await ask(`/api/devices/${id}/revoked`, `Bearer ${await tokenOf(server, CLAIRE)}`, 'POST');
}

async function again(hand: Hand, account: Account): Promise<void> {
  await hand.type('again-login', account.login);
  await hand.type('again-password', account.password);
  await hand.touch('Se connecter', 'dialog[open]');
}

async function signInAs(hand: Hand, account: Account, passphrase: string): Promise<void> {
  await hand.type('login', account.login);
  await hand.type('password', account.password);
  await hand.touch('Se connecter', 'form');
  await hand.see('Votre phrase de passe', 40_000);
  await hand.touch('Choisir ma propre phrase');
  for (const id of ['new-passphrase', 'again']) await hand.type(id, passphrase);
  await hand.touch('Ouvrir mon carnet');
  await hand.see('Aujourd’hui', 60_000);
}

/** Opens the form of somebody already known; answers her id. */
async function modifyPerson(page: Page, hand: Hand, name: string): Promise<string> {
  await hand.touch('Personnes', 'nav');
  await page.getByRole('link', { name }).first().click();
  await hand.touch('Modifier la fiche');
  await hand.until(`document.getElementById('i-commune')`, 'the form does not open');
  return idOf(page);
}

function idOf(page: Page): string {
  return new URL(page.url()).pathname.split('/')[2];
}
