import { connect, createServer, type AddressInfo, type Server as TcpServer, type Socket } from 'node:net';

import type { Server } from './server.js';

/** Half a round trip in milliseconds, and bytes a second each way; 0: as fast as the machine. */
export type Shape = { delay: number; rate: number };
export const FREE: Shape = { delay: 0, rate: 0 };

/** Bytes wait here at most before their sender is told to wait, as in the buffers of a real line. */
const BUFFER = 128 * 1024;
const SLICE = 2_048;

/** A line between the browser and the server: it has a length and a width, and counts what passes. It reads nothing. */
export class Link {
  shape: Shape = FREE;
  /** Bytes towards the server and from it, headers included. */
  up = 0;
  down = 0;
  private tcp: TcpServer | null = null;
  private port = 0;
  private readonly sockets = new Set<Socket>();
  private readonly free = { up: 0, down: 0 };

  constructor(private readonly server: Server) {}

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Opens, again on the same port after a stop. */
  async open(): Promise<void> {
    const tcp = createServer((browser) => {
      const server = connect(this.server.port, this.server.host);
      // The three steps of a new connection take one round trip before the first byte.
      const ready = Date.now() + 2 * this.shape.delay;
      this.join(browser, server, 'up', ready);
      this.join(server, browser, 'down', ready);
    });
    await new Promise<void>((done, failed) => tcp.once('error', failed).listen(this.port, '127.0.0.1', done));
    this.port = (tcp.address() as AddressInfo).port;
    this.tcp = tcp;
  }

  /** Nobody answers any more. */
  async stop(): Promise<void> {
    const ended = new Promise((done) => (this.tcp ? this.tcp.close(done) : done(null)));
    for (const socket of this.sockets) socket.destroy();
    await ended;
    this.tcp = null;
  }

  private join(from: Socket, to: Socket, way: 'up' | 'down', ready: number): void {
    this.sockets.add(from);
    from.setNoDelay(true);
    let waiting = 0;
    let last = Promise.resolve();
    const send = (bytes: Buffer | null) => {
      const size = bytes?.length ?? 0;
      const starts = Math.max(Date.now(), ready, this.free[way]);
      this.free[way] = starts + (this.shape.rate ? (size * 1_000) / this.shape.rate : 0);
      const at = this.free[way] + this.shape.delay;
      // In order, whatever the timers do.
      last = last.then(async () => {
        const wait = at - Date.now();
        if (wait > 0) await new Promise((next) => setTimeout(next, wait));
        if (bytes && !to.destroyed) to.write(bytes);
        else if (!bytes) to.end();
        waiting -= size;
        if (waiting < BUFFER) from.resume();
      });
    };
    from.on('data', (bytes) => {
      this[way] += bytes.length;
      waiting += bytes.length;
      if (waiting >= BUFFER) from.pause();
      for (let at = 0; at < bytes.length; at += SLICE) send(bytes.subarray(at, at + SLICE));
    });
    from.once('end', () => send(null));
    from.once('error', () => to.destroy());
    from.once('close', () => this.sockets.delete(from));
  }
}
