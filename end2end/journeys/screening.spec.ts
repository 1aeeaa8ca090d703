import { expect, test } from '@playwright/test';

import { ChromiumTablet, FirefoxTablet, type Tablet } from '../support/browser.js';
import { addPerson, enrol, Hand, unlock, written, type AnyPage } from '../support/hand.js';
import { CLAIRE, everythingOf, fieldsOf, Server, type Operation } from '../support/server.js';

const ENGINES: [string, () => boolean, () => Tablet][] = [
  ['Chromium', () => true, () => new ChromiumTablet()],
  ['Firefox', () => FirefoxTablet.available(), () => new FirefoxTablet()],
];

/** What the nurse touches, and what the server must hold for it. */
type Line = { question: string; answer: string; held: unknown };
const BEFORE_THE_KILL: Line[] = [
  { question: 'place', answer: 'Domicile', held: 'home' },
  { question: 'mode', answer: 'Un professionnel', held: 'professional' },
  { question: 'helper', answer: 'Non', held: 'no' },
  { question: 'memory_complaint', answer: 'Oui', held: 'yes' },
  { question: 'memory_worse', answer: 'Non', held: 'no' },
];
const ORIENTATION: Line[] = [
  { question: 'orientation_year', answer: 'Juste', held: 'right' },
  { question: 'orientation_month', answer: 'Juste', held: 'right' },
  { question: 'orientation_day', answer: 'Juste', held: 'right' },
  { question: 'orientation_weekday', answer: 'Juste', held: 'right' },
  { question: 'orientation_place', answer: 'Juste', held: 'right' },
];
const AFTER_THE_KILL: Line[] = [
  { question: 'chair_safe', answer: 'Oui', held: 'yes' },
  { question: 'chair_result', answer: 'Fait', held: 'done' },
];
const AFTER_THE_CHAIR: Line[] = [
  { question: 'chair_arms', answer: 'Non', held: 'no' },
  { question: 'weight_loss', answer: 'Non', held: 'no' },
  { question: 'appetite_loss', answer: 'Oui', held: 'yes' },
  { question: 'vision_far', answer: 'Non', held: 'no' },
  { question: 'vision_near', answer: 'Non', held: 'no' },
  { question: 'eye_disease', answer: 'Non', held: 'no' },
  { question: 'eye_treatment', answer: 'Non', held: 'no' },
  { question: 'hearing_method', answer: 'Chuchotement', held: 'whisper' },
  { question: 'hearing_right', answer: 'Entendu', held: 'heard' },
  { question: 'hearing_left', answer: 'Non fait', held: 'not-done' },
  { question: 'hearing_aid', answer: 'Non', held: 'no' },
  { question: 'mood_down', answer: 'Non', held: 'no' },
  { question: 'mood_interest', answer: 'Non', held: 'no' },
  { question: 'recall', answer: '3 mots', held: 3 },
];
const CONSENTS = ['consent_inform_gp', 'consent_call_back', 'consent_share_named', 'consent_statistics'];

