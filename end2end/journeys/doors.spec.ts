import type { Page } from '@playwright/test';

import { Authenticator } from '../support/authenticator.js';
import { PHONE } from '../support/browser.js';
import { PASSPHRASE, unlock, type Hand } from '../support/hand.js';
import { arrive, expect, test as base } from '../support/journey.js';
import { Console, everySize } from '../support/screen.js';
import { Server } from '../support/server.js';

/** A territory that is no demonstration: every account that opens records has a second factor. */
const test = base.extend<{ server: Server }>({
  server: async ({}, use) => {
    const server = await Server.strict();
    await use(server);
    await server.clear();
  },
});
test.use({ size: PHONE });

const LOGIN = 'nadia.ferran';
const PASSWORD = 'ruisseau lauze causse';

test('a link makes an account ready: password, code, codes on paper; then the sign-in asks for the code', async ({ server, tablet }) => {
  const link = server.invite(LOGIN, 'Nadia Ferran');
  const { page, hand } = await arrive(tablet, link);
  const console = new Console();
  console.listen(page);
  await hand.see('Activer votre compte');
  await hand.see('Nadia Ferran');
  await hand.see(LOGIN);
  await hand.see('CPTS de la Lèze');
  await expect(page.locator('svg.qr path')).toHaveAttribute('d', /^M0 0h7v1h-7z/u);
  const authenticator = await telephoneOf(page, hand);
  await everySize(page, 'activation');

  // Nothing typed, too short, not the same twice: told under each field, and nothing is sent.
  await hand.touch('Activer mon compte', 'form');
  await hand.see('Ce mot de passe est trop court.');
  await hand.see('Il manque le code.');
  await everySize(page, 'activation-error');
  await hand.type('new-password', PASSWORD);
  await hand.type('again', 'ruisseau lauze cause');
  await hand.type('code', authenticator.wrong());
  await hand.touch('Activer mon compte', 'form');
  await hand.see('Les deux mots de passe ne sont pas pareils.');
  await hand.type('again', PASSWORD);

  // A wrong code spends nothing.
  await hand.touch('Activer mon compte', 'form');
  await hand.see('Ce code n’est pas le bon');
  await expect.poll(() => focused(page)).toBe('code');
  await hand.type('code', await authenticator.code());
  await hand.touch('Activer mon compte', 'form');
  await hand.see('Vos codes de secours', 40_000);
  const codes = await page.locator('.codes li').allInnerTexts();
  expect(codes).toHaveLength(10);
  for (const code of codes) expect(code).toMatch(/^([0-9a-z]{4}-){3}[0-9a-z]{4}$/u);
  expect(new URL(page.url()).hash, 'the link is no more in the address').toBe('');
  await everySize(page, 'recovery-codes');
  await printed(page, codes);
  await hand.touch('Se connecter', '.recovery');
  await hand.see('Notez ou imprimez les codes, puis cochez la case.');
  await page.locator('#codes-noted').check();
  await hand.touch('Se connecter', '.recovery');
  await hand.until(`document.getElementById('login')`, 'the sign-in does not come');

  // The link serves no more, and says whom to ask.
  await page.goto('about:blank');
  await page.goto(link);
  await hand.see('Ce lien ne sert plus');
  await hand.see('Demandez un nouveau lien à la coordination.');
  await everySize(page, 'link-spent');
  await hand.touch('Se connecter', 'main');

  // The password alone opens nothing.
  await signIn(hand, PASSWORD);
  await hand.see('Votre code', 40_000);
  await expect.poll(() => focused(page)).toBe('code');
  expect(await page.locator('[role=alert]').count(), 'to be asked is no error').toBe(0);
  await everySize(page, 'sign-in-code');
  await hand.touch('Continuer', 'form');
  await hand.see('Il manque le code.');
  await hand.type('code', authenticator.wrong());
  await hand.touch('Continuer', 'form');
  await hand.see('Ce code n’est pas le bon');
  await expect.poll(() => focused(page)).toBe('code');
  await everySize(page, 'sign-in-code-wrong');
  await hand.type('code', await authenticator.code());
  await hand.touch('Continuer', 'form');
  await choosePassphrase(hand);

  // What the browser complains of is what the server refused, and nothing else.
  expect(console.complaints.filter((complaint) => !/status of (401|404)/u.test(complaint))).toEqual([]);

  // A forgotten passphrase asks for the code too; one on paper will do, once.
  await page.reload();
  await hand.touch('Phrase oubliée');
  await hand.type('login', LOGIN);
  await hand.type('password', PASSWORD);
  await ownPassphrase(hand, 'causse lavogne dolmen buron');
  await hand.touch('Retrouver mon carnet');
  await hand.see('Votre code', 40_000);
  await hand.touch('Code perdu');
  await hand.see('demandez un nouveau lien à la personne qui gère les comptes');
  await hand.touch('Prendre un code de secours');
  await hand.type('code', codes[3].toUpperCase());
  await everySize(page, 'recover-code');
  await hand.touch('Retrouver mon carnet');
  await hand.until(`document.querySelector('nav')`, 'the notebook does not open', 60_000);
  await page.reload();
  await unlock(hand, 'causse lavogne dolmen buron');
  await hand.until(`document.querySelector('nav')`, 'the new passphrase does not open it', 60_000);
  await page.reload();
  await hand.touch('Utiliser un autre compte');
  await signIn(hand, PASSWORD);
  await hand.see('Votre code', 40_000);
  await hand.touch('Prendre un code de secours');
  await hand.type('code', codes[3]);
  await hand.touch('Continuer', 'form');
  await hand.see('Ce code n’est pas le bon, ou il a déjà servi.', 40_000);
});

