import { addPerson, enrol, lock, unlock, written, type Hand } from '../support/hand.js';
import { arrive, expect, test } from '../support/journey.js';
import { CLAIRE, everythingOf, fieldsOf, KARIM, type Account, type Operation, type Server } from '../support/server.js';

type Nurse = { account: Account; passphrase: string; people: string[] };

/** A person each at every turn: names that are nowhere else. */
const NURSES: [Nurse, Nurse] = [
  { account: CLAIRE, passphrase: 'chardon calcaire brebis lavogne', people: ['Roubichou', 'Castagnède', 'Peyregrosse'] },
  { account: KARIM, passphrase: 'galet torrent hêtre clarine', people: ['Barthazargues', 'Cantegril', 'Lespinasse'] },
];

test('two nurses share a tablet for a morning without network', async ({ server, tablet }) => {
  let { page, hand } = await arrive(tablet, `${server.url}/`);
  await enrol(hand, CLAIRE, NURSES[0].passphrase);
  await hand.see('Tout est envoyé', 60_000);
  await lock(hand);
  await hand.touch('Utiliser un autre compte');
  await enrol(hand, KARIM, NURSES[1].passphrase);
  await hand.see('Tout est envoyé', 60_000);
  await hand.until(`navigator.serviceWorker.controller`, 'no service worker');
  await lock(hand);
  await server.stop();

  const records: Record<string, string> = {};
  for (let turn = 0; turn < 3; turn++) {
    for (const [rank, nurse] of NURSES.entries()) {
      await unlock(hand, nurse.passphrase);
      if (turn === 2 && rank === 0) {
        // Killed in the middle of a form, she is back in it, whoever held the tablet in between.
        await hand.until(`location.pathname === '/saisie/${records[nurse.people[1]]}'`, 'the form does not come back');
        await hand.touch('Revenir à la fiche de la personne');
      }
      await hand.touch('Personnes', 'nav');
      await hand.see('Ajouter une personne');
      await sees(hand, nurse, turn, records);
      await addPerson(hand);
      await hand.answer('consent_record', 'Oui');
      await hand.type('i-family_name', nurse.people[turn]);
      await hand.leave();
      await written(hand);
      records[nurse.people[turn]] = new URL(hand.page.url()).pathname.split('/')[2];
      if (turn === 1 && rank === 0) {
        // The tablet falls: whoever takes it first, nobody is before the other's form.
        await tablet.kill();
        ({ page, hand } = await arrive(tablet, `${server.url}/`));
        await hand.until(`document.getElementById('passphrase')`, 'it opens by itself');
      } else {
        await lock(hand);
      }
    }
  }

  // Neither is let in by the address of what the other wrote.
  for (const [own, other] of [NURSES, [...NURSES].reverse()] as [Nurse, Nurse][]) {
    await page.goto(`${server.url}/saisie/${records[other.people[2]]}`);
    await unlock(hand, own.passphrase);
    await hand.until(`document.querySelector('nav')`, 'the notebook does not open');
    await written(hand);
    expect(await hand.text()).not.toContain(other.people[2]);
    expect(await held(page), 'nothing of the other is written in a field').not.toContain(other.people[2]);
    await page.goto(`${server.url}/`);
  }

  // The network is back: each sends her own when she opens, and only then.
  await server.resume();
  await unlock(hand, NURSES[0].passphrase);
  await hand.see('Tout est envoyé', 120_000);
  const early = (await logFor(server, KARIM)).filter((operation) => NURSES[1].people.some((name) => records[name] === operation.record_id));
  expect(early, 'a locked notebook sends nothing').toEqual([]);
  await lock(hand);
  await unlock(hand, NURSES[1].passphrase);
  await hand.see('Tout est envoyé', 120_000);

  for (const [own, other] of [NURSES, [...NURSES].reverse()] as [Nurse, Nurse][]) {
    const log = await logFor(server, own.account);
    const authors = new Set(own.people.flatMap((name) => log.filter(({ record_id }) => record_id === records[name]).map(({ author }) => author)));
    expect(authors.size, `${own.account.login} alone wrote them`).toBe(1);
    for (const name of own.people) expect(fieldsOf(log, records[name]).family_name).toBe(name);
    for (const name of other.people) expect(log.some(({ record_id }) => record_id === records[name]), `${name} is the other's`).toBe(false);
  }
});

/** Her people of the turns before, and nobody else's. */
async function sees(hand: Hand, nurse: Nurse, turn: number, records: Record<string, string>): Promise<void> {
  for (const name of nurse.people.slice(0, turn)) await hand.see(name);
  const text = await hand.text();
  for (const name of Object.keys(records).filter((name) => !nurse.people.includes(name))) expect(text).not.toContain(name);
}

function held(page: { evaluate(script: string): Promise<unknown> }): Promise<unknown> {
  return page.evaluate(`[...document.querySelectorAll('input, textarea')].map((field) => field.value).join(' ')`);
}

async function logFor(server: Server, account: Account): Promise<(Operation & { author: string })[]> {
  return (await everythingOf(server, account)) as (Operation & { author: string })[];
}
