import { soon } from './browser.js';

/** What Playwright's pages and Puppeteer's have in common: one journey, two engines. */
type Touchable = { click(): Promise<void> };
export type AnyPage = {
  evaluate(script: string): Promise<unknown>;
  evaluateHandle(script: string): Promise<{ asElement(): unknown }>;
  keyboard: { type(text: string, options?: { delay: number }): Promise<void>; press(key: never): Promise<void> };
  url(): string;
  screenshot(options: { path: string }): Promise<unknown>;
  reload(): Promise<unknown>;
};

/** The hand of the person: it sees what is visible, and touches as a finger does. */
export class Hand {
  constructor(readonly page: AnyPage) {}

  /** Touches the visible button, link or label that reads exactly `words`, inside `scope`. */
  async touch(words: string, scope = 'body'): Promise<void> {
    if (words === 'Personnes' && scope === 'nav' && (await this.isOnATelephone())) {
      // Its bar has no room for the people: they are found from the day.
      await this.touch('Aujourd’hui', 'nav');
      return this.touch('Trouver une personne');
    }
    await this.touchFound(`[...document.querySelectorAll(${JSON.stringify(scope)})].flatMap((scope) =>
      [...scope.querySelectorAll('button, a, label, summary')]).find((node) => visible(node) && says(node, ${JSON.stringify(words)}))`,
      `nothing to touch that reads « ${words} » in ${scope}`);
  }

  /** Chooses an answer of a question of the form. */
  async answer(question: string, label: string): Promise<void> {
    await this.touch(label, `#q-${question}`);
    await this.until(`[...document.querySelectorAll('#q-${question} label')].some((label) =>
      says(label, ${JSON.stringify(label)}) && label.querySelector('input')?.checked)`, `${question}: « ${label} » is not chosen`);
  }

  /** Types in the field of this id, in place of what it holds; `pause` milliseconds after each key. */
  async type(id: string, text: string, pause = 0): Promise<void> {
    await this.touchFound(`document.getElementById(${JSON.stringify(id)})`, `no field ${id}`);
    await this.page.evaluate(`document.getElementById(${JSON.stringify(id)}).select?.()`);
    await this.page.keyboard.type(text, { delay: pause });
  }

  /** Leaves the field, as the next touch would. */
  async leave(): Promise<void> {
    await this.page.keyboard.press('Tab' as never);
  }

  private async isOnATelephone(): Promise<boolean> {
    return Boolean(await this.page.evaluate(`document.querySelector('nav') && innerWidth < 600`).catch(() => false));
  }

  async see(words: string, ms = 20_000): Promise<void> {
    await this.until(`text(document.body).includes(${JSON.stringify(words)})`, `« ${words} » is not on the screen`, ms);
  }

  async text(): Promise<string> {
    return String(await this.page.evaluate(`${HELPERS} text(document.body)`));
  }

  /** Waits until a condition on the page holds. */
  async until(condition: string, complaint: string, ms = 20_000): Promise<void> {
    const look = async () => ((await this.page.evaluate(`${HELPERS} Boolean(${condition})`).catch(() => false)) ? true : null);
    await soon(look, complaint, ms).catch(async (error) => {
      throw new Error(`${error.message}\n--- ${this.page.url()}\n${await this.text().catch(() => '(no page)')}`);
    });
  }

  private async touchFound(script: string, complaint: string): Promise<void> {
    await this.until(script, complaint);
    // A finger waits for what moves, as a form that scrolls to the next question: Playwright does, Puppeteer does not.
    await this.page.evaluate(`${HELPERS} still(() => ${script})`);
    for (let tries = 0; ; tries++) {
      // Drawn anew between the look and the touch: a finger touches again.
      await this.until(script, complaint);
      const found = (await this.page.evaluateHandle(`${HELPERS} ${script}`)).asElement() as Touchable | null;
      if (!found && tries < 2) continue;
      if (!found) throw new Error(complaint);
      try {
        return await found.click();
      } catch (error) {
        if (tries === 2 || !/not attached|detached/i.test(String(error))) throw error;
      }
    }
  }
}

