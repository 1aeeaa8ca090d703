import type { Page } from '@playwright/test';

import { drop, extract, keepInstead, ofVersion, publicDatabase, type Row } from '../support/annuaire.js';
import { PHONE } from '../support/browser.js';
import { unlock, type Hand } from '../support/hand.js';
import { arrive, expect, settleIn, test } from '../support/journey.js';
import { Proxy } from '../support/proxy.js';
import { Console, everySize } from '../support/screen.js';
import { type Account, CLAIRE, type Server, SOPHIE, tokenOf } from '../support/server.js';

const BOX = 'annuaire-box';

/** What the members know of Léa Fontanier and the public does not. */
const COLLEAGUES = { spaced: '06 39 98 12 40', raw: '+33639981240' };
const MSSANTE = 'lea.fontanier@demo.mssante.fr';

test.describe('on a phone', () => {
  test.use({ size: PHONE });

  test('a colleague is found and called without a network, after a cold start', async ({ server, tablet }) => {
    let { page, hand } = await settleIn(tablet, server.url, CLAIRE);
    await hand.touch('Annuaire', 'nav');
    await hand.see('fiches');
    await kept(page);
    await tablet.kill();
    await server.stop();
    ({ page, hand } = await arrive(tablet, `${server.url}/annuaire`));
    await unlock(hand);
    const console = new Console();
    console.listen(page);
    console.offline = true;
    await hand.see('fiches', 60_000);

    // Typed as people type: no accent, a nickname of the trade, the place.
    await hand.type(BOX, 'kine auterive');
    await hand.see('Léa Fontanier');
    await hand.until(`location.search === '?q=kine%20auterive'`, 'the address does not follow what is typed');
    const before = await count(hand);

    // A filter says its count before it is touched, and is kept in the address.
    const chip = page.locator('.chips .chip', { hasText: 'À domicile' }).first();
    const promised = Number(/\d+/.exec(await chip.innerText())![0]);
    expect(promised).toBeLessThanOrEqual(before);
    await chip.click();
    await hand.until(`location.search.includes('d=1')`, 'the filter is not in the address');
    expect(await count(hand)).toBe(promised);
    await expect(chip).toHaveAttribute('aria-pressed', 'true');
    await page.reload();
    await unlock(hand);
    await hand.see('Léa Fontanier', 60_000);
    await expect(page.locator(`#${BOX}`)).toHaveValue('kine auterive');
    expect(await count(hand)).toBe(promised);

    // The number is one touch away in the list, and in full on the card.
    await expect(page.getByRole('link', { name: /^Appeler Léa Fontanier/ })).toHaveAttribute('href', 'tel:+33536491240');
    await page.getByRole('link', { name: /^Léa Fontanier/ }).click();
    await hand.see('Appeler');
    await expect(page.locator('.call-main')).toHaveAttribute('href', 'tel:+33536491240');
    await expect(page.getByRole('link', { name: `Confrères, appeler le ${COLLEAGUES.spaced}` })).toHaveAttribute('href', `tel:${COLLEAGUES.raw}`);
    await hand.see(MSSANTE);
    await expect(page.locator('.three a[href^="geo:"]')).toBeVisible();
    await page.goBack();
    await hand.until(`document.activeElement?.textContent.includes('Léa Fontanier')`, 'the focus does not come back to the line');
    expect(new URL(page.url()).search).toContain('d=1');

    // Nothing found: said, and widened by one touch.
    await hand.type(BOX, 'xylophone');
    await hand.see('Aucune fiche ne répond à cette recherche.');
    await hand.touch('Voir', '.wider');
    await hand.see('Léa Fontanier');
    expect(console.complaints).toEqual([]);
  });

  test('an error signalled in the car park reaches the coordination', async ({ server, tablet }) => {
    const { page, hand } = await settleIn(tablet, server.url, CLAIRE);
    await openCard(page, hand, 'Léa Fontanier');
    await server.stop();
    await hand.touch('Signaler une erreur');
    await hand.touch('Envoyer à la coordination');
    await hand.see('Choisissez ce qui ne va pas.');
    await hand.touch('Numéro faux', 'dialog[open]');
    await hand.type('report-text', 'Une autre personne répond.');
    await hand.touch('Envoyer à la coordination');
    await hand.see('Merci, c’est noté.');
    await hand.see('1 saisie en attente', 60_000);
    await server.resume();
    await hand.see('Tout est envoyé', 90_000);
    const reports = await (await askedBy(server, SOPHIE, '/api/annuaire/reports')).json();
    expect(reports.reports[0]).toMatchObject({ what: 'number', text: 'Une autre personne répond.', author: 'Claire Vidal' });
    expect(reports.reports[0].who).toContain('Fontanier');
  });
});

