import type { Page } from '@playwright/test';

import { ChromiumTablet, PHONE, soon } from '../../support/browser.js';
import { PASSPHRASE } from '../../support/hand.js';
import type { Screen } from './ledger.js';

const MARK = 'loss-bench ';

/** One browser with a disk of its own, and tabs on the same form. It may die at any instant. */
export class Device {
  readonly tabs: Page[] = [];
  kills = 0;
  /** What a tab says each time it changes. */
  onScreen: (screen: Screen) => void = () => undefined;
  private readonly tablet = new ChromiumTablet(PHONE);
  private alive = false;
  private dying: Promise<void> = Promise.resolve();

  constructor(
    readonly name: string,
    profile: string,
    /** What its tabs open. */
    public url: string,
    private wanted: number,
  ) {
    this.tablet.inherit(profile);
  }

  get isAlive(): boolean {
    return this.alive;
  }

  /** Starts cold, and opens its page in as many tabs as wanted. */
  async start(minute: number): Promise<void> {
    await this.dying;
    this.tabs.length = 0;
    for (let tab = 0; tab < this.wanted; tab++) {
      const page = tab === 0 ? await this.tablet.open('about:blank') : await this.tablet.tab();
      page.on('console', (message) => {
        const text = message.text();
        if (text.startsWith(MARK)) this.onScreen(JSON.parse(text.slice(MARK.length)) as Screen);
      });
      await page.addInitScript(OBSERVE, { mark: MARK, minute });
      await page.goto(this.url);
      await open(page);
      this.tabs.push(page);
    }
    this.alive = true;
    // After a death she opens it once.
    this.wanted = 1;
  }

  /** As a person who presses « reload », whatever is under way. */
  async reload(page: Page): Promise<void> {
    await page.reload();
    await open(page);
  }

  /** SIGKILL, whatever is under way. */
  kill(): Promise<void> {
    if (!this.alive) return this.dying;
    this.alive = false;
    this.kills += 1;
    this.dying = this.tablet.kill();
    return this.dying;
  }

  /** Waits until the screens of all the tabs say that everything is sent. */
  async settled(ms: number): Promise<void> {
    for (const page of this.tabs) await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
    let asked = 0;
    await soon(
      async () => {
        // The network is back: nobody waits for the end of a back-off.
        if (asked++ % 10 === 0) for (const page of this.tabs) await page.evaluate(() => dispatchEvent(new Event('online')));
        const said = await Promise.all(this.tabs.map((page) => page.locator('.saved').innerText()));
        return said.every((words) => words.includes('Tout est envoyé')) ? true : null;
      },
      `device ${this.name} never says that everything is sent`,
      ms,
    );
  }

  async clear(): Promise<void> {
    await this.tablet.clear();
  }
}

async function open(page: Page): Promise<void> {
  const passphrase = page.locator('#passphrase');
  await passphrase.or(page.locator('#main:not(.entry)')).first().waitFor({ timeout: 60_000 });
  // Beside a tab that is open, it opens by itself.
  if (!(await passphrase.isVisible())) return;
  await passphrase.fill(PASSPHRASE);
  await page.keyboard.press('Enter');
  await passphrase.waitFor({ state: 'detached', timeout: 60_000 });
}

/**
 * In the page, before the application: a clock that only the run moves, so that « Enregistré à 9 h 51 » names one save,
 * and an ear on the head of the form.
 */
function OBSERVE({ mark, minute }: { mark: string; minute: number }): void {
  const real = Date.now.bind(Date);
  const morning = Math.floor(real() / 86_400_000) * 86_400_000 + 6 * 3_600_000;
  let shift = 0;
  const page = crypto.randomUUID();
  let reached = minute;
  const set = (minute: number) => {
    // She is there all the while: five minutes without a hand would lock the notebook.
    for (; reached < minute; reached += 4) {
      shift = morning + reached * 60_000 - real();
      dispatchEvent(new Event('input'));
    }
    reached = minute;
    shift = morning + minute * 60_000 - real();
    return page;
  };
  set(minute);
  Date.now = () => real() + shift;
  Object.assign(window, { setMinute: set });
  let before = '';
  new MutationObserver(() => {
    const head = document.querySelector<HTMLElement>('.form-head .saved');
    const words = (head?.innerText ?? '').replace(/\s+/g, ' ');
    const time = /Enregistré à (\d+) h(?: (\d+))?/.exec(words);
    const screen = { page, minute: time ? Number(time[1]) * 60 + Number(time[2] ?? 0) - 360 : null, sent: words.includes('Tout est envoyé') };
    const now = JSON.stringify(screen);
    if (head && now !== before) console.log(mark + now);
    before = now;
  }).observe(document, { subtree: true, childList: true, characterData: true });
}
