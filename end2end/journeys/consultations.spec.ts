import { ADMIN, ask } from '../support/accounts.js';
import { ChromiumTablet } from '../support/browser.js';
import { addPerson, unlock, written } from '../support/hand.js';
import { expect, handOn, personOf, settleIn, test } from '../support/journey.js';
import { everySize } from '../support/screen.js';
import { CLAIRE, everythingOf, KARIM, tokenOf, type Server } from '../support/server.js';

/** What is told of entries that are not sent. */
const WAITING = /\d saisies? en attente/;

test('what is opened and printed without a network is told when it comes back, whatever happened to the tablet', async ({ server, tablet }) => {
  const office = new ChromiumTablet();
  try {
    const { page, hand } = await settleIn(tablet, server.url, CLAIRE);
    await server.stop();
    await personOf({ page, hand }, 'Salvan');
    const salvan = new URL(page.url()).pathname.split('/')[2];
    // Printed as a browser prints.
    await page.pdf();
    // A list on paper names everybody on it, and she is not opened for that.
    await hand.touch('Personnes', 'nav');
    await page.getByRole('link', { name: 'Pons' }).first().waitFor();
    const pons = (await page.getByRole('link', { name: 'Pons' }).first().getAttribute('href'))!.split('/').pop()!;
    await page.pdf();
    await written(hand);
    expect(await hand.text(), 'nothing of it is hers to send').not.toMatch(WAITING);

    // Killed, and begun again without the server.
    await tablet.kill();
    const again = handOn(await tablet.open(server.url));
    await unlock(again);
    await again.touch('Plus', 'nav');
    await again.see('Verrouiller maintenant');
    expect(await again.text()).not.toMatch(WAITING);
    await server.resume();
    await again.touch('Envoyer maintenant');
    await again.see('Tout est envoyé', 60_000);

    const claire = await tokenOf(server, CLAIRE);
    expect(await consulted(server, claire, salvan)).toEqual(['opened', 'printed', 'printed']);
    expect(await consulted(server, claire, pons)).toEqual(['printed']);
    const everything = await everythingOf(server, CLAIRE);
    expect(everything.filter((operation) => operation.record_kind === 'trace')).toEqual([]);

    // The administration reads it with the number of the record and no name; she, on the person.
    const told = await settleIn(office, server.url, ADMIN);
    await told.hand.touch('Plus', 'nav');
    await told.page.getByRole('link', { name: 'Journal' }).click();
    await told.hand.see('A imprimé');
    const line = (what: string) => told.page.getByRole('listitem').filter({ hasText: what }).filter({ hasText: salvan });
    expect(await line('A imprimé').count()).toBe(2);
    expect(await line('A consulté').count()).toBe(1);
    await expect(line('A consulté')).toContainText('Claire Vidal');
    expect(await told.hand.text()).not.toContain('Salvan');
    const readers = await tablet.open(`${server.url}/fiche/${salvan}/consultations`);
    await unlock(handOn(readers));
    await handOn(readers).see('A imprimé');
    await handOn(readers).see('A consulté');
    await everySize(readers, 'consultations');
  } finally {
    await office.clear();
  }
});

test('a record is told once a day as long as the notebook stays open, and a draft is nobody else’s', async ({ server, tablet }) => {
  const { page, hand } = await settleIn(tablet, server.url, KARIM);
  await personOf({ page, hand }, 'Bousquet');
  const bousquet = new URL(page.url()).pathname.split('/')[2];
  await hand.touch('Modifier la fiche');
  await hand.until(`document.getElementById('i-commune')`, 'the form does not open');
  await hand.touch('Revenir à la fiche de la personne');
  await hand.see('Équipe de soins');
  await personOf({ page, hand }, 'Bousquet');
  // Of a person who was never asked, nothing leaves: not even that she was looked at.
  await addPerson(hand);
  const draft = new URL(page.url()).pathname.split('/')[2];
  await hand.touch('Revenir à la fiche de la personne');
  await hand.see('Son accord n’est pas encore noté');
  await page.pdf();
  await written(hand);
  await hand.touch('Plus', 'nav');
  await hand.touch('Envoyer maintenant');
  const karim = await tokenOf(server, KARIM);
  await expect.poll(() => consulted(server, karim, bousquet)).toEqual(['opened']);
  const admin = await tokenOf(server, ADMIN);
  const whole = await (await ask(server, admin, 'GET', '/api/audit')).text();
  expect(whole).not.toContain(draft);
});

/** What was done to a record beside writing it, oldest first. */
async function consulted(server: Server, token: string, record: string): Promise<string[]> {
  const audit = (await (await ask(server, token, 'GET', `/api/audit?record=${record}`)).json()) as { entries: { event: string }[] };
  return audit.entries.map(({ event }) => event).filter((event) => event !== 'changed').reverse();
}