test('a vCard holds what an address book reads', async ({ server, tablet }) => {
  const { page, hand } = await settleIn(tablet, server.url, CLAIRE);
  await openCard(page, hand, 'Léa Fontanier');
  const [download] = await Promise.all([page.waitForEvent('download'), hand.touch('Contact (vCard)')]);
  expect(download.suggestedFilename()).toBe('lea-fontanier.vcf');
});

test('the public page holds nothing of the members, on the wire and on the disk', async ({ server, tablet }) => {
  const { page, hand } = await arrive(tablet, `${server.url}/`);
  const answers: string[] = [];
  const asked: string[] = [];
  page.on('response', async (response) => {
    const path = new URL(response.url()).pathname;
    if (path.startsWith('/api/')) {
      asked.push(path);
      answers.push(await response.text().catch(() => ''));
    }
  });
  await hand.touch('Consulter l’annuaire public');
  await hand.see('fiches', 60_000);
  await hand.type(BOX, 'fontanier');
  await page.getByRole('link', { name: /^Léa Fontanier/ }).click();
  await hand.see('Appeler');
  await everySize(page, 'annuaire-public-card');
  // The sign-in page, where she began, asks which doors are open.
  expect([...new Set(asked)].sort()).toEqual(['/api/doors', '/api/public/annuaire']);
  const wire = answers.join('\n');
  const disk = await publicDatabase(page);
  for (const [where, text] of [['the wire', wire], ['the disk', disk], ['the page', await hand.text()]]) {
    expect(text, `${where} holds the card`).toMatch(/fontanier/i);
    for (const secret of [COLLEAGUES.raw, COLLEAGUES.spaced, MSSANTE, 'visibility']) {
      expect(text, `${where} holds what is for the members`).not.toContain(secret);
    }
  }
  // The members' file does hold them: the search would find.
  const members = await (await askedBy(server, CLAIRE, '/api/annuaire')).text();
  expect(members).toContain(COLLEAGUES.raw);
  expect(members).toContain(MSSANTE);

  // Cold and without a network, after one visit.
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await expect.poll(() => page.evaluate(() => Boolean(navigator.serviceWorker.controller)), { timeout: 30_000 }).toBe(true);
  await tablet.kill();
  await server.stop();
  const cold = await arrive(tablet, `${server.url}/public`);
  await cold.hand.see('fiches', 60_000);
  await cold.hand.type(BOX, 'fontanier');
  await cold.hand.see('Léa Fontanier');
});

test('a file of a newer version is left, and the old one stays', async ({ server, tablet }) => {
  const proxy = await Proxy.before(server);
  try {
    let newer = false;
    proxy.onAnswer = (path, answer) => {
      if (path !== '/api/public/annuaire' || answer.status !== 200 || !newer) return answer;
      return { ...answer, headers: { ...answer.headers, etag: '"99"' }, body: ofVersion(answer.body, 99, 'Nouvelles') };
    };
    const { page, hand } = await arrive(tablet, `${proxy.url}/public?q=fontanier`);
    await hand.see('Léa Fontanier');
    newer = true;
    await page.reload();
    await hand.see('Une version plus récente de l’annuaire existe');
    await hand.see('Léa Fontanier');
    await page.reload();
    await hand.see('Léa Fontanier');
  } finally {
    await proxy.stop();
  }
});

