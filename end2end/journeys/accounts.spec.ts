import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { Page } from '@playwright/test';

import { ADMIN, ask, crowd, linksOf, openLink, pagesOf } from '../support/accounts.js';
import { PHONE } from '../support/browser.js';
import type { Hand } from '../support/hand.js';
import { expect, settleIn, test } from '../support/journey.js';
import { Console, everySize } from '../support/screen.js';
import { CLAIRE, tokenOf } from '../support/server.js';

const XLSX = join(dirname(fileURLToPath(import.meta.url)), '../../crates/server/src/members/cases/members.xlsx');
/** A4, in points. */
const A4 = [595, 842];

test('one person is invited, and her link is shown once', async ({ server, tablet }) => {
  const { page, hand } = await settleIn(tablet, server.url, ADMIN);
  const console = new Console();
  console.listen(page);
  await openAccounts(page, hand);
  await everySize(page, 'accounts');

  await hand.touch('Ajouter une personne');
  await hand.touch('Créer le compte');
  await hand.see('Il manque des réponses. Rien n’est perdu.');
  await hand.until(`document.activeElement?.id === 'member-name'`, 'the focus does not go to what is missing first');
  await everySize(page, 'accounts-add-missing');
  await hand.type('member-name', 'Anne-Lise Marquès');
  await hand.type('member-profession', 'Infirmière');
  await hand.touch('Professionnel', 'form.member');
  await everySize(page, 'accounts-add');
  await hand.touch('Créer le compte');
  await hand.see('Liens à remettre');
  await hand.see('Anne-Lise Marquès');

  const [link] = await linksOf(page);
  expect(link.address).toMatch(new RegExp(`^${server.url}/activer#[0-9a-f]{64}$`));
  const token = link.address.split('#')[1];
  expect(page.url()).not.toContain(token);
  expect(await page.title()).not.toContain('Marquès');
  await expect(page.getByRole('img', { name: 'QR code du lien de Anne-Lise Marquès' })).toBeVisible();
  await everySize(page, 'accounts-link');
  const invitation = await (await openLink(server, token)).json();
  expect(invitation).toMatchObject({ name: 'Anne-Lise Marquès', keeps_password: false });

  // Elsewhere and back: it is still there. The browser asks before it goes with the page.
  await hand.touch('Comptes', 'header.title');
  await hand.see('1 lien est à remettre.');
  await hand.touch('Le revoir');
  await hand.see(link.address);
  const asked = page.waitForEvent('dialog');
  const reloading = page.reload({ timeout: 5_000 }).catch(() => undefined);
  const dialog = await asked;
  expect(dialog.type()).toBe('beforeunload');
  await dialog.dismiss();
  await reloading;
  await hand.see(link.address);

  await hand.touch('C’est remis');
  await everySize(page, 'accounts-done-dialog');
  await hand.touch('Ne plus les montrer', 'dialog[open]');
  await hand.until(`document.querySelectorAll('a.line[id^=account-]').length > 0`, 'the accounts do not come back');
  expect(await hand.text()).not.toContain('à remettre');
  await openAccount(page, hand, 'Anne-Lise Marquès');
  await hand.see('Invité. Son lien attend');
  expect(console.complaints).toEqual([]);
});

