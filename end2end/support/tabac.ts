import { randomUUID } from 'node:crypto';

import type { Hand } from './hand.js';
import { expect, type Seat } from './journey.js';
import { signIn, SOPHIE, type Server } from './server.js';

export const PLACE = 'Marché de Quatrebarbes';

export type Venue = { stand: string; edition: string };

/** Sophie writes this year's edition and the stand of today. */
export async function prepareStand(server: Server): Promise<Venue> {
  const { post, device } = await signIn(server, SOPHIE);
  const [stand, edition] = [randomUUID(), randomUUID()];
  const today = new Date().toLocaleDateString('sv');
  const year = Number(today.slice(0, 4));
  const create = (device_seq: number, record_id: string, record_kind: string, values: Record<string, unknown>) => ({
    op_id: randomUUID(), device_id: device, device_seq, record_id, record_kind, form_version: '2026.1', kind: 'create', device_time: Date.now(),
    fields: Object.fromEntries(Object.entries({ ...values, started_at: Date.now(), finished_at: Date.now() }).map(([name, value]) => [name, { value, base: null }])),
  });
  const operations = [
    create(1, edition, 'tabac-edition', { year, starts: `${year}-11-01`, ends: `${year}-11-30`, pack_price: 1350 }),
    create(2, stand, 'tabac-stand', { edition, on: today, place: PLACE, commune: 'Saverdun' }),
  ];
  const { fates } = (await post('/api/push', { operations })) as { fates: [string, { fate: string }][] };
  expect(fates.map(([, { fate }]) => fate)).toEqual(['applied', 'applied']);
  return { stand, edition };
}

/** From a notebook: opens the stand on this telephone, in the hands of a volunteer. */
export async function holdFor({ page, hand }: Seat, venue: Venue, volunteer: string): Promise<void> {
  expect(venue.stand).toBeTruthy();
  await hand.touch('Plus', 'nav');
  await hand.touch('Envoyer maintenant');
  await hand.see('Tout est envoyé', 60_000);
  await hand.touch('Sans tabac', 'nav');
  await hand.touch('Ouvrir un stand');
  await hand.see('Pour quel stand ?');
  await page.getByRole('radio', { name: PLACE }).check();
  await hand.until(`document.getElementById('stand-name').value === '${PLACE}'`, 'the stand takes no name');
  await hand.type('stand-volunteers', volunteer);
  await hand.touch('Verrouiller mon carnet et ouvrir le stand');
  await hand.touch(volunteer);
  await hand.see('Inscrire');
}

/** One sign-up at a stand, from its button to « C’est noté ». */
export async function signUp(hand: Hand, who: { name: string; phone: string; share: 'Oui' | 'Non' }): Promise<void> {
  await hand.touch('Inscrire');
  await describe(hand, who);
  await hand.touch('Enregistrer');
  await hand.see('C’est noté');
}

/** Fills the form of a sign-up; `alone`: on her own telephone, where nobody gives her a kit. */
export async function describe(hand: Hand, who: { name: string; phone: string; share: 'Oui' | 'Non' }, alone = false): Promise<void> {
  await hand.answer('age', '18 ans ou plus');
  await hand.type('i-who_given_name', who.name);
  await hand.type('i-who_phone', who.phone);
  await hand.type('i-who_commune', 'Venerque');
  await hand.touch('Suivant');
  await hand.answer('consent_call', 'Oui');
  await hand.answer('consent_draw', 'Oui');
  await hand.answer('consent_share', who.share);
  await hand.touch('Suivant');
  await hand.touch('20', '#q-cigarettes');
  await hand.answer('first_cigarette', '6 à 30 min');
  await hand.touch('Suivant');
  await hand.answer('importance', '8');
  await hand.answer('confidence', '6');
  if (alone) return;
  await hand.touch('Suivant');
  await hand.answer('kit', 'Oui');
}

/** Opens the list of the challengers; its line in the hub also says how many wait to be entrusted. */
export async function challengers({ page, hand }: Seat): Promise<void> {
  await hand.touch('Sans tabac', 'nav');
  await page.locator('main a[href="/programme/tabac/challengers"]').click();
  await page.waitForURL('**/challengers');
}

/** Opens what can be done for a challenger. */
export async function actions(seat: Seat, name: string): Promise<void> {
  const { hand } = seat;
  await challengers(seat);
  await hand.touch(`Que faire pour ${name}`);
}

/** Notes a call of a challenger, and ends it as it was filled. */
export async function note(seat: Seat, name: string, fill: () => Promise<void>): Promise<void> {
  const { page, hand } = seat;
  await actions(seat, name);
  await hand.touch('Noter un appel');
  await page.waitForURL('**/saisie/*');
  await fill();
  await hand.touch('Terminer l’appel');
  const unanswered = page.getByRole('button', { name: 'Terminer ainsi' });
  if (await unanswered.isVisible({ timeout: 2_000 }).catch(() => false)) await unanswered.click();
}
