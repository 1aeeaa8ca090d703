import { readFileSync } from 'node:fs';

import { ADMIN } from '../support/accounts.js';
import { ChromiumTablet, PHONE } from '../support/browser.js';
import { search } from '../support/disk.js';
import { written } from '../support/hand.js';
import { expect, personOf, sendAll, settleIn, test } from '../support/journey.js';
import { everySize } from '../support/screen.js';
import { CLAIRE, everythingOf } from '../support/server.js';

test('a person takes a copy of what is kept of her, then has it erased, everywhere', async ({ server, tablet }) => {
  const other = new ChromiumTablet(PHONE);
  try {
    const { page, hand } = await settleIn(tablet, server.url, CLAIRE);
    const beside = await settleIn(other, server.url, CLAIRE);
    await personOf({ page, hand }, 'Salvan');
    const person = new URL(page.url()).pathname.split('/')[2];
    await hand.touch('Historique');
    await hand.see('Claire Vidal');
    await hand.touch('Qui a consulté');
    await hand.see('A lu l’historique');
    await everySize(page, 'readers');

    await personOf({ page, hand }, 'Salvan');
    await hand.touch('Copie ou effacement');
    await hand.see('Ses droits sur ses données');
    await everySize(page, 'rights');
    const copy = async (words: string) => {
      const [download] = await Promise.all([page.waitForEvent('download'), hand.touch(words)]);
      await hand.see('La copie est dans vos téléchargements');
      return { name: download.suggestedFilename(), text: readFileSync((await download.path())!, 'utf8') };
    };
    const html = await copy('Copie à lire');
    expect(html.name).toMatch(/^dossier-\d{4}-\d\d-\d\d\.html$/);
    expect(html.text).toContain('Salvan');
    expect(html.text).toContain('Claire Vidal');
    const json = await copy('Copie pour un autre logiciel');
    const dossier = JSON.parse(json.text);
    expect(dossier.format).toBe('cardabelle-dossier-1');
    expect(dossier.records[0].record.id).toBe(person);

    // Without a network the copy waits, and says so; the page stays.
    await server.stop();
    await hand.touch('Copie à lire');
    await hand.see('Vos saisies sont gardées sur cet appareil');
    await everySize(page, 'rights-offline');

    // Erased without a network; nothing is done before somebody says that she asked for it.
    await hand.touch('Effacer définitivement', 'main');
    await everySize(page, 'erase');
    expect(await page.getByRole('button', { name: 'Effacer', exact: true }).isDisabled()).toBe(true);
    await hand.touch('La personne, ou qui la représente, le demande');
    await hand.touch('Effacer', 'dialog[open]');
    await hand.until(`location.pathname === '/personnes'`, 'the page of an erased person stays open');
    expect(await hand.text()).not.toContain('Salvan');
    await written(hand);

    await server.resume();
    await sendAll(hand);
    await sendAll(beside.hand);
    await beside.hand.touch('Personnes', 'nav');
    await beside.hand.see('Ajouter une personne');
    expect(await beside.hand.text()).not.toContain('Salvan');
    expect(JSON.stringify(await everythingOf(server, CLAIRE))).not.toContain('Salvan');
    for (const one of [tablet, other]) {
      await one.close();
      expect(search(one.profile, ['Salvan']).found).toEqual({ Salvan: [] });
    }
  } finally {
    await other.clear();
  }
});

test('the administration reads who did what, and no name of a person', async ({ server, tablet }) => {
  const nurse = new ChromiumTablet();
  try {
    await settleIn(nurse, server.url, CLAIRE);
    await fetch(`${server.url}/api/sign-in`, {
      method: 'POST',
      headers: { 'cardabelle-protocol': '1', 'content-type': 'application/json' },
      body: JSON.stringify({ login: CLAIRE.login, password: 'not hers', device_id: null, device_name: 'x' }),
    });
    const { page, hand } = await settleIn(tablet, server.url, ADMIN);
    await hand.touch('Plus', 'nav');
    await page.getByRole('link', { name: 'Journal' }).click();
    await hand.see('Connexion refusée : mot de passe');
    await hand.see('Claire Vidal');
    await hand.see('Connexion complète');
    expect(await hand.text()).not.toContain('Salvan');
    await everySize(page, 'journal');
    await server.stop();
    await page.getByRole('link', { name: 'Revenir' }).or(page.locator('a.back')).first().click();
    await page.getByRole('link', { name: 'Journal' }).click();
    await hand.see('Le journal se lit avec le réseau');
    await everySize(page, 'journal-offline');
  } finally {
    await nurse.clear();
  }
});
