import type { Locator } from '@playwright/test';

import { ChromiumTablet, PHONE } from '../support/browser.js';
import { unlock } from '../support/hand.js';
import { expect, sendAll, settleIn, test, type Seat } from '../support/journey.js';
import { CLAIRE, LEA, SOPHIE } from '../support/server.js';
import { actions, challengers, holdFor, note, prepareStand, signUp } from '../support/tabac.js';

test('five cigarettes do not end a challenge, the sixth defers it, and vaping is not smoking', async ({ server, tablet }) => {
  test.setTimeout(400_000);
  const seat = await settleIn(tablet, server.url, LEA);
  const { hand } = seat;
  await note(seat, 'Thierry', async () => {
    await hand.answer('outcome', 'Joint(e)');
    await hand.answer('smoked_since', 'Un nombre connu');
    await hand.touch('5', '#q-cigarettes');
    await hand.touch('1', '#q-days_smoked');
    await hand.answer('other_tobacco', 'Aucun');
    await hand.answer('vaping', 'Oui');
  });
  await hand.see('Jusqu’à 5 en tout, le défi continue');
  await actions(seat, 'Thierry');
  await expect(line(seat, 'Thierry')).toContainText('Le défi continue');
  await note(seat, 'Thierry', async () => {
    await hand.answer('outcome', 'Joint(e)');
    await hand.answer('smoked_since', 'Un nombre connu');
    await hand.touch('1', '#q-cigarettes');
    await hand.answer('other_tobacco', 'Aucun');
  });
  await hand.see('1 cigarette depuis le dernier contact');
  await actions(seat, 'Thierry');
  await expect(line(seat, 'Thierry'), 'six in all').toContainText('Succès différé');
  expect(await hand.text()).not.toMatch(/échec|rechute/i);

  // Who only vapes has smoked nothing.
  await note(seat, 'Maëlys', async () => {
    await hand.answer('outcome', 'Joint(e)');
    await hand.answer('smoked_since', 'Aucune cigarette');
    await hand.answer('other_tobacco', 'Aucun');
    await hand.answer('smoked_7_days', 'Non');
    await hand.answer('vaping', 'Oui');
  });
  await actions(seat, 'Maëlys');
  await hand.touch('Écran à montrer');
  await hand.see('19 jours sans fumer');
});

test('the carbon monoxide tells its band, nine and ten apart', async ({ server, tablet }) => {
  test.setTimeout(300_000);
  const seat = await settleIn(tablet, server.url, LEA);
  const { hand } = seat;
  for (const [name, ppm] of [['Sonia', '9'], ['Yacine', '10']] as const) {
    await note(seat, name, async () => {
      await hand.answer('outcome', 'Joint(e)');
      await hand.answer('smoked_since', 'Aucune cigarette');
      await hand.answer('other_tobacco', 'Aucun');
      await hand.answer('smoked_7_days', 'Non');
      await hand.type('i-co_ppm', ppm);
    });
    await hand.see(`${ppm} ppm`);
    await hand.see('compatible avec');
  }
});

test('whoever died, or takes back her consent, is on no list of calls', async ({ server, tablet }) => {
  test.setTimeout(400_000);
  const seat = await settleIn(tablet, server.url, LEA);
  const { page, hand } = seat;
  const before = await toCall(seat);
  for (const name of ['Jean-Marc', 'Patrick']) expect(before).toContain(name);
  await note(seat, 'Patrick', () => hand.answer('outcome', 'Décès'));
  await actions(seat, 'Patrick');
  expect(await hand.text()).toContain('Décès');

  await page.locator('a.line', { hasText: 'Jean-Marc' }).click();
  await page.getByRole('button', { name: 'Retirer l’accord : Rappel' }).click();
  await hand.touch('Retirer l’accord', 'dialog[open]');
  await hand.see('Redonner');
  expect(await toCall(seat)).not.toMatch(/Jean-Marc|Patrick/);
  await hand.touch('Aujourd’hui', 'nav');
  expect(await page.locator('main').innerText()).not.toMatch(/Jean-Marc|Patrick/);
  await sendAll(hand);
});

