import { setTimeout as sleep } from 'node:timers/promises';

import { fieldsOf, logOf, Server, type Operation } from '../../support/server.js';
import { Device } from './device.js';
import { Faults } from './faults.js';
import { Ledger, repeated } from './ledger.js';
import { plan, TEXTS } from './plan.js';
import { Random } from './random.js';
import { Story } from './story.js';
import type { World } from './world.js';

/** How long a device may take to send everything once all is mended. */
const MENDED_MS = 30_000;

/** How one life ended. */
export type End = {
  acts: number;
  acknowledged: number;
  claims: number;
  kills: number;
  faults: number;
  lost: string[];
  duplicated: string[];
  falsehoods: string[];
  /** Never all sent, or a screen that shows something else than the server. */
  others: string[];
  told: string;
};

/** Lives the life of this seed. `lies`: the way answers pushes in place of the server, to see that the run sees it. */
export async function life(world: World, seed: number, lies = false): Promise<End> {
  const random = new Random(seed);
  const { tabs, fresh, rate, steps } = plan(random);
  const server = await Server.over(world.server.data);
  world.proxy.server = server;
  const faults = new Faults(world.proxy, random);
  faults.lies = lies;
  const ledger = new Ledger(world.record, faults.received);
  const url = fresh ? `${world.proxy.url}/personnes` : `${world.proxy.url}/saisie/${world.record}`;
  const devices = tabs.map((tabs, rank) => new Device('AB'[rank], world.profiles[rank], url, tabs));
  const story = new Story(seed, server, faults, ledger, devices, rate);
  const started = Date.now();
  const others: string[] = [];
  let log: Operation[] = [];
  try {
    await story.run(steps, fresh);
    for (const device of devices) await device.settled(MENDED_MS).catch((error: Error) => others.push(error.message));
    // Once more: each device sees the whole of what the others sent meanwhile, and shows it.
    for (const device of devices) await device.settled(MENDED_MS).catch((error: Error) => others.push(error.message));
    log = await logOf(server, world.token);
    if (others.length === 0) others.push(...(await differences(devices, fieldsOf(log, ledger.record))));
  } catch (error) {
    others.push(`the run itself broke: ${(error as Error).message}`);
    log = await logOf(server, world.token).catch(() => []);
  } finally {
    for (const device of devices) await device.clear();
    await server.clear();
  }
  const written = log.filter(({ seq }) => seq > world.seq);
  return {
    acts: ledger.acts.length,
    acknowledged: ledger.acknowledged,
    claims: ledger.claims,
    kills: devices.reduce((sum, device) => sum + device.kills, story.serverKills),
    faults: faults.count,
    lost: [...ledger.lost(written), ...forgotten(faults.received, log)],
    duplicated: repeated(log),
    falsehoods: ledger.falsehoods,
    others,
    told: `${((Date.now() - started) / 1_000).toFixed(1)} s, ${ledger.acknowledged} of ${ledger.acts.length} acknowledged, ${written.length} operations, ${faults.count} faults, ${ledger.claims} claims`,
  };
}

/** What the server said it holds, and holds no more. What a device tells of itself becomes a line of the audit, not of the log. */
function forgotten(received: readonly Operation[], log: readonly Operation[]): string[] {
  const held = new Set(log.map(({ op_id }) => op_id));
  return received.filter(({ op_id, record_kind }) => record_kind !== 'trace' && !held.has(op_id)).map(({ op_id }) => `operation ${op_id}, which the server held`);
}

async function differences(devices: Device[], fields: Record<string, unknown>): Promise<string[]> {
  const found: string[] = [];
  for (const device of devices) {
    for (const [tab, page] of device.tabs.entries()) {
      for (const field of TEXTS) {
        const there = String(fields[field] ?? '');
        const shows = () => page.locator(`#i-${field}`).inputValue();
        for (const end = Date.now() + 5_000; (await shows()) !== there && Date.now() < end; ) await sleep(50);
        if ((await shows()) !== there) found.push(`device ${device.name}, tab ${tab} shows ${field} « ${await shows()} », the server holds « ${there} »`);
      }
    }
  }
  return found;
}
