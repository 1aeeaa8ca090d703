import type { Page } from '@playwright/test';

import { addPerson, enrol, unlock, type Hand } from '../support/hand.js';
import { arrive, expect, settleIn, test } from '../support/journey.js';
import { Console, everySize } from '../support/screen.js';
import { CLAIRE, KARIM } from '../support/server.js';

test('the pages before the notebook opens', async ({ server, tablet }) => {
  const { page, hand, console } = await listened(await arrive(tablet, `${server.url}/`));
  await hand.see('Se connecter');
  await everySize(page, 'sign-in');
  await hand.touch('Se connecter', 'form');
  await hand.see('Il manque l’identifiant.');
  await everySize(page, 'sign-in-error');
  await hand.type('login', KARIM.login);
  await hand.type('password', KARIM.password);
  await hand.touch('Se connecter', 'form');
  await hand.see('Votre phrase de passe', 40_000);
  await hand.until(`document.querySelectorAll('.passphrase span').length === 4`, 'no words are proposed');
  await everySize(page, 'passphrase');
  await hand.touch('Choisir ma propre phrase');
  await hand.touch('Ouvrir mon carnet');
  await hand.see('Cette phrase est trop courte.');
  await everySize(page, 'passphrase-own-error');
  await hand.touch('Revenir aux quatre mots');
  const words = await page.locator('.passphrase').innerText();
  await page.locator('#noted').check();
  await hand.touch('Ouvrir mon carnet');
  await hand.see('Aujourd’hui', 60_000);
  await page.reload();
  await hand.until(`document.getElementById('passphrase')`, 'the notebook does not ask for its passphrase', 40_000);
  await everySize(page, 'unlock');
  await hand.type('passphrase', 'une tout autre phrase');
  await hand.touch('Ouvrir mon carnet', 'form');
  await hand.see('Cette phrase n’est pas la bonne.', 40_000);
  await everySize(page, 'unlock-error');
  await hand.touch('Phrase oubliée');
  await hand.see('Retrouver mon carnet');
  await everySize(page, 'recover');
  await hand.touch('Revenir');
  await unlock(hand, words.trim().split(/\s+/).join(' '));
  await hand.see('Aujourd’hui', 40_000);
  expect(console.complaints).toEqual([]);
});

test('the notebook, with its people', async ({ server, tablet }) => {
  const { page, hand, console } = await listened(await settleIn(tablet, server.url, CLAIRE));
  await hand.see('Cazals');
  await expect(page.locator('main')).toMatchAriaSnapshot(TODAY);
  await everySize(page, 'today');
  await hand.touch('Personnes', 'nav');
  await hand.see('Salvan');
  await everySize(page, 'people');
  await page.locator('input[type=search], .search input').first().fill('zzz');
  await hand.see('Personne ne porte ce nom ici.');
  await everySize(page, 'people-nobody');
  await page.locator('input[type=search], .search input').first().fill('');
  await page.getByRole('link', { name: 'Salvan' }).click();
  await hand.see('Suivi');
  await everySize(page, 'person');
  await page.locator('main a[href^="/fiche/"]').first().click();
  await hand.see('Et maintenant');
  await expect(page.locator('main')).toMatchAriaSnapshot(RESULT);
  await everySize(page, 'result');
  await page.locator('.tabs a[href^="/liste/"]').first().click();
  await hand.see('lignes');
  await everySize(page, 'list');
  await page.locator('.tabs a[href="/aujourdhui"]').click();
  await page.locator('.tiles a[href^="/nouveau/"]').first().click();
  await hand.see('Pour qui');
  await everySize(page, 'start');
  await hand.touch('Plus', '.tabs');
  await hand.see('À propos');
  await everySize(page, 'more');
  await hand.touch('Numéros d’urgence', 'nav');
  await hand.see('Qui voulez-vous appeler');
  await everySize(page, 'emergency');
  await page.keyboard.press('Escape');
  await page.goto(`${server.url}/nulle-part`);
  await unlock(hand);
  await hand.see('Cette page n’existe pas');
  await everySize(page, 'absent');
  expect(console.complaints).toEqual([]);
});

