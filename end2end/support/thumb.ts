import type { Locator, Page } from '@playwright/test';

/** A touch, found and made by somebody standing in a crowd. */
const TOUCH_MS = 800;
/** One key of a telephone's keyboard: about 36 words a minute. */
const KEY_MS = 300;

/** One thumb on a telephone, at the speed of a person, that counts what it does. */
export class Thumb {
  taps = 0;
  fields = 0;
  /** The least height or width of what was touched, in CSS pixels. */
  smallest = Infinity;
  private readonly since = Date.now();

  constructor(private readonly page: Page) {}

  async touch(name: string): Promise<void> {
    await this.on(this.page.getByRole('button', { name, exact: true }).filter({ visible: true }).first());
  }

  /** Touches an answer of a question. */
  async answer(question: string, words: string): Promise<void> {
    const answers = this.page.locator(`#q-${question} label, #q-${question} button`);
    await this.on(answers.filter({ hasText: new RegExp(`^\\s*${words.replace(/ /g, '\\s')}\\s*$`) }).first());
  }

  async type(id: string, text: string): Promise<void> {
    await this.on(this.page.locator(`#${id}`));
    this.fields += 1;
    await this.page.keyboard.type(text, { delay: KEY_MS });
  }

  get seconds(): number {
    return (Date.now() - this.since) / 1000;
  }

  private async on(target: Locator): Promise<void> {
    await this.page.waitForTimeout(TOUCH_MS);
    this.taps += 1;
    const box = await target.boundingBox();
    if (box) this.smallest = Math.min(this.smallest, box.width, box.height);
    await target.click();
  }
}
