import type { Answer, Proxy, Request } from '../../support/proxy.js';
import type { Random } from './random.js';
import type { Operation } from '../../support/server.js';

const FAULTS = ['refused', 'lost before', 'lost after', 'failed after', 'cut in the middle', 'sent twice', 'stale', 'slow'] as const;
type Fault = (typeof FAULTS)[number];
type Fate = { fate: string };

/** Makes the way to the server bad, and notes what the server really received. */
export class Faults {
  /** The share of exchanges that go wrong. */
  rate = 0;
  /** Called when a push is on its way to the server. */
  onPush: (() => void) | null = null;
  /** Operations the server itself said it holds, whether or not the device heard it. */
  readonly received: Operation[] = [];
  /** Pushes are answered here, and the server never has them. */
  lies = false;
  count = 0;
  private before: { push?: () => Promise<Answer>; pull?: Answer } = {};

  constructor(
    proxy: Proxy,
    private readonly random: Random,
  ) {
    proxy.onPass = (request, forward) => (request.path.startsWith('/api/') ? this.pass(request, this.noted(request, forward)) : forward());
  }

  private async pass(request: Request, forward: () => Promise<Answer>): Promise<Answer> {
    const [push, pull] = [request.path === '/api/push', request.path.startsWith('/api/pull')];
    const fault = this.random.chance(this.rate) ? this.random.pick(FAULTS) : null;
    if (push) this.onPush?.();
    if (push && this.lies) return this.lie(request);
    const answer = await this.suffer(fault, push, pull, forward);
    if (fault) this.count += 1;
    if (push) this.before.push = forward;
    if (pull && answer.status === 200) this.before.pull = answer;
    return answer;
  }

  private async suffer(fault: Fault | null, push: boolean, pull: boolean, forward: () => Promise<Answer>): Promise<Answer> {
    switch (fault) {
      case 'refused':
        return unavailable(503);
      case 'lost before':
        throw new Error('the request is lost');
      case 'lost after':
        await forward();
        throw new Error('the answer is lost');
      case 'failed after':
        await forward();
        return unavailable(502);
      case 'cut in the middle': {
        const answer = await forward();
        return { ...answer, cutAfter: this.random.below(answer.body.length) };
      }
      case 'sent twice': {
        const first = await forward();
        const second = await forward();
        return this.random.chance(0.5) ? first : second;
      }
      case 'stale':
        // An old push arrives once more, or an old page comes back in place of a new one.
        if (push) await this.before.push?.();
        return (pull && this.before.pull) || forward();
      case 'slow': {
        await new Promise((next) => setTimeout(next, this.random.below(800)));
        return forward();
      }
      case null:
        return forward();
    }
  }

  private lie(request: Request): Answer {
    const operations = operationsOf(request);
    const { epoch, since } = JSON.parse(this.before.pull?.body.toString() ?? '{"epoch":1,"since":0}') as { epoch: number; since: number };
    const fates = operations.map(({ op_id }, rank) => [op_id, { fate: 'applied', seq: since + 1 + rank }]);
    const last_device_seq = Math.max(...operations.map(({ device_seq }) => device_seq));
    const body = JSON.stringify({ fates, last_device_seq, epoch, backed_up_seq: 0, server_time: Date.now() });
    return { status: 200, headers: { 'content-type': 'application/json' }, body: Buffer.from(body) };
  }

  /** The same way to the server, with an ear on it. */
  private noted(request: Request, forward: () => Promise<Answer>): () => Promise<Answer> {
    if (request.path !== '/api/push') return forward;
    return async () => {
      const answer = await forward();
      if (answer.status === 200) {
        const { fates } = JSON.parse(answer.body.toString()) as { fates: [string, Fate][] };
        const held = new Set(fates.filter(([, { fate }]) => fate !== 'quarantined').map(([id]) => id));
        this.received.push(...operationsOf(request).filter(({ op_id }) => held.has(op_id)));
      }
      return answer;
    };
  }
}

function operationsOf({ body }: Request): Operation[] {
  return (JSON.parse(body.toString()) as { operations: Operation[] }).operations;
}

function unavailable(status: number): Answer {
  return { status, headers: { 'content-type': 'text/plain' }, body: Buffer.from('no server here') };
}