test('a form, its words and its stopwatch', async ({ server, tablet }) => {
  const { page, hand, console } = await listened(await settleIn(tablet, server.url, CLAIRE));
  await addPerson(hand);
  await everySize(page, 'person-form');
  await hand.answer('consent_record', 'Oui');
  await hand.type('i-family_name', 'Roumengoux-Castelbajac');
  await hand.leave();
  await hand.touch('Terminer la fiche');
  await hand.see('sans réponse');
  await everySize(page, 'person-form-finish');
  await hand.touch('Terminer ainsi');
  await hand.until(`location.pathname.startsWith('/personnes/')`, 'the person does not open');
  await hand.touch('Commencer le repérage');
  await hand.answer('place', 'Domicile');
  await hand.answer('memory_complaint', 'Oui');
  await hand.until(`text(document.querySelector('.saved')).includes('Enregistré à')`, '« Enregistré » never came');
  await expect(page.locator('.form-head')).toMatchAriaSnapshot(FORM_HEAD);
  await everySize(page, 'form');
  await everySize(page, 'form-words', async () => {
    await page.locator('#i-words').click();
    await page.locator('.words').waitFor();
  }, async () => page.keyboard.press('Escape'));
  await hand.answer('chair_safe', 'Oui');
  await hand.answer('chair_result', 'Fait');
  await everySize(page, 'form-stopwatch', () => page.locator('#q-chair_time').scrollIntoViewIfNeeded());
  await hand.touch('Ouvrir le chronomètre');
  await everySize(page, 'stopwatch-ready');
  await page.locator('#stopwatch-touch').click();
  await everySize(page, 'stopwatch-running');
  await page.locator('#stopwatch-touch').click();
  await page.locator('#stopwatch-keep').waitFor();
  await everySize(page, 'stopwatch-stopped');
  await page.locator('#stopwatch-keep').click();
  await hand.type('i-weight', '5');
  await hand.leave();
  await hand.see('Ce nombre est sous');
  await everySize(page, 'form-error', () => page.locator('#q-weight').scrollIntoViewIfNeeded());
  await server.stop();
  console.offline = true;
  await hand.answer('appetite_loss', 'Oui');
  await hand.see('Hors connexion', 60_000);
  await everySize(page, 'form-offline');
  await hand.touch('Terminer le repérage');
  await hand.touch('Terminer ainsi');
  await hand.until(`location.pathname.startsWith('/fiche/')`, 'the result does not open');
  await everySize(page, 'result-offline');
  await hand.touch('Aujourd’hui', 'nav');
  await everySize(page, 'today-offline');
  await hand.touch('Plus', '.tabs');
  await hand.see('saisies en attente');
  await everySize(page, 'more-offline');
  expect(console.complaints).toEqual([]);
});

test('an empty notebook', async ({ server, tablet }) => {
  const { page, hand, console } = await listened(await arrive(tablet, `${server.url}/`));
  // Nothing arrives: the network is lost between the sign-in and the first exchange.
  await page.route(/\/api\/(snapshot|pull)/, (route) => route.abort());
  await enrol(hand, KARIM);
  console.offline = true;
  await hand.see('Votre journée s’écrira ici');
  await everySize(page, 'today-empty');
  await hand.touch('Personnes', 'nav');
  await hand.see('Aucune personne pour l’instant');
  await everySize(page, 'people-empty');
  await page.locator('.tabs a[href^="/liste/"]').first().click();
  await hand.see('Rien pour l’instant');
  await everySize(page, 'list-empty');
  expect(console.complaints).toEqual([]);
});

async function listened<T extends { page: Page; hand: Hand }>(arrived: T): Promise<T & { console: Console }> {
  const console = new Console();
  console.listen(arrived.page);
  return { ...arrived, console };
}

/** Dates follow the day the demonstration is loaded: they are not said here. */
const TODAY = `
- main:
  - heading "Aujourd’hui" [level=1]
  - paragraph: /choses à faire/
  - list:
    - listitem:
      - text: /\\d+ j de retard/
      - link /^Mme Odette Salvan Nouveau repérage, échéance le/
      - link "Appeler Mme Odette Salvan"
    - listitem:
      - link /^Mme Yvonne Cazals Repérage à finir, 2 sur 8/
  - list:
    - listitem:
      - link "Repérer à domicile"
    - listitem:
      - link "Ajouter une personne"
    - listitem:
      - link "Trouver une personne"
`;
const RESULT = `
- main:
  - link "Mme Salvan"
  - heading "Mme Odette Salvan" [level=1]
  - paragraph: /84 ans, repérage du .* par Claire Vidal/
  - status: Deux fonctions à regarder de plus près, une à finir, trois normales.
  - list:
    - listitem:
      - heading "Mobilité" [level=3]
      - paragraph: 17,2 s pour cinq levers (limite 14 s)
      - text: anormal
      - paragraph: /Nouveau normal en/
    - listitem:
      - heading "Nutrition" [level=3]
      - paragraph: Appétit en baisse
      - text: anormal
      - paragraph: /Persistant anormal en/
    - listitem:
      - heading "Audition" [level=3]
      - paragraph: Oreille gauche non testée
      - text: non évalué
      - paragraph: /Inconnu normal en/
    - listitem:
      - heading "Cognition" [level=3]
      - paragraph: Orientation juste, 3 mots sur 3
      - text: normal
      - paragraph: /Inchangé normal en/
    - listitem:
      - heading "Vision" [level=3]
      - paragraph: Aucune difficulté déclarée
      - text: normal
      - paragraph: /Résolu anormal en/
    - listitem:
      - heading "Humeur" [level=3]
      - paragraph: Non aux deux questions
      - text: normal
      - paragraph: /Inchangé normal en/
  - link "Compléter le repérage"
  - group: Toutes les réponses
`;
const FORM_HEAD = `
- banner:
  - link "Revenir à la fiche de la personne"
  - heading "Roumengoux-Castelbajac" [level=1]
  - paragraph: repérage
  - status: /Enregistré à \\d+ h \\d+/
  - button "Numéros d’urgence"
`;
