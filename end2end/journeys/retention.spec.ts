import { ADMIN } from '../support/accounts.js';
import { expect, settleIn, test } from '../support/journey.js';
import { everySize } from '../support/screen.js';
import { CLAIRE } from '../support/server.js';

test('the administration sets the territory, confirms a duration, and nothing goes before its notice', async ({ server, tablet }) => {
  const { page, hand } = await settleIn(tablet, server.url, ADMIN);
  await hand.touch('Plus', 'nav');
  await page.getByRole('link', { name: 'Territoire' }).click();
  await hand.see('Rien ne s’efface tout seul tant qu’une durée n’est pas confirmée ici.');
  await hand.see('Personne ne l’a confirmée : rien n’est effacé.');
  // What a programme keeps has its own words.
  await hand.see('Défis sans tabac');
  await hand.see('qui est suivi pour autre chose garde sa fiche et le reste.');
  await hand.see('Les résultats d’une édition baissent à mesure que ses défis s’effacent');
  await everySize(page, 'territory');
  expect(await hand.text()).not.toContain('Salvan');

  // A wrong value changes nothing and says what to type.
  const months = page.getByLabel('Fiches et repérages : nombre de mois', { exact: false });
  const days = page.getByLabel('Nombre de jours, de 1 à 365', { exact: false });
  await months.fill('6');
  await page.getByRole('button', { name: 'Changer la durée' }).first().click();
  await hand.see('Cette durée n’est pas permise.');
  await everySize(page, 'territory-refused');
  await months.fill('48');
  await page.getByRole('button', { name: 'Changer la durée' }).first().click();
  await hand.see('La durée est de 4 ans. Rien n’est effacé tant que personne ne la confirme.');
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Fiches et repérages');

  // Confirmed, once it was said what it takes.
  await hand.touch('Confirmer 4 ans', 'main');
  await hand.see('une fiche sans contact depuis 4 ans est effacée pour de bon');
  await everySize(page, 'territory-confirm');
  await hand.touch('Ne rien effacer', 'dialog[open]');
  await hand.see('Confirmer 4 ans');
  await hand.touch('Confirmer 4 ans', 'main');
  await hand.touch('Confirmer 4 ans', 'dialog[open]');
  await hand.see('La durée de 4 ans est confirmée. Elle s’applique à partir du');
  await hand.see('Confirmée par Administration');
  await everySize(page, 'territory-confirmed');
  const preview = server.command('retention', ['--preview']).replace(/[\u00a0\u202f]/g, ' ');
  expect(preview).toContain('Fiches : 48 mois, confirmée par Administration, appliquée à partir du');
  expect(server.command('retention', [])).toMatch(/^0\s/);
  await hand.touch('Suspendre l’effacement');
  await hand.see('La durée est de 4 ans. Rien n’est effacé');

  await days.fill('7');
  await hand.touch('Changer le nombre de jours');
  await hand.see('Les identifications à venir ouvrent 7 jours d’échange.');
  expect(server.command('territory exchange-days', [])).toMatch(/7\sjours/);

  // A commune is found by its postal code, added, and taken away once that is said again.
  await page.getByLabel('Nom, code postal ou code INSEE', { exact: false }).fill('31470');
  await hand.touch('Chercher la commune');
  await page.getByRole('button', { name: 'Ajouter Fonsorbes' }).click();
  await hand.see('Fonsorbes est du territoire.');
  await page.getByRole('button', { name: 'Retirer Fonsorbes' }).click();
  await hand.see('Ses fiches restent gardées, mais quittent l’annuaire publié.');
  await hand.touch('Retirer Fonsorbes', 'dialog[open]');
  await hand.see('Fonsorbes n’est plus du territoire.');
  await expect(page.getByRole('button', { name: 'Retirer Fonsorbes' })).toHaveCount(0);

  await page.locator('a.back').first().click();
  await page.getByRole('link', { name: 'Journal' }).click();
  await hand.see('A changé les réglages du territoire');
  await server.stop();
  await page.locator('a.back').first().click();
  await page.getByRole('link', { name: 'Territoire' }).click();
  await hand.see('Cette liste se lit avec le réseau.');
  await server.resume();
  await hand.touch('Relire la liste');
  await hand.see('Fiches et repérages');
});

test('a professional is told quietly of who goes soon, by the names of her device', async ({ server, tablet }) => {
  const { page, hand } = await settleIn(tablet, server.url, CLAIRE);
  await hand.touch('Plus', 'nav');
  await hand.see('Fiches supprimées');
  expect(await hand.text()).not.toContain('Fiches bientôt effacées');
  await hand.touch('Personnes', 'nav');
  await page.getByRole('link', { name: 'Salvan' }).first().click();
  await hand.see('Équipe de soins');
  const record = new URL(page.url()).pathname.split('/')[2];

  // The demonstration is of today: what the server will say in five years is said in its place.
  const second = '1 fiche sera effacée d’ici le jeudi 14 janvier';
  const texts = ['Rien n’y a été noté depuis près de 5 ans. Toute saisie envoyée dans une fiche la prolonge d’autant.'];
  const lines = [{ text: 'À effacer le jeudi 14 janvier', record }];
  await page.route('**/api/retention', (route) => route.fulfill({ json: { second, parts: [{ title: '', texts, lines }] } }));
  await hand.touch('Plus', 'nav');
  await hand.see(second);
  await everySize(page, 'more-leaving');
  await page.getByRole('link', { name: 'Fiches bientôt effacées' }).click();
  await hand.see('À effacer le jeudi 14 janvier');
  await hand.see('Salvan');
  await everySize(page, 'leaving');
  await page.getByRole('link', { name: 'Salvan' }).click();
  await hand.see('Équipe de soins');
});