/** No-break spaces and spaces are one: the typography is checked by the screens' own tests. */
const HELPERS = `
  var text = (node) => (node.innerText ?? '').replace(/[\\u00a0\\u202f\\s]+/g, ' ').trim();
  var says = (node, words) => text(node) === words || node.getAttribute('aria-label') === words;
  var still = async (find) => {
    for (let same = 0, before = '', tries = 0; same < 4 && tries < 300; tries++) {
      await new Promise((next) => requestAnimationFrame(next));
      const box = find()?.getBoundingClientRect();
      const now = JSON.stringify(box);
      same = now === before ? same + 1 : 0;
      before = now;
    }
  };
  var visible = (node) => node.getClientRects().length > 0 && getComputedStyle(node).visibility !== 'hidden';
`;

/** Signs in, takes a passphrase of her own, and is at home. */
export async function enrol(hand: Hand, account: { login: string; password: string }, passphrase = PASSPHRASE): Promise<void> {
  await hand.see('Se connecter');
  await hand.type('login', account.login);
  await hand.type('password', account.password);
  await hand.touch('Se connecter', 'form');
  await hand.see('Votre phrase de passe', 40_000);
  await hand.touch('Choisir ma propre phrase');
  await hand.type('new-passphrase', passphrase);
  await hand.type('again', passphrase);
  await hand.touch('Ouvrir mon carnet');
  await hand.see('Aujourd’hui', 60_000);
}

/** Opens the notebook after a cold start. */
export async function unlock(hand: Hand, passphrase = PASSPHRASE): Promise<void> {
  await hand.until(`document.getElementById('passphrase')`, 'the notebook does not ask for its passphrase', 60_000);
  await hand.type('passphrase', passphrase);
  await hand.touch('Ouvrir mon carnet', 'form');
  await hand.until(`!document.getElementById('passphrase')`, 'the notebook stays locked', 60_000);
}

/** Locks the notebook, as one does before handing the tablet over. */
export async function lock(hand: Hand): Promise<void> {
  const inForm = await hand.page.evaluate(`location.pathname.startsWith('/saisie/')`);
  if (inForm) await hand.touch('Revenir à la fiche de la personne');
  await hand.touch('Plus', 'nav');
  await hand.touch('Verrouiller maintenant');
  await hand.until(`document.getElementById('passphrase')`, 'the notebook does not lock');
}

/** Opens a new form of a person from any page, up to the question of her consent. */
export async function addPerson(hand: Hand): Promise<void> {
  await hand.touch('Personnes', 'nav');
  await hand.touch('Ajouter une personne');
  await hand.touch('Commencer la fiche');
  await hand.until(`document.getElementById('q-consent_record')`, 'the form of the person does not open');
}

/** Waits until what was typed is on the disk: the notebook itself says when, except for the place to come back to. */
export async function written(hand: Hand): Promise<void> {
  let before = '';
  let same = 0;
  await soon(async () => {
    const now = String(await hand.page.evaluate(DISK));
    same = now === before ? same + 1 : 0;
    before = now;
    // Longer than the pause between a key and its write.
    return same >= 8 ? true : null;
  }, 'the disk never rests');
}

/** Fingerprint of every row of the application's databases. */
const DISK = `(async () => {
  const rows = [];
  for (const { name } of await indexedDB.databases()) {
    if (!name.startsWith('cardabelle')) continue;
    const database = await new Promise((done, failed) => {
      const request = indexedDB.open(name);
      request.onsuccess = () => done(request.result);
      request.onerror = () => failed(request.error);
    });
    for (const store of database.objectStoreNames) {
      rows.push(await new Promise((done, failed) => {
        const request = database.transaction(store).objectStore(store).getAll();
        request.onsuccess = () => done(JSON.stringify(request.result, (_, value) => value instanceof Uint8Array ? [...value].join() : value));
        request.onerror = () => failed(request.error);
      }));
    }
    database.close();
  }
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(rows.join()));
  return [...new Uint8Array(digest)].join();
})()`;

export const PASSPHRASE = 'chardon calcaire brebis lavogne';
