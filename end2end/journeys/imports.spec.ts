import { drop, extract, rpps, type Row } from '../support/annuaire.js';
import { PHONE } from '../support/browser.js';
import { expect, settleIn, test } from '../support/journey.js';
import { everySize } from '../support/screen.js';
import { CLAIRE, SOPHIE, tokenOf } from '../support/server.js';

const FILE = 'PS_LibreAcces_Personne_activite_202611150822.txt';
/** The rank of the column « Adresse e-mail (coord. structure) ». */
const EMAIL = 43;
const MIREMONT = { commune: '31345', postal: '31190', town: 'Miremont' };
const AUTERIVE = { commune: '31033', postal: '31190', town: 'Auterive' };
const ROWS: Row[] = [
  // The name of somebody who is there without a number.
  { rank: 601, name: 'FERRAND', given: 'NADIA', profession: '', label: '', ...MIREMONT },
  // The number of somebody who declared another mailbox.
  { rank: 9_900_001, name: 'FONTANIER', given: 'LÉA', profession: '70', label: 'Masseur-Kinésithérapeute', ...AUTERIVE },
  { rank: 603, name: 'AILLEURS', given: 'LOLA', profession: '60', label: 'Infirmier', commune: '75056', postal: '75015', town: 'Paris' },
];

test('a coordinator says who is who, and settles what the file says otherwise', async ({ server, tablet }) => {
  const { page, hand } = await settleIn(tablet, server.url, SOPHIE);
  // The communes of the territory come with the directory.
  await hand.touch('Annuaire', 'nav');
  await hand.see('fiches', 60_000);
  await hand.touch('Plus', 'nav');
  await page.getByRole('link', { name: /^Remplir l’annuaire/ }).click();
  await hand.see('Imports faits');
  const lines = extract(ROWS).split('\n');
  const cells = lines[2].split('|');
  expect(cells[1]).toBe('99799000015');
  cells[EMAIL] = 'lea.autre@demo.mssante.fr';
  lines[2] = cells.join('|');
  const file = lines.join('\n');

  await drop(page, FILE, file);
  await hand.see('À rapprocher : 1 personne du fichier');
  await hand.see('Laissées de côté : 1 ligne d’autres communes.');
  await hand.touch('C’est la même personne que Nadia Ferrand');
  await hand.see('1 rapprochement décidé');
  await everySize(page, 'annuaire-import-proposed');
  await hand.touch('Importer');
  await hand.see('L’import est fait');
  await hand.see('1 différence à régler');
  await hand.see('lea.autre@demo.mssante.fr');
  await everySize(page, 'annuaire-differences');

  // Settled for good: the same file asks nothing more.
  await hand.touch('Garder ce qui est déclaré');
  await hand.see('Ce qui est déclaré est gardé.');
  await drop(page, FILE, file);
  await hand.see('Ce fichier ne change rien.');
  await expect(page.locator('.proposed')).toHaveCount(0);
  await expect(page.locator('.preview .plan-part')).toHaveCount(0);

  // Another value is another question, and may be taken.
  await drop(page, FILE, file.replace('lea.autre@', 'lea.troisieme@'));
  await hand.see('Le fichier dit autre chose');
  const headers = { 'cardabelle-protocol': '1', authorization: `Bearer ${await tokenOf(server, SOPHIE)}` };
  const members = await (await fetch(`${server.url}/api/annuaire`, { headers })).text();
  expect(members).toContain(rpps(601));
  expect(members).toContain('lea.fontanier@demo.mssante.fr');
  expect(members).not.toContain('lea.autre@');
});

test.describe('on a phone', () => {
  test.use({ size: PHONE });

  test('a card is shared, and the list begins where one stands', async ({ server, tablet }) => {
    const { page, hand } = await settleIn(tablet, server.url, CLAIRE);
    await hand.touch('Annuaire', 'nav');
    await hand.see('fiches');
    // Refused, the list stays as it is.
    await page.getByRole('button', { name: 'Changer l’ordre' }).click();
    await hand.touch('Par distance, depuis ma position', 'dialog[open]');
    await hand.see('Votre position n’est pas connue.', 40_000);
    await page.context().grantPermissions(['geolocation'], { origin: server.url });
    await page.context().setGeolocation({ latitude: 43.3712, longitude: 1.4201 });
    await hand.touch('Par distance, depuis ma position', 'dialog[open]');
    await hand.see('La liste part de votre position. Elle n’est ni gardée ni envoyée.', 40_000);
    await hand.touch('Voir la liste');
    // Her own street, in Miremont.
    await expect(page.getByRole('link', { name: /^(Nadia Ferrand|Inès Barthe)/ }).first()).toContainText('Nadia Ferrand');
    expect(page.url()).not.toContain('43.3');

    await page.evaluate(() => {
      Object.defineProperty(navigator, 'share', { configurable: true, value: async (what: ShareData) => void (document.title = JSON.stringify(what)) });
    });
    await hand.type('annuaire-box', 'fontanier');
    await page.getByRole('link', { name: /^Léa Fontanier/ }).click();
    await page.getByRole('button', { name: 'Partager la fiche' }).click();
    await hand.until(`document.title.includes('Fontanier')`, 'nothing is shared');
    const shared = JSON.parse(await page.title());
    expect(shared.text.replaceAll('\u00a0', ' ')).toContain('05 36 49 12 40');
    // What is for colleagues stays among them.
    expect(shared.text.replaceAll('\u00a0', ' ')).not.toContain('06 39 98 12 40');
    expect(shared.text).not.toContain('mssante');
  });
});