test('a team comes from a spreadsheet, and leaves on paper', async ({ server, tablet }) => {
  const { page, hand } = await settleIn(tablet, server.url, ADMIN);
  const console = new Console();
  console.listen(page);
  await openAccounts(page, hand);
  await hand.touch('Depuis un tableur');
  await hand.touch('Ce que le fichier doit contenir');
  await everySize(page, 'accounts-sheet');

  await choose(page, 'membres.csv', 'Téléphone;Adresse\r\n0536490000;Auterive\r\n');
  await hand.see('Aucune colonne « Nom »');
  // The browser tells of every refusal of a server.
  expect(console.complaints.splice(0)).toEqual([expect.stringContaining('400 (Bad Request)')]);
  await everySize(page, 'accounts-sheet-unread');
  await choose(page, 'members.xlsx', readFileSync(XLSX));
  await hand.see('à créer');
  await hand.touch('Ne rien créer');

  await choose(page, 'membres.csv', SHEET);
  await hand.see(`${TEAM} comptes à créer`);
  await hand.see('Ligne 3');
  await hand.see('2 lignes ne deviennent pas des comptes');
  await everySize(page, 'accounts-sheet-preview');
  await hand.touch(`Créer ${TEAM} comptes`);
  await hand.see(`${TEAM} liens, montrés une seule fois`);
  await everySize(page, 'accounts-links');
  const links = await linksOf(page);
  expect(links).toHaveLength(TEAM);
  expect(new Set(links.map(({ address }) => address)).size).toBe(TEAM);

  const pdf = await page.pdf({ preferCSSPageSize: true });
  const pages = pagesOf(pdf);
  // Four strips a page at least.
  expect(pages.length).toBeLessThanOrEqual(Math.ceil(TEAM / 4));
  for (const size of pages) expect(size).toEqual(A4);

  // The same file again makes nobody twice.
  await hand.touch('Comptes', 'header.title');
  await hand.touch('Depuis un tableur');
  await choose(page, 'membres.csv', SHEET);
  await hand.see('0 compte à créer');
  await hand.see('Aucune ligne ne peut devenir un compte.');
  expect(console.complaints).toEqual([]);
});

test.describe('on a phone', () => {
  test.use({ size: PHONE });

  test('a lost device is cut off and given back, an account is closed and opened again', async ({ server, tablet }) => {
    const { page, hand } = await settleIn(tablet, server.url, ADMIN);
    const claire = await tokenOf(server, CLAIRE);
    const pull = () => ask(server, claire, 'GET', '/api/pull?epoch=0&since=0');
    expect((await pull()).status).toBe(200);
    await openAccounts(page, hand);
    await openAccount(page, hand, CLAIRE.name);
    await hand.see('Contrôle');
    await everySize(page, 'accounts-one');

    await hand.touch('Mettre fin à l’accès de Contrôle');
    await hand.see('il remet ce qui attend, puis il s’efface');
    await everySize(page, 'accounts-end-dialog');
    await hand.touch('Mettre fin à l’accès', 'dialog[open]');
    await hand.see('L’accès de « Contrôle » a pris fin.');
    await hand.until(`document.activeElement?.id === 'title'`, 'the focus is lost with the button');
    expect(await codeOf(await pull())).toBe('device-revoked');
    await hand.touch('Rendre l’accès à Contrôle');
    await hand.see('L’accès est rendu à « Contrôle ».');
    expect((await pull()).status).toBe(200);

    await hand.touch('Fermer le compte');
    await hand.see('n’échangent plus rien avec le serveur');
    await everySize(page, 'accounts-close-dialog');
    await hand.touch('Fermer le compte', 'dialog[open]');
    await hand.see('Le compte est fermé.');
    expect(await codeOf(await pull())).toBe('account-disabled');
    await everySize(page, 'accounts-closed');
    await hand.touch('Rouvrir le compte');
    await hand.see('Le compte est rouvert.');
    expect((await pull()).status).toBe(200);

    await hand.touch('Nouveau lien');
    await everySize(page, 'accounts-new-link-dialog');
    await hand.touch('Faire le lien', 'dialog[open]');
    await hand.see('Liens à remettre');
    const [link] = await linksOf(page);
    expect(link.name).toBe(CLAIRE.name);
    expect((await openLink(server, link.address.split('#')[1])).status).toBe(200);

    // Gone for good: her devices hand over what waits, then empty themselves.
    await hand.touch('Comptes', 'header.title');
    await openAccount(page, hand, CLAIRE.name);
    await hand.touch('Fermer le compte');
    await page.locator('dialog[open] .check').click();
    await hand.touch('Fermer le compte', 'dialog[open]');
    await hand.see('Le compte est fermé.');
    await hand.see('accès terminé');
    expect(await codeOf(await pull())).toBe('device-revoked');
  });
});

