import { createHmac } from 'node:crypto';

const STEP_MS = 30_000;

/** The application of codes of a telephone (RFC 6238: SHA-1, 30 s, 6 digits). The server takes each code once, and those of
 *  the steps beside this one: several sign-ins in a minute take one step after the other. */
export class Authenticator {
  private last = 0;

  constructor(private readonly secret: string) {}

  /** A code never given before, that the server takes now. */
  async code(): Promise<string> {
    // Of this step, not of the one before: what is typed slowly is still taken.
    const step = Math.max(this.now(), this.last + 1);
    // One step ahead of the clock at most.
    while (this.now() < step - 1) await new Promise((next) => setTimeout(next, 500));
    this.last = step;
    return this.at(step);
  }

  /** A code that is the right one of no step near this one. */
  wrong(): string {
    const near = [-2, -1, 0, 1, 2].map((away) => this.at(this.now() + away));
    return ['000000', '111111', '222222', '333333', '444444', '555555'].find((code) => !near.includes(code))!;
  }

  private now(): number {
    return Math.floor(Date.now() / STEP_MS);
  }

  private at(step: number): string {
    const counter = Buffer.alloc(8);
    counter.writeBigUInt64BE(BigInt(step));
    const mac = createHmac('sha1', base32(this.secret)).update(counter).digest();
    const offset = mac[mac.length - 1] & 0xf;
    return String((mac.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0');
  }
}

function base32(text: string): Buffer {
  const bits = [...text.replace(/\s|=/g, '')].map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter.toUpperCase()).toString(2).padStart(5, '0'));
  const bytes = bits.join('').match(/.{8}/g) ?? [];
  return Buffer.from(bytes.map((byte) => parseInt(byte, 2)));
}
