import type { Page } from '@playwright/test';

import { PASSPHRASE, unlock } from '../support/hand.js';
import { arrive, expect, handOn, settleIn, test } from '../support/journey.js';
import { CLAIRE, everythingOf, fieldsOf } from '../support/server.js';

test('a screening without a mouse', async ({ server, tablet }) => {
  const { page, hand } = await arrive(tablet, `${server.url}/`);
  await hand.see('Se connecter');
  await reach(page, '#login');
  await page.keyboard.type(CLAIRE.login);
  await reach(page, '#password');
  await page.keyboard.type(CLAIRE.password);
  await page.keyboard.press('Enter');
  await hand.see('Votre phrase de passe', 40_000);
  await reach(page, 'button', 'Choisir ma propre phrase');
  await page.keyboard.press('Enter');
  await reach(page, '#new-passphrase');
  await page.keyboard.type(PASSPHRASE);
  await reach(page, '#again');
  await page.keyboard.type(PASSPHRASE);
  await page.keyboard.press('Enter');
  await hand.see('Tout est envoyé', 60_000);

  await reach(page, 'a.tile[href^="/nouveau/"]');
  await page.keyboard.press('Enter');
  await hand.see('Pour qui');
  await reach(page, 'button.line', 'Pons');
  await page.keyboard.press('Enter');
  await hand.until(`document.getElementById('i-place')`, 'the form does not open');
  const record = new URL(page.url()).pathname.split('/')[2];

  // One question: an answer, then another with the arrows.
  await reach(page, '#i-place');
  await page.keyboard.press('Space');
  await expect(page.locator('#i-place')).toBeChecked();
  await page.keyboard.press('ArrowDown');
  await expect(page.locator('#i-place-1')).toBeChecked();

  // The words take the keyboard, and give it back to the next question.
  await reach(page, '#i-words');
  await page.keyboard.press('Enter');
  await expect(page.locator('#words-erase')).toBeFocused();
  await page.keyboard.press('Tab');
  await expect(page.locator('#words-erase'), 'the keyboard does not leave the words').toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.locator('.words')).toHaveCount(0);
  await expect(page.locator('#i-orientation_year')).toBeFocused();

  await reach(page, '#i-chair_safe');
  await page.keyboard.press('Space');
  await reach(page, '#i-chair_result');
  await page.keyboard.press('Space');
  await reach(page, '#i-chair_time');
  await page.keyboard.press('Enter');
  await expect(page.locator('#stopwatch-touch')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.locator('.stopwatch.running')).toBeVisible();
  await expect(page.locator('#stopwatch-touch')).toBeFocused();
  // Time itself: longer than a trembling finger.
  await page.waitForTimeout(900);
  await page.keyboard.press('Space');
  await expect(page.locator('#stopwatch-keep')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.locator('.stopwatch')).toHaveCount(0);
  await expect(page.locator('#i-chair_arms')).toBeFocused();

  await reach(page, 'button', 'Terminer le repérage');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Continuer' })).toBeVisible();
  await reach(page, 'dialog[open] button', 'Terminer ainsi');
  await page.keyboard.press('Enter');
  await hand.until(`location.pathname === '/fiche/${record}'`, 'the result does not open');
  await expect(page.locator('#title')).toBeFocused();
  await hand.see('Tout est envoyé', 60_000);
  // What the server answers draws the result anew, and leaves the keyboard where it is.
  await expect(page.locator('#title')).toBeFocused();
  expect(fieldsOf(await everythingOf(server, CLAIRE), record)).toMatchObject({ place: 'office', chair_safe: 'yes', chair_result: 'done' });
});

test('a hand quicker than the page keeps the field it writes in', async ({ server, tablet }) => {
  const { page } = await settleIn(tablet, server.url, CLAIRE);
  const person = (await everythingOf(server, CLAIRE)).find((operation) => operation.fields?.family_name?.value === 'Pons');
  await page.addInitScript(() => {
    // The instant the field is there, before the page has taken its breath.
    new MutationObserver((_, observer) => {
      const field = document.getElementById('i-commune');
      if (!field) return;
      observer.disconnect();
      field.focus();
    }).observe(document, { subtree: true, childList: true });
  });
  await page.goto(`${server.url}/saisie/${person?.record_id}`);
  await unlock(handOn(page));
  await page.locator('#i-commune').waitFor();
  await page.waitForTimeout(1_000);
  await expect(page.locator('#i-commune')).toBeFocused();
});

/** Presses Tab until the focus is there, and checks that the focus is seen. */
async function reach(page: Page, selector: string, words = ''): Promise<void> {
  for (let tries = 0; tries < 120; tries++) {
    const there = await page.evaluate(
      ([selector, words]) => {
        const node = document.activeElement as HTMLElement | null;
        return Boolean(node?.matches(selector) && node.innerText.includes(words));
      },
      [selector, words],
    );
    if (there) {
      expect(await visible(page), `the focus on ${selector} ${words} is not seen`).toBe(true);
      return;
    }
    await page.keyboard.press('Tab');
  }
  throw new Error(`the keyboard does not reach ${selector} ${words}`);
}

/** An outline or a shadow, on the element or on the label that stands for it; and inside the window. */
function visible(page: Page): Promise<boolean> {
  return page.evaluate(() => {
    const node = document.activeElement as HTMLElement;
    const drawn = [node, node.nextElementSibling, node.closest('label')].filter((one): one is HTMLElement => one instanceof HTMLElement);
    const ring = drawn.some((one) => {
      const style = getComputedStyle(one);
      return (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== 'none';
    });
    const box = (node.closest('label') ?? node).getBoundingClientRect();
    return ring && box.bottom > 0 && box.top < innerHeight;
  });
}
