import { readFileSync } from 'node:fs';

import type { Page } from '@playwright/test';

import { drawAgain } from '../support/draw.mjs';
import { expect, sendAll, settleIn, test } from '../support/journey.js';
import { everySize } from '../support/screen.js';
import { heldBy, LEA, SOPHIE } from '../support/server.js';
import { actions } from '../support/tabac.js';

test('the calls of the day, without a network: whom to call, what was said, what is left in the pocket', async ({ server, tablet }) => {
  test.setTimeout(400_000);
  const { page, hand } = await settleIn(tablet, server.url, LEA);
  await server.stop();
  await hand.touch('Sans tabac', 'nav');
  await hand.touch('Appels du jour');
  await hand.see('En retard');
  await everySize(page, 'tabac-calls');
  expect(await page.locator('section.calls.late').innerText()).toContain('Patrick');
  await expect(page.getByRole('link', { name: 'Appeler Patrick' })).toHaveAttribute('href', 'tel:0639984121');

  await page.locator('button.call-text', { hasText: 'Patrick' }).click();
  await page.waitForURL('**/saisie/*');
  await hand.see('Au téléphone');
  const call = new URL(page.url()).pathname.split('/')[2];
  await hand.answer('outcome', 'Joint(e)');
  await hand.answer('smoked_since', 'Un nombre connu');
  await hand.touch('2', '#q-cigarettes');
  await hand.touch('1', '#q-days_smoked');
  await hand.answer('other_tobacco', 'Aucun');
  await hand.answer('smoked_7_days', 'Oui');
  await hand.type('i-per_day_now', '1');
  await hand.answer('substitutes', 'Non');
  await hand.answer('vaping', 'Non');
  await hand.answer('craving', '4');
  await hand.touch('Terminer l’appel');
  await hand.see('le défi continue');
  expect(await hand.text()).not.toMatch(/échec|rechute/i);
  await hand.touch('Sans tabac', 'nav');
  await hand.touch('Appels du jour');
  await hand.see('Faits aujourd’hui, 1');

  // Ten days of twenty cigarettes at 13,50 € a packet: one day of the eleven was smoked.
  await actions({ page, hand }, 'Patrick');
  await hand.touch('Écran à montrer');
  await hand.see('jours sans fumer sur 11');
  await hand.see('135,00 €');
  await hand.see('200 cigarettes non fumées');
  await everySize(page, 'tabac-feat');
  expect(page.url(), 'no name in the address').not.toMatch(/patrick/i);

  await actions({ page, hand }, 'Patrick');
  await hand.touch('Changer la date d’arrêt');
  await hand.see('Nouvelle date d’arrêt');
  await hand.type('i-quit_on', french(3));
  await hand.leave();
  await hand.type('i-reason', 'Une semaine trop chargée');
  await hand.answer('smoke_free_before', 'Oui');
  await hand.touch('Enregistrer la date d’arrêt');
  await actions({ page, hand }, 'Patrick');
  await server.resume();
  await sendAll(hand);
  expect(await heldBy(server, LEA, call)).toMatchObject({ outcome: 'reached', smoked_since: 'counted', cigarettes: 2, days_smoked: 1, step: 'j7' });
});

test('an interview gives no score before its six answers', async ({ server, tablet }) => {
  test.setTimeout(300_000);
  const { page, hand } = await settleIn(tablet, server.url, LEA);
  await actions({ page, hand }, 'Sonia');
  await hand.touch('Commencer le bilan');
  await hand.see('Combien de temps après votre réveil', 60_000);
  const six: [string, string][] = [
    ['first_cigarette', 'Dans les 5 premières minutes'],
    ['abstain_hard', 'Oui'],
    ['hardest', 'La première le matin'],
    ['per_day', '31 ou plus'],
    ['more_morning', 'Oui'],
  ];
  for (const [question, answer] of six) await hand.answer(question, answer);
  for (const question of ['cough', 'phlegm', 'breathless']) await hand.answer(question, question === 'phlegm' ? 'Non' : 'Oui');
  await hand.answer('over_40', 'Oui');
  await hand.answer('smoked', 'Oui');
  await everySize(page, 'tabac-interview');
  await hand.touch('Terminer le bilan', 'main');
  await hand.touch('Terminer ainsi');
  await hand.see('Un souffle à mesurer');
  expect(await hand.text(), 'five answers are no score').not.toMatch(/9 sur 10/);
  expect(await hand.text()).not.toMatch(/BPCO/);
  await everySize(page, 'tabac-interview-result');
  await hand.touch('Compléter le bilan');
  await hand.touch('Corriger');
  await page.locator('dialog[open] textarea, dialog[open] input[type=text]').first().fill('Réponse donnée ensuite').catch(() => undefined);
  await hand.touch('Corriger les réponses');
  await hand.answer('when_ill', 'Oui');
  await page.goBack();
  await hand.see('10 sur 10');
});

