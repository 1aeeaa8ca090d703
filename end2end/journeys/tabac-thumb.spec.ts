import type { Page } from '@playwright/test';

import { ChromiumTablet, PHONE } from '../support/browser.js';
import { search } from '../support/disk.js';
import type { Hand } from '../support/hand.js';
import { expect, settleIn, test, type Seat } from '../support/journey.js';
import { everythingOf, fieldsOf, SOPHIE } from '../support/server.js';
import { holdFor, prepareStand, signUp } from '../support/tabac.js';
import { Thumb } from '../support/thumb.js';

/** Distinctive: nowhere in the application nor in the browser. */
const NAMES = ['Quatrebarbine', 'Pimprenellou', 'Courtecuissette', 'Lavognette', 'Muettine', 'Fanfrelou', 'Guilledine', 'Hurluberte', 'Jarretiere', 'Zinzolin'];

test.use({ size: PHONE });

test('a sign-up with one thumb takes less than a minute', async ({ server, tablet }) => {
  test.setTimeout(300_000);
  const venue = await prepareStand(server);
  const seat = await settleIn(tablet, server.url, SOPHIE);
  await holdFor(seat, venue, 'Inès');
  await server.stop();

  const thumb = new Thumb(seat.page);
  await thumb.touch('Inscrire');
  await thumb.answer('age', '18 ans ou plus');
  await thumb.type('i-who_given_name', 'Nadège');
  await thumb.type('i-who_phone', '0639984127');
  await thumb.type('i-who_commune', 'Venerque');
  await thumb.touch('Suivant');
  await thumb.answer('consent_call', 'Oui');
  await thumb.answer('consent_draw', 'Oui');
  await thumb.answer('consent_share', 'Non');
  await thumb.touch('Suivant');
  await thumb.answer('cigarettes', '20');
  await thumb.answer('first_cigarette', '6 à 30 min');
  await thumb.touch('Suivant');
  await expect(seat.page.locator('#i-quit_on'), 'the day to stop is in sight before anything is touched').toBeInViewport({ ratio: 1 });
  await thumb.answer('importance', '8');
  await thumb.answer('confidence', '6');
  await thumb.touch('Suivant');
  await thumb.answer('kit', 'Oui');
  await thumb.touch('Enregistrer');
  await seat.hand.see('C’est noté');
  console.log(`one thumb: ${thumb.taps} taps, ${thumb.fields} fields typed, ${thumb.seconds.toFixed(1)} s at human speed`);
  expect(thumb.seconds).toBeLessThan(60);
  expect(thumb.smallest, 'every target is large enough for a thumb').toBeGreaterThanOrEqual(48);
});

test('ten people signed up by two telephones without a network are ten people', async ({ server, tablet }) => {
  test.setTimeout(600_000);
  const venue = await prepareStand(server);
  const other = new ChromiumTablet(PHONE);
  try {
    const seats: Seat[] = [await settleIn(tablet, server.url, SOPHIE), await settleIn(other, server.url, SOPHIE)];
    for (const [rank, seat] of seats.entries()) await holdFor(seat, venue, ['Inès', 'Marc'][rank]);
    await server.stop();
    for (const [rank, name] of NAMES.entries()) {
      const { hand, page } = seats[rank % 2];
      await signUp(hand, { name, phone: `06399850${String(rank).padStart(2, '0')}`, share: 'Oui' });
      await hand.touch('Personne suivante');
      await hand.see('Inscrire');
      if (rank % 5 === 4) await count(page, hand, 3);
    }
    await seats[0].hand.see('5 inscriptions');
    await seats[1].hand.see('5 inscriptions');
    await server.resume();
    for (const { hand } of seats) await hand.see('Tout est envoyé', 120_000);

    const log = await everythingOf(server, SOPHIE);
    const created = (kind: string) => log.filter((one) => one.kind === 'create' && one.record_kind === kind).map(({ record_id }) => fieldsOf(log, record_id));
    const ours = created('tabac-challenger').filter(({ stand }) => stand === venue.stand);
    const names = ours.map(({ parent }) => fieldsOf(log, String(parent)).given_name);
    expect(names.sort(), 'everybody, nobody twice').toEqual([...NAMES].sort());
    expect(ours.every(({ finished_at }) => Boolean(finished_at))).toBe(true);
    const tallies = created('tabac-tally').filter(({ parent }) => parent === venue.stand);
    expect(tallies.reduce((sum, { met }) => sum + Number(met ?? 0), 0), 'two telephones that count at once add up').toBe(6);

    for (const phone of [tablet, other]) {
      await phone.close();
      const { found } = search(phone.profile, NAMES);
      expect(Object.values(found).flat(), 'a sealed stand keeps no name on the disk').toEqual([]);
    }
  } finally {
    await other.clear();
  }
});

async function count(page: Page, hand: Hand, times: number): Promise<void> {
  await hand.touch('Compter');
  for (let met = 0; met < times; met++) await page.locator('#q-met').getByRole('button', { name: 'Un de plus' }).click();
  await hand.touch('Enregistrer');
  await hand.see('Inscrire');
}
