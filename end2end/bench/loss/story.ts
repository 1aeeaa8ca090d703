import { setTimeout as sleep } from 'node:timers/promises';

import type { Page } from '@playwright/test';

import { addPerson } from '../../support/hand.js';
import { handOn } from '../../support/journey.js';
import type { Server } from '../../support/server.js';
import type { Device } from './device.js';
import type { Faults } from './faults.js';
import type { Act, Ledger } from './ledger.js';
import { CHOICES, type Step } from './plan.js';

const CODES: Record<string, string> = { Oui: 'yes', Non: 'no' };

/** What happens to the devices and to the server, step by step, until all is up again. */
export class Story {
  serverKills = 0;
  private serverWork: Promise<void> = Promise.resolve();
  private minute = 0;
  private atSave: (() => void) | null = null;
  private readonly pending: Promise<void>[] = [];
  private readonly broken: Error[] = [];

  constructor(
    private readonly seed: number,
    private readonly server: Server,
    private readonly faults: Faults,
    private readonly ledger: Ledger,
    private readonly devices: Device[],
    private readonly rate: number,
  ) {
    for (const device of devices) {
      device.onScreen = (screen) => {
        const before = ledger.acknowledged;
        ledger.heard(device.name, screen);
        if (ledger.acknowledged > before) this.atSave?.();
      };
    }
  }

  async run(steps: Step[], fresh: boolean): Promise<void> {
    for (const device of this.devices) await device.start(this.minute);
    this.faults.rate = this.rate;
    if (fresh) await this.addPerson(this.devices[0]);
    let [lastDevice, lastTab] = [0, 0];
    for (const [rank, step] of steps.entries()) {
      const device = this.devices[step.device];
      if (!device.isAlive) await device.start(this.minute);
      const tab = step.tab % device.tabs.length;
      const page = device.tabs[tab];
      if (device.tabs.length > 1 && (lastDevice !== step.device || lastTab !== tab)) {
        // As a person changes tabs: the one she leaves is hidden, which takes her longer than a save.
        await this.whileAlive(device, async () => {
          await page.bringToFront();
          await sleep(400);
        });
      }
      [lastDevice, lastTab] = [step.device, tab];
      if (step.disaster?.what === 'reload') await this.whileAlive(device, () => device.reload(page));
      else if (step.disaster) this.pending.push(this.strike(device, page, step.disaster).catch((error: Error) => void this.broken.push(error)));
      await this.whileAlive(device, () => this.act(device, step, page, rank));
      await sleep(step.then);
    }
    await Promise.all(this.pending);
    if (this.broken.length > 0) throw this.broken[0];
    this.atSave = null;
    this.faults.onPush = null;
    this.faults.rate = 0;
    for (const device of this.devices) if (!device.isAlive) await device.start(this.minute);
  }

  /** Somebody new: nothing of her leaves before her consent. */
  private async addPerson(device: Device): Promise<void> {
    const [page] = device.tabs;
    const hand = handOn(page);
    await addPerson(hand);
    await hand.answer('consent_record', 'Oui');
    device.url = page.url();
    this.ledger.record = new URL(page.url()).pathname.split('/')[2];
  }

  private async act(device: Device, step: Step, page: Page, rank: number): Promise<void> {
    const question = page.locator(`#q-${step.field}`);
    await question.waitFor({ timeout: 20_000 });
    const choice = CHOICES.some((field) => field === step.field);
    const value = choice ? await this.other(page, step.field) : `${'GH'[step.device]}${this.seed}x${rank}`;
    const act: Act = { device: device.name, page: '', field: step.field, value: CODES[value] ?? value, minute: Infinity, acknowledged: null };
    // Before the first key: what is typed may be sent, half of it even, before all is typed.
    this.ledger.acts.push(act);
    if (choice) {
      await question.getByText(value, { exact: true }).click({ timeout: 20_000 });
    } else {
      await page.locator(`#i-${step.field}`).evaluate((input: HTMLInputElement) => (input.focus(), input.select()));
      await page.keyboard.type(value, { delay: step.pace });
    }
    // What is not on her screen was never typed: keys that fell beside the field are a fault, and not a lost save.
    const shown = choice
      ? await question.locator('label:has(input:checked)').innerText()
      : await page.locator(`#i-${step.field}`).inputValue();
    if (shown.trim() !== value) throw new Error(`« ${value} » was typed in ${step.field}, the screen shows « ${shown} »`);
    // A save said from the next minute on has this value in it.
    this.minute += 1;
    const minute = this.minute;
    act.page = await page.evaluate((minute) => (window as unknown as { setMinute(minute: number): string }).setMinute(minute), minute);
    act.minute = minute;
    if (step.leaves && !choice) await page.keyboard.press('Tab');
  }

  /** The answer that is not chosen yet. */
  private async other(page: Page, field: string): Promise<string> {
    const chosen = await page.locator(`#q-${field} label:has(input:checked)`).allInnerTexts();
    return chosen.some((text) => text.trim() === 'Oui') ? 'Non' : 'Oui';
  }

  private async strike(device: Device, page: Page, { what, after, lasts }: NonNullable<Step['disaster']>): Promise<void> {
    if (what === 'browser at the save' || what === 'server at the push') {
      // Whatever the push carries, whatever the save holds: at once, or a few milliseconds later.
      let begun = false;
      const struck = new Promise<void>((done) => {
        const strike = () => {
          begun = true;
          this.atSave = null;
          this.faults.onPush = null;
          setTimeout(() => (what === 'server at the push' ? this.killServer(lasts) : device.kill()).then(() => done()), after % 25);
        };
        if (what === 'server at the push') this.faults.onPush = strike;
        else this.atSave = strike;
      });
      await Promise.race([struck, sleep(1_500)]);
      // The moment never came; or it has come, and the blow must not fall after the run is mended.
      if (begun) return struck;
      this.atSave = null;
      this.faults.onPush = null;
      return;
    }
    await sleep(after);
    if (what === 'browser') return device.kill();
    if (what === 'server') return this.killServer(lasts);
    await this.whileAlive(device, async () => {
      await page.context().setOffline(true);
      await sleep(lasts);
      await page.context().setOffline(false);
    });
  }

  /** One death at a time. */
  private killServer(lasts: number): Promise<void> {
    this.serverWork = this.serverWork.then(async () => {
      this.serverKills += 1;
      await this.server.stop('SIGKILL');
      await sleep(lasts);
      await this.server.resume();
    });
    return this.serverWork;
  }

  /** What fails because the browser died under it is what was meant to happen. */
  private async whileAlive(device: Device, work: () => Promise<void>): Promise<void> {
    // It may have died since the step began.
    if (!device.isAlive) return;
    const kills = device.kills;
    await work().catch((error) => {
      if (device.kills === kills) throw error;
    });
  }
}