test('a password without second factor leads to the page that sets it up, and keeps the password', async ({ server, tablet }) => {
  server.command('user add', ['--login', LOGIN, '--name', 'Nadia Ferran', '--profession', 'Infirmière', '--role', 'professional', '--password-stdin'], PASSWORD);
  const { page, hand } = await arrive(tablet, `${server.url}/`);
  await hand.see('Se connecter');
  await signIn(hand, PASSWORD);
  await hand.see('Votre code de connexion', 40_000);
  expect(new URL(page.url()).pathname).toBe('/activer');
  const authenticator = await telephoneOf(page, hand);
  await everySize(page, 'second-factor-wanted');
  // The password is asked again: the link alone would give the door to who reads it.
  await hand.type('new-password', 'un tout autre mot de passe');
  await hand.type('code', await authenticator.code());
  await hand.touch('Activer mon compte', 'form');
  await hand.see('L’identifiant ou le mot de passe n’est pas le bon.', 40_000);
  await hand.type('new-password', PASSWORD);
  await hand.type('code', await authenticator.code());
  await hand.touch('Activer mon compte', 'form');
  await hand.see('Vos codes de secours', 40_000);
  await page.locator('#codes-noted').check();
  await hand.touch('Se connecter', '.recovery');
  await signIn(hand, PASSWORD);
  await hand.see('Votre code', 40_000);
  await hand.type('code', await authenticator.code());
  await hand.touch('Continuer', 'form');
  await choosePassphrase(hand);
});

test('a link that cannot be read for want of network is read again, and is not spent by it', async ({ server, tablet }) => {
  const link = server.invite(LOGIN, 'Nadia Ferran');
  const { hand } = await arrive(tablet, `${server.url}/`);
  await hand.see('Se connecter');
  // The page itself is already on the device.
  await hand.until(`navigator.serviceWorker.controller`, 'the page is not kept', 40_000);
  await server.stop();
  const { page } = await arrive(tablet, link);
  await hand.see('Lien à relire', 40_000);
  await everySize(page, 'link-unread');
  await server.resume();
  await hand.touch('Relire le lien');
  await hand.see('Activer votre compte', 40_000);
});

/** The secret as it is shown to who has no camera. */
async function telephoneOf(page: Page, hand: Hand): Promise<Authenticator> {
  await hand.touch('Sans appareil photo');
  const secret = await page.locator('details .passphrase').innerText();
  await hand.touch('Sans appareil photo');
  return new Authenticator(secret);
}

async function signIn(hand: Hand, password: string): Promise<void> {
  await hand.type('login', LOGIN);
  await hand.type('password', password);
  await hand.touch('Se connecter', 'form');
}

async function ownPassphrase(hand: Hand, passphrase: string): Promise<void> {
  await hand.touch('Choisir ma propre phrase');
  for (const id of ['new-passphrase', 'again']) await hand.type(id, passphrase);
}

async function choosePassphrase(hand: Hand): Promise<void> {
  await hand.see('Votre phrase de passe', 40_000);
  await ownPassphrase(hand, PASSPHRASE);
  await hand.touch('Ouvrir mon carnet');
  await hand.see('Aujourd’hui', 60_000);
}

/** On paper: the codes, and nothing that is of the screen only. */
async function printed(page: Page, codes: string[]): Promise<void> {
  await page.emulateMedia({ media: 'print' });
  const paper = await page.locator('main').innerText();
  for (const code of codes) expect(paper).toContain(code);
  expect(paper).toContain(LOGIN);
  expect(paper).not.toContain('Je les ai notés');
  await page.emulateMedia({ media: null });
}

function focused(page: Page): Promise<string | undefined> {
  return page.evaluate(() => document.activeElement?.id);
}
