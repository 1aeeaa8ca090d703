import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { expect, type Page } from '@playwright/test';

import { DESKTOP, NARROW, PHONE, TABLET, TABLET_LYING, type Size } from './browser.js';

/** Sizes looked at; each of the three layouts is audited once, the others are looked at for what overflows. */
const SIZES: [string, Size][] = [
  ['narrow', NARROW],
  ['phone', PHONE],
  ['tablet', TABLET],
  ['tablet-lying', TABLET_LYING],
  ['desktop', DESKTOP],
];

const AUDITED = ['phone', 'tablet', 'desktop'];
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
const RESULTS = join(dirname(fileURLToPath(import.meta.url)), '../results/screens');

type Axe = { run(...context: unknown[]): Promise<{ violations: Violation[] }> };
type Violation = { id: string; nodes: { target: unknown; failureSummary?: string }[] };

const NOTHING = async (): Promise<void> => undefined;

/**
 * Looks at a page as it is, in every size: nothing outside it, nothing a disabled person could not use.
 * What does not last, `prepare` brings for each size, and `after` takes away.
 */
export async function everySize(page: Page, name: string, prepare = NOTHING, after = NOTHING): Promise<void> {
  for (const [sizeName, size] of SIZES) {
    await page.setViewportSize(size);
    await prepare();
    // Two frames: the layout of this size, then what scrolls or closes because of it.
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
    const folder = join(RESULTS, sizeName);
    mkdirSync(folder, { recursive: true });
    await page.screenshot({ path: join(folder, `${name}.png`) });
    expect.soft(await outside(page), `${name}, ${sizeName}: it scrolls sideways`).toEqual([]);
    if (AUDITED.includes(sizeName)) expect.soft(await violations(page), `${name}, ${sizeName}: WCAG 2.2 AA`).toEqual([]);
    await after();
  }
}

/** What makes the page wider than the screen. */
function outside(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= width) return [];
    const wide = [...document.body.querySelectorAll('*')].filter((node) => node.getBoundingClientRect().right > width + 1);
    return [`${document.documentElement.scrollWidth} for ${width}`, ...wide.slice(0, 5).map((node) => `${node.tagName}.${node.className}`)];
  });
}

async function violations(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  const found = (await page.evaluate(async (tags) => {
    const { axe } = window as unknown as { axe: Axe };
    const { violations } = await axe.run({ runOnly: tags, resultTypes: ['violations'] });
    for (const violation of violations.filter(({ id }) => id === 'target-size')) {
      // A line half under the bar that stays at the foot is whole once it is scrolled to, as anybody does.
      const still: Violation['nodes'] = [];
      for (const node of violation.nodes) {
        const element = document.querySelector(String(node.target))!;
        element.scrollIntoView({ block: 'center' });
        const again = await axe.run(element, { runOnly: { type: 'rule', values: ['target-size'] } });
        still.push(...again.violations.flatMap(({ nodes }) => nodes));
      }
      violation.nodes = still;
    }
    return violations;
  }, RULES)) as Violation[];
  return found.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${JSON.stringify(node.target)} ${node.failureSummary ?? ''}`));
}

/** What the console complains of. A request that fails is no complaint while the network is said to be lost. */
export class Console {
  readonly complaints: string[] = [];
  offline = false;

  listen(page: Page): void {
    page.on('console', (message) => {
      const failed = message.text().startsWith('Failed to load resource');
      if (message.type() === 'error' && !(failed && this.offline)) this.complaints.push(message.text());
      if (/Content Security Policy/.test(message.text()) && message.type() !== 'error') this.complaints.push(message.text());
    });
    page.on('pageerror', (error) => this.complaints.push(String(error)));
  }
}