test('a file that a former build kept is asked for again, and not complained of', async ({ server, tablet }) => {
  const { page, hand } = await arrive(tablet, `${server.url}/public?q=fontanier`);
  await hand.see('Léa Fontanier');
  await keepInstead(page, JSON.stringify({ version: 1, territory: 'Autrefois', communes: [], lists: {}, cards: [] }));
  const file = page.waitForResponse((response) => response.url().endsWith('/api/public/annuaire'));
  await page.reload();
  expect((await file).status()).toBe(200);
  await hand.see('Léa Fontanier');
  expect(await hand.text()).not.toContain('ne peut pas être lu');
});

const ROWS: Row[] = [
  { rank: 501, name: 'TRUC-MUCHEL', given: 'OPHÉLIE', profession: '91', label: 'Orthophoniste', commune: '31033', postal: '31190', town: 'Auterive', phone: '0536491777' },
  { rank: 502, name: 'BIDULE', given: 'ZÉNOBIE', profession: '60', label: 'Infirmier', commune: '31345', postal: '31190', town: 'Miremont' },
  { rank: 503, name: 'AILLEURS', given: 'LOLA', profession: '60', label: 'Infirmier', commune: '75056', postal: '75015', town: 'Paris' },
];
const FILE = 'PS_LibreAcces_Personne_activite_202611010822.txt';

test('a coordinator drops an extract, looks, imports, and takes it back', async ({ server, tablet }) => {
  const { page, hand } = await settleIn(tablet, server.url, SOPHIE);
  await hand.touch('Plus', 'nav');
  await page.getByRole('link', { name: /^Remplir l’annuaire/ }).click();
  await hand.see('Imports faits');
  await everySize(page, 'annuaire-imports');

  // Nothing is half imported: each file that cannot be read says why.
  await drop(page, FILE, Buffer.from(extract(ROWS), 'latin1'));
  await hand.see('n’est pas en UTF-8');
  await drop(page, FILE, extract(ROWS).replaceAll('|', ';'));
  await hand.see('points-virgules');
  await drop(page, FILE, extract(ROWS).replace('Code commune (coord. structure)', 'Autre chose'));
  await hand.see('« Code commune (coord. structure) »');
  await everySize(page, 'annuaire-import-refused');
  await huge(page);
  await hand.see('trop gros');

  const broken = extract(ROWS).replace('|BIDULE|', '||');
  await drop(page, FILE, broken);
  await hand.see('Ce qui changerait');
  await hand.until(`text(document.querySelector('.preview')).includes('Nouvelles fiches 1')`, 'the plan does not count one new card');
  await hand.see('Lignes refusées 1');
  await hand.touch('Ne rien importer');
  await drop(page, FILE, extract(ROWS));
  await hand.until(`text(document.querySelector('.preview')).includes('Nouvelles fiches 2')`, 'the plan does not count two new cards');
  await page.locator('.plan-part summary').first().click();
  await hand.see('Ophélie Truc-Muchel');
  await everySize(page, 'annuaire-import-preview');
  await hand.touch('Importer');
  await hand.see('L’import est fait');
  await hand.see('2 personnes à informer');
  await everySize(page, 'annuaire-imported');

  await hand.touch('Annuaire', 'nav');
  await hand.type(BOX, 'truc muchel');
  await hand.see('Ophélie Truc-Muchel', 60_000);
  await page.goBack();
  await hand.see('Imports faits');
  await hand.touch('Annuler cet import');
  await hand.touch('Annuler l’import', 'dialog[open]');
  await hand.see('L’import est annulé : 2 fiches retirées');
  await hand.touch('Annuaire', 'nav');
  await hand.type(BOX, 'truc muchel');
  await hand.see('Aucune fiche ne répond', 60_000);
});

