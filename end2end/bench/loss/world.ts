import { rmSync } from 'node:fs';
import { join } from 'node:path';

import { ChromiumTablet } from '../../support/browser.js';
import { unlock } from '../../support/hand.js';
import { handOn, settleIn } from '../../support/journey.js';
import { Proxy } from '../../support/proxy.js';
import { CLAIRE, everythingOf, logOf, Server, tokenOf } from '../../support/server.js';

/** What the runs do not need of a profile, and would copy each time. */
const HEAVY = ['GrShaderCache', 'ShaderCache', 'GraphiteDawnCache', 'component_crx_cache', 'extensions_crx_cache', 'Default/Cache', 'Default/GPUCache'];

/** What every run starts from: a server, and devices of one nurse, signed in, on a disk, at rest. */
export class World {
  readonly profiles: string[] = [];
  /** The person everybody writes about. */
  record = '';
  /** Of a device that only looks. */
  token = '';
  /** The end of the log before any run. */
  seq = 0;

  private constructor(
    readonly server: Server,
    readonly proxy: Proxy,
  ) {}

  static async make(devices = 2): Promise<World> {
    const server = await Server.start();
    const world = new World(server, await Proxy.before(server));
    const person = (await everythingOf(server, CLAIRE)).find((operation) => operation.fields?.family_name?.value === 'Pons');
    if (!person) throw new Error('the demonstration has no Pons');
    world.record = person.record_id;
    for (let device = 0; device < devices; device++) await world.enrol();
    world.token = await tokenOf(server, CLAIRE);
    world.seq = Math.max(...(await logOf(server, world.token)).map(({ seq }) => seq));
    await server.stop();
    return world;
  }

  private async enrol(): Promise<void> {
    const tablet = new ChromiumTablet();
    const { page, hand } = await settleIn(tablet, this.proxy.url, CLAIRE);
    // The worker keeps the files of the application: the runs do not load them through the faults.
    await hand.until(`navigator.serviceWorker.ready.then(() => caches.keys()).then((keys) => keys.length > 0)`, 'nothing is kept for a start without network');
    await page.goto(`${this.proxy.url}/saisie/${this.record}`);
    await unlock(handOn(page));
    await handOn(page).see('Tout est envoyé', 60_000);
    await tablet.close();
    for (const folder of HEAVY) rmSync(join(tablet.profile, folder), { recursive: true, force: true });
    this.profiles.push(tablet.profile);
  }

  async clear(): Promise<void> {
    await this.proxy.stop();
    await this.server.clear();
    for (const profile of this.profiles) rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}