test('the coordination gives a challenger to somebody, then to somebody else: the first has her no more', async ({ server, tablet }) => {
  test.setTimeout(400_000);
  const other = new ChromiumTablet(PHONE);
  try {
    const [sophie, lea] = [await settleIn(tablet, server.url, SOPHIE), await settleIn(other, server.url, LEA)];
    await sophie.hand.see('3 à confier');
    await confide(sophie, 'Sabrina', 'Léa Fontan');
    await sophie.hand.touch('Aujourd’hui', 'nav');
    await sophie.hand.see('2 à confier');
    await sendAll(lea.hand);
    await actions(lea, 'Sabrina');

    await confide(sophie, 'Sabrina', 'Claire Vidal');
    await sendAll(lea.hand);
    await challengers(lea);
    await lea.hand.see('Sonia');
    await expect(line(lea, 'Sabrina')).toHaveCount(0);
  } finally {
    await other.clear();
  }
});

test('one person signed up twice, her telephone written in two ways, is told and made one', async ({ server, tablet }) => {
  test.setTimeout(400_000);
  const venue = await prepareStand(server);
  const seat = await settleIn(tablet, server.url, CLAIRE);
  const { page, hand } = seat;
  await holdFor(seat, venue, 'Zoé');
  for (const phone of ['06 39 98 41 27', '+33639984127']) {
    await signUp(hand, { name: 'Ginette', phone, share: 'Oui' });
    await hand.touch('Personne suivante');
  }
  await hand.see('Tout est envoyé', 60_000);
  await hand.touch('Fermer le stand');
  await hand.touch('Fermer', 'dialog');
  await hand.touch('Oui, fermer le stand');
  await hand.see('Carnet verrouillé', 60_000);
  await unlock(hand);
  await sendAll(hand);
  await challengers(seat);
  await page.locator('button.chip', { hasText: 'Doublons possibles' }).click();
  const lines = page.locator('li.follow-line', { hasText: 'Ginette' });
  await expect(lines).toHaveCount(2);
  // Two questions out of six tell the HSI, and no Fagerström.
  await lines.first().locator('a.line').click();
  await page.locator('a.line', { hasText: 'Inscription' }).first().click();
  await hand.see('20 cigarettes par jour');
  await hand.see('sur 6');
  expect(await hand.text()).not.toMatch(/sur 10/);

  await actions(seat, 'Ginette');
  await hand.touch('Comparer les fiches');
  await page.locator('main button.line', { hasText: 'Ginette' }).first().click();
  await hand.see('Quelle fiche garder ?');
  await hand.touch('Réunir les deux fiches');
  await hand.see('Fusionnée avec Ginette');
  await challengers(seat);
  await hand.see('Doublons possibles 0');
  await expect(lines).toHaveCount(1);
});

function line({ page }: Seat, name: string): Locator {
  return page.locator('li.follow-line', { hasText: name });
}

/** What is left to do today. */
async function toCall({ page, hand }: Seat): Promise<string> {
  await hand.touch('Sans tabac', 'nav');
  await hand.touch('Appels du jour');
  await hand.see('Déjà possibles');
  const parts = await page.locator('section.calls').allInnerTexts();
  return parts.filter((part) => !part.startsWith('Faits')).join(' ');
}

/** The coordination entrusts somebody, and sends it. */
async function confide(seat: Seat, name: string, to: string): Promise<void> {
  const { page, hand } = seat;
  await actions(seat, name);
  await page.getByRole('button', { name: /^Confier à un/ }).click();
  await page.locator('main button.line', { hasText: to }).click();
  await hand.touch(`Confier à ${to}`);
  await hand.see(`est dans la liste de ${to}`);
  await sendAll(hand);
}