test('the screens of the directory', async ({ server, tablet }) => {
  const { page, hand } = await settleIn(tablet, server.url, CLAIRE);
  const console = new Console();
  console.listen(page);
  await hand.touch('Annuaire', 'nav');
  await hand.see('fiches');
  await everySize(page, 'annuaire');
  await hand.type(BOX, 'kine auterive');
  await hand.see('Léa Fontanier');
  await everySize(page, 'annuaire-search');
  await page.locator('.chip[aria-haspopup]').click();
  await hand.see('Quels filtres');
  await everySize(page, 'annuaire-filters');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Changer l’ordre' }).click();
  await hand.touch('Par distance d’une commune', 'dialog[open]');
  await everySize(page, 'annuaire-order');
  await hand.touch('Voir la liste');
  await hand.see('Par distance');
  await page.getByRole('link', { name: /^Léa Fontanier/ }).click();
  await hand.see('Appeler');
  await everySize(page, 'annuaire-card');
  await hand.touch('Signaler une erreur');
  await everySize(page, 'annuaire-report');
  await page.keyboard.press('Escape');
  await page.goBack();
  await hand.type(BOX, 'xylophone');
  await hand.see('Aucune fiche');
  await everySize(page, 'annuaire-nothing');
  await hand.type(BOX, 'auterive');
  await hand.touch('Imprimer cette liste');
  await hand.see('Par commune');
  await everySize(page, 'annuaire-print');
  await page.goto(`${server.url}/public`);
  await hand.see('fiches', 60_000);
  await everySize(page, 'annuaire-public');
  expect(console.complaints).toEqual([]);
});

test('from an abnormal function to the neighbour who may help', async ({ server, tablet }) => {
  const { page, hand } = await settleIn(tablet, server.url, CLAIRE);
  await hand.touch('Personnes', 'nav');
  await page.getByRole('link', { name: 'Salvan' }).click();
  await page.locator('main a[href^="/fiche/"]').first().click();
  await hand.see('Et maintenant');
  await page.locator('.result.abnormal a.neighbour').first().click();
  await hand.until(`location.pathname === '/annuaire' && location.search.length > 1`, 'the directory does not open on the right list');
  await hand.see('fiche');
  expect(await count(hand)).toBeGreaterThan(0);
});

/** How many cards the list says there are. */
async function count(hand: Hand): Promise<number> {
  return Number(await hand.page.evaluate(`parseInt(document.querySelector('.count-line p').textContent.replace(/\\D/g, '') || '0', 10)`));
}

/** Waits until the members' file is on the disk of the device. */
async function kept(page: Page): Promise<void> {
  await expect
    .poll(() =>
      page.evaluate(async () => {
        for (const { name } of await indexedDB.databases()) {
          if (!name?.startsWith('cardabelle-') || name === 'cardabelle-public') continue;
          const database = await new Promise<IDBDatabase>((done) => {
            const request = indexedDB.open(name);
            request.onsuccess = () => done(request.result);
          });
          const keys = await new Promise<IDBValidKey[]>((done) => {
            const request = database.transaction('sealed').objectStore('sealed').getAllKeys();
            request.onsuccess = () => done(request.result);
          });
          database.close();
          if (keys.includes('annuaire')) return true;
        }
        return false;
      }),
    )
    .toBe(true);
}

async function openCard(page: Page, hand: Hand, name: string): Promise<void> {
  await hand.touch('Annuaire', 'nav');
  await hand.see('fiches');
  await hand.type(BOX, name);
  await page.getByRole('link', { name: new RegExp(`^${name}`) }).click();
  await hand.see('Signaler une erreur');
}

async function askedBy(server: Server, account: Account, path: string): Promise<Response> {
  const token = await tokenOf(server, account);
  return fetch(`${server.url}${path}`, { headers: { 'cardabelle-protocol': '1', authorization: `Bearer ${token}` } });
}


/** A file of 800 MB, which nobody needs to write: what is looked at is its size. */
async function huge(page: Page): Promise<void> {
  const transfer = await page.evaluateHandle(() => {
    const transfer = new DataTransfer();
    const file = new File(['x'], 'PS_LibreAcces_Personne_activite_202611010822.txt');
    Object.defineProperty(file, 'size', { value: 820_000_000 });
    transfer.items.add(file);
    // The browser hands back a file of its own: the one with this size is put in its place.
    Object.defineProperty(transfer, 'files', { value: [file] });
    return transfer;
  });
  await transfer.evaluate((transfer) => {
    const event = new DragEvent('drop', { bubbles: true, cancelable: true });
    Object.defineProperty(event, 'dataTransfer', { value: transfer });
    document.querySelector('.drop')!.dispatchEvent(event);
  });
}