test('honest results, and a report that answers alone', async ({ server, tablet }) => {
  test.setTimeout(300_000);
  const { page, hand } = await settleIn(tablet, server.url, SOPHIE);
  await hand.touch('Sans tabac', 'nav');
  await hand.touch('Résultats et bilan');
  await hand.see('Rencontrées');
  await everySize(page, 'tabac-report');
  await page.locator('.chips .chip', { hasText: String(new Date().getFullYear() - 1) }).click();
  // Of the thirty: two have no date, one died, one cannot be found. Ten did not smoke more than five cigarettes in all.
  await hand.see('10 / 26');
  await hand.see('4 / 26');
  await everySize(page, 'tabac-report-past');
  for (const [words, extension] of [['Excel', '.xlsx'], ['CSV', '.csv']]) {
    const [file] = await Promise.all([page.waitForEvent('download'), hand.touch(words)]);
    expect(file.suggestedFilename()).toContain(extension);
    const bytes = readFileSync(await file.path());
    expect(bytes.length).toBeGreaterThan(500);
    if (extension === '.csv') expect(bytes.toString('utf8')).toContain('Marché de Saverdun');
  }
  await server.stop();
  await page.reload();
  await hand.until(`document.getElementById('passphrase')`, 'it does not ask for the passphrase', 60_000);
});

test('a draw is done again from its printed sheet', async ({ server, tablet }) => {
  test.setTimeout(300_000);
  const seed = 'chardon bleu 42';
  const { page, hand } = await settleIn(tablet, server.url, SOPHIE);
  await hand.touch('Sans tabac', 'nav');
  await hand.touch('Tirage au sort');
  await hand.see('participent', 60_000);
  await everySize(page, 'tabac-draw');
  await hand.touch('Arrêter la liste', 'main .draw-form');
  await hand.touch('Arrêter la liste', 'dialog[open]');
  await hand.see('Empreinte de la liste', 60_000);
  const printed = await sheet(page);
  const digest = /[0-9a-f]{8}( [0-9a-f]{8}){7}/.exec(printed)![0].replace(/ /g, '');
  expect(drawAgain(printed, seed).digest, 'the digest printed before the seed is said').toBe(digest);
  await everySize(page, 'tabac-draw-frozen');

  await page.getByLabel('Nom du témoin').fill('Maître Alary');
  await page.getByLabel('Graine dite par le témoin').fill(seed);
  await hand.touch('Tirer');
  await hand.touch('Tirer', 'dialog[open]');
  await hand.see('gagnants', 60_000);
  await everySize(page, 'tabac-drawn');
  const after = await sheet(page);
  const order = after.slice(after.indexOf('Ordre du tirage')).match(/\b[bcdfghjkmnpqrstv]{8}\b/g);
  expect(order).toEqual(drawAgain(printed, seed).order);
});

/** What the printer receives, as text. */
async function sheet(page: Page): Promise<string> {
  await page.emulateMedia({ media: 'print' });
  const text = await page.locator('article.print').innerText();
  await page.emulateMedia({ media: null });
  return text;
}

/** A day from today, as it is typed. */
function french(days: number): string {
  const day = new Date(Date.now() + days * 86_400_000);
  return day.toLocaleDateString('fr-FR');
}