for (const [engine, available, tablet] of ENGINES) {
  test(`a screening survives no network, a cold start and a kill, in ${engine}`, async () => {
    test.skip(!available(), `${engine} is not on this machine`);
    const server = await Server.start();
    const device = tablet();
    try {
      let hand = new Hand((await device.open(`${server.url}/`)) as unknown as AnyPage);
      await enrol(hand, CLAIRE);
      await hand.see('Tout est envoyé', 40_000);
      await hand.until(`navigator.serviceWorker.controller || navigator.serviceWorker.ready`, 'no service worker');
      await hand.until(`caches.keys().then((keys) => keys.length > 0)`, 'nothing is kept for a start without network');

      // The network is lost, and the application starts cold.
      await server.stop();
      await device.kill();
      hand = new Hand((await device.open(`${server.url}/`)) as unknown as AnyPage);
      await unlock(hand);
      await hand.see('Hors connexion', 40_000);

      // A new person, with her consent, then the screening.
      await addPerson(hand);
      await newPerson(hand);
      await hand.touch('Commencer le repérage');
      await hand.until(`location.pathname.startsWith('/saisie/') && document.getElementById('q-place')`, 'the form does not open');
      const record = new URL(hand.page.url()).pathname.split('/')[2];
      await fill(hand, BEFORE_THE_KILL.slice(0, 3));
      for (const consent of CONSENTS) await hand.answer(consent, 'Oui');
      await fill(hand, BEFORE_THE_KILL.slice(3));
      await hand.touch('Montrer les trois mots');
      await hand.touch('Effacer maintenant');
      await fill(hand, ORIENTATION);
      await hand.until(`text(document.querySelector('.saved')).includes('Enregistré à')`, '« Enregistré » never came');
      await written(hand);

      // The browser is killed in the middle; she comes back at the same question.
      await device.kill();
      hand = new Hand((await device.open(`${server.url}/`)) as unknown as AnyPage);
      await unlock(hand);
      await hand.until(`location.pathname === '/saisie/${record}'`, 'she does not come back to the form');
      await hand.until(`document.querySelector('#q-chair_safe.current')`, 'she does not come back at the same question');
      for (const line of [...BEFORE_THE_KILL, ...ORIENTATION]) {
        await hand.until(`[...document.querySelectorAll('#q-${line.question} label')].some((label) =>
          says(label, ${JSON.stringify(line.answer)}) && label.querySelector('input').checked)`, `${line.question} is lost`);
      }

      await fill(hand, AFTER_THE_KILL);
      await chair(hand);
      await fill(hand, AFTER_THE_CHAIR.slice(0, 3));
      await hand.type('i-weight', '59,4');
      await hand.leave();
      await fill(hand, AFTER_THE_CHAIR.slice(3));
      await hand.touch('Terminer le repérage');
      await hand.until(`location.pathname === '/fiche/${record}'`, 'the result does not open');
      await hand.see('Appétit');
      await hand.see('non évalué');

      // The network is back: the server has every answer.
      await server.resume();
      await hand.see('Tout est envoyé', 120_000);
      const operations = await everythingOf(server, CLAIRE);
      const held = fieldsOf(operations, record);
      for (const line of [...BEFORE_THE_KILL, ...ORIENTATION, ...AFTER_THE_KILL, ...AFTER_THE_CHAIR]) {
        expect.soft(held[line.question], line.question).toEqual(line.held);
      }
      expect(held.weight).toBe(594);
      expect(held.chair_time).toBeGreaterThanOrEqual(10);
      expect(['fleur-porte-riz', 'citron-cle-ballon', 'cigare-fleur-porte', 'fauteuil-tulipe-canard']).toContain(held.words);
      expect(held.finished_at).toBeGreaterThan(Number(held.started_at));
      const person = fieldsOf(operations, String(held.parent));
      expect(person).toMatchObject({ family_name: 'Fabre-Lacaze', given_name: 'Huguette', birth_date: '1941-03-12', commune: 'Miremont' });
      expect(consentsOf(operations, String(held.parent))).toEqual({
        record: 'yes', 'inform-gp': 'yes', 'call-back': 'yes', 'share-named': 'yes', statistics: 'yes',
      });
      const unexpected = Object.keys(held).filter((name) => !known(name));
      expect(unexpected, 'fields nobody typed').toEqual([]);
      report(operations, record);
    } finally {
      await device.clear();
      await server.clear();
    }
  });
}

async function fill(hand: Hand, lines: Line[]): Promise<void> {
  for (const line of lines) await hand.answer(line.question, line.answer);
}

async function newPerson(hand: Hand): Promise<void> {
  await hand.answer('consent_record', 'Oui');
  await hand.answer('civility', 'Mme');
  await hand.type('i-family_name', 'Fabre-Lacaze');
  await hand.type('i-given_name', 'Huguette');
  await hand.type('i-birth_date', '12/03/1941');
  await hand.type('i-commune', 'Miremont');
  await hand.leave();
  await hand.answer('lives_alone', 'Oui');
  await hand.answer('carer', 'Non');
  await hand.answer('gp', 'N’a pas de médecin traitant');
  await hand.touch('Terminer la fiche');
  await hand.until(`location.pathname.startsWith('/personnes/')`, 'the person does not open');
}

/** The stopwatch, touched for a little more than a second. */
async function chair(hand: Hand): Promise<void> {
  await hand.touch('Ouvrir le chronomètre');
  await hand.until(`document.querySelector('.stopwatch.ready')`, 'the stopwatch does not open');
  await hand.page.evaluate(`document.getElementById('stopwatch-touch').click()`);
  await new Promise((next) => setTimeout(next, 1_200));
  await hand.until(`document.querySelector('.stopwatch.running')`, 'the stopwatch does not run');
  await hand.page.evaluate(`document.getElementById('stopwatch-touch').click()`);
  await hand.until(`document.getElementById('stopwatch-keep')`, 'the stopwatch does not stop');
  await hand.page.evaluate(`document.getElementById('stopwatch-keep').click()`);
  await hand.until(`!document.querySelector('.stopwatch')`, 'the stopwatch stays');
}

function consentsOf(operations: Operation[], person: string): Record<string, unknown> {
  const consents = new Set(
    operations.filter((operation) => operation.record_kind === 'consent' && operation.fields?.parent?.value === person).map((operation) => operation.record_id),
  );
  return Object.fromEntries([...consents].map((consent) => fieldsOf(operations, consent)).map((fields) => [fields.purpose, fields.answer]));
}

function known(name: string): boolean {
  const typed = [...BEFORE_THE_KILL, ...ORIENTATION, ...AFTER_THE_KILL, ...AFTER_THE_CHAIR].map((line) => line.question);
  return [...typed, 'words', 'chair_time', 'weight', 'parent', 'started_at', 'finished_at'].includes(name);
}

/** Figures of the README: what one whole screening costs. */
function report(operations: Operation[], record: string): void {
  const own = operations.filter((operation) => operation.record_id === record);
  expect(own.length, 'tens of operations, not hundreds').toBeLessThan(100);
  console.log(`one whole screening: ${own.length} operations, ${JSON.stringify(own).length} bytes of JSON`);
}