test('a long list is searched, and without a network it waits', async ({ server, tablet }) => {
  const { page, hand } = await settleIn(tablet, server.url, ADMIN);
  await crowd(server, 40);
  await openAccounts(page, hand);
  await everySize(page, 'accounts-long');
  await page.getByRole('searchbox').fill('fabre nadia');
  await hand.until(`document.querySelectorAll('a.line[id^=account-]').length === 1`, 'the search keeps more than one');
  await hand.see('Nadia Fabre-Lacaze');
  await page.getByRole('searchbox').fill('xylophone');
  await hand.see('Aucun compte ne répond à cette recherche.');
  await server.stop();
  await hand.touch('Plus', '.accounts');
  await page.getByRole('link', { name: /^Comptes/ }).click();
  await hand.see('Rien n’est perdu', 60_000);
  await everySize(page, 'accounts-offline');
  await hand.touch('Ajouter une personne');
  await hand.type('member-name', 'Paul Exemple');
  await hand.type('member-profession', 'Médecin');
  await hand.touch('Sentinelle', 'form.member');
  await hand.touch('Créer le compte');
  await hand.see('Ce que vous avez écrit est encore à l’écran.', 60_000);
  await expect(page.locator('#member-name')).toHaveValue('Paul Exemple');
  await everySize(page, 'accounts-add-offline');
});

test('nobody but an administrator sees the accounts', async ({ server, tablet }) => {
  const { page, hand } = await settleIn(tablet, server.url, CLAIRE);
  await hand.touch('Plus', 'nav');
  await hand.see('Numéros d’urgence');
  expect(await hand.text()).not.toContain('Inviter, nouveaux liens');
  await page.evaluate(() => {
    history.pushState(null, '', '/plus/comptes');
    dispatchEvent(new PopStateEvent('popstate'));
  });
  await hand.see('Cette page n’existe pas');
  const token = await tokenOf(server, CLAIRE);
  expect((await ask(server, token, 'GET', '/api/accounts')).status).toBe(403);
});

/** A team, a role that does not exist, and somebody who has an account already. */
const NAMES = ['Bonnet Amélie', 'Castel Bruno', 'Delmas Chloé', 'Escande Denis', 'Fabre Émilie', 'Huc Géraldine', 'Izard Hugo', 'Lacaze-Montfort Jeanne-Marie', 'Lopez Nadia'];
const TEAM = NAMES.length;
const rows = NAMES.map((name) => `${name.replace(' ', ';')};Infirmière;professionnel`);
rows.splice(1, 0, 'Chef;Paul;Médecin;grand chef');
rows.push('Vidal;Claire;Infirmière;professionnel');
const SHEET = `\ufeffNom;Prénom;Profession;Rôles\r\n${rows.join('\r\n')}\r\n`;

async function openAccounts(page: Page, hand: Hand): Promise<void> {
  await hand.touch('Plus', 'nav');
  await page.getByRole('link', { name: /^Comptes/ }).click();
  await hand.until(`document.querySelectorAll('.lines a.line[id^=account-]').length > 0`, 'the accounts do not come');
}

async function openAccount(page: Page, hand: Hand, name: string): Promise<void> {
  await page.getByRole('link', { name: new RegExp(`^${name}`) }).click();
  await hand.until(`document.querySelector('.account h1')?.textContent === ${JSON.stringify(name)}`, `the account of ${name} does not open`);
}

async function choose(page: Page, name: string, content: string | Buffer): Promise<void> {
  await page.locator('#sheet-file').setInputFiles({ name, mimeType: 'application/octet-stream', buffer: Buffer.from(content) });
}

async function codeOf(response: Response): Promise<string> {
  return ((await response.json()) as { code: string }).code;
}
