import type { Page } from '@playwright/test';

/** A touch, found and made by somebody standing in a crowd. */
const TOUCH_MS = 800;
/** One key of a telephone's keyboard: about 36 words a minute. */
const KEY_MS = 300;

/** One thumb on a telephone, at the speed of a person, that counts what it does. */
export class Thumb {
  taps = 0;
  fields = 0;
  private readonly since = Date.now();

  constructor(private readonly page: Page) {}

  /** Touches the visible button or answer of this name. */
  async touch(name: string | RegExp, inside = 'body'): Promise<void> {
    const target = this.page.locator(inside).locator('button, label, a').filter({ hasText: name, visible: true }).first();
    await this.on(target);
  }

  async label(name: string): Promise<void> {
    await this.on(this.page.getByLabel(name, { exact: true }).filter({ visible: true }).first());
  }

  async type(id: string, text: string): Promise<void> {
    await this.on(this.page.locator(`#${id}`));
    this.fields += 1;
    await this.page.keyboard.type(text, { delay: KEY_MS });
  }

  get seconds(): number {
    return (Date.now() - this.since) / 1000;
  }

  /** As a thumb: on the middle of what is seen, and only if nothing covers it. */
  private async on(target: ReturnType<Page['locator']>): Promise<void> {
    await this.page.waitForTimeout(TOUCH_MS);
    this.taps += 1;
    await target.click();
  }
}
