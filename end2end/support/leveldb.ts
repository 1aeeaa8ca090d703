/** What LevelDB files say once unpacked: tables are compressed and their keys shortened, logs are cut in blocks. */

/** Every key and value of a table (`.ldb`), unpacked. */
export function tableContents(file: Buffer): Buffer {
  if (file.length < 48 || file.readBigUInt64LE(file.length - 8) !== 0xdb4775248b80fb57n) return Buffer.alloc(0);
  const footer = new Reader(file.subarray(file.length - 48));
  footer.varint();
  footer.varint();
  const index = block(file, footer.varint(), footer.varint());
  const parts: Buffer[] = [];
  for (const { value } of entries(index)) {
    const handle = new Reader(value);
    for (const entry of entries(block(file, handle.varint(), handle.varint()))) parts.push(entry.key, entry.value, SEPARATOR);
  }
  return Buffer.concat(parts);
}

/** The records of a log (`.log`, `MANIFEST`), put back together across its blocks of 32 kB. */
export function logContents(file: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let start = 0; start < file.length; start += 32_768) {
    const end = Math.min(start + 32_768, file.length);
    for (let at = start; at + 7 <= end; ) {
      const length = file.readUInt16LE(at + 4);
      parts.push(file.subarray(at + 7, Math.min(at + 7 + length, end)));
      at += 7 + length;
    }
  }
  return Buffer.concat(parts);
}

/** Snappy, without its framing. `null` for what is not Snappy. */
export function unsnap(packed: Buffer): Buffer | null {
  try {
    const reader = new Reader(packed);
    const length = reader.varint();
    if (length > 64 * 1024 * 1024) return null;
    const out = Buffer.alloc(length);
    let at = 0;
    while (at < length) {
      const tag = reader.byte();
      if ((tag & 3) === 0) {
        const small = tag >> 2;
        const size = 1 + (small < 60 ? small : reader.little(small - 59));
        reader.bytes(size).copy(out, at);
        at += size;
      } else {
        const kind = tag & 3;
        const size = kind === 1 ? 4 + ((tag >> 2) & 7) : 1 + (tag >> 2);
        const back = kind === 1 ? ((tag >> 5) << 8) | reader.byte() : reader.little(kind === 2 ? 2 : 4);
        if (back === 0 || back > at) return null;
        // Byte by byte: a copy may run into what it is writing.
        for (let end = at + size; at < end; at++) out[at] = out[at - back];
      }
    }
    return at === length ? out : null;
  } catch {
    return null;
  }
}

const SEPARATOR = Buffer.from([0]);

function block(file: Buffer, offset: number, size: number): Buffer {
  const contents = file.subarray(offset, offset + size);
  return file[offset + size] === 1 ? (unsnap(contents) ?? Buffer.alloc(0)) : contents;
}

function* entries(block: Buffer): Generator<{ key: Buffer; value: Buffer }> {
  if (block.length < 4) return;
  const end = block.length - 4 - 4 * block.readUInt32LE(block.length - 4);
  const reader = new Reader(block.subarray(0, end));
  let key: Buffer = Buffer.alloc(0);
  while (!reader.done) {
    const [shared, own, size] = [reader.varint(), reader.varint(), reader.varint()];
    key = Buffer.concat([key.subarray(0, shared), reader.bytes(own)]);
    yield { key, value: reader.bytes(size) };
  }
}

class Reader {
  private at = 0;
  constructor(private readonly buffer: Buffer) {}

  get done(): boolean {
    return this.at >= this.buffer.length;
  }

  byte(): number {
    if (this.done) throw new Error('cut short');
    return this.buffer[this.at++];
  }

  little(bytes: number): number {
    let value = 0;
    for (let rank = 0; rank < bytes; rank++) value += this.byte() * 2 ** (8 * rank);
    return value;
  }

  varint(): number {
    let value = 0;
    for (let rank = 0; ; rank++) {
      const byte = this.byte();
      value += (byte & 127) * 2 ** (7 * rank);
      if (byte < 128) return value;
    }
  }

  bytes(size: number): Buffer {
    if (this.at + size > this.buffer.length) throw new Error('cut short');
    return this.buffer.subarray(this.at, (this.at += size));
  }
}
