import type { Operation } from '../../support/server.js';

/** One thing a person did to one field. `page`: the tab, from one loading to the next. */
export type Act = { device: string; page: string; field: string; value: string; minute: number; acknowledged: number | null };
/** What the head of the form said: the minute of the last save, and whether everything was sent. */
export type Screen = { page: string; minute: number | null; sent: boolean };

/** What was done, and what the screens said of it. */
export class Ledger {
  readonly acts: Act[] = [];
  readonly falsehoods: string[] = [];
  claims = 0;

  constructor(
    /** The record everybody writes. */
    public record: string,
    private readonly received: readonly Operation[],
  ) {}

  /** Every value typed in this page up to the minute the screen says is on the disk; and nothing waits if it says so. */
  heard(device: string, screen: Screen): void {
    const now = Date.now();
    for (const act of this.acts) {
      const said = screen.minute !== null && act.minute <= screen.minute;
      if (act.page === screen.page && said) act.acknowledged ??= now;
    }
    if (!screen.sent) return;
    this.claims += 1;
    // Two tabs tell each other by messages: what another one has just written may be a moment late.
    const known = (act: Act) => act.acknowledged !== null && (act.page === screen.page || act.acknowledged < now - 1_000);
    const waiting = this.last((act) => act.device === device && known(act)).filter((act) => !this.holds(this.received, act));
    for (const act of waiting) this.falsehoods.push(`« Tout est envoyé » while ${describe(act)} had not reached the server`);
  }

  /** Acknowledged saves that are nowhere in this log. */
  lost(log: readonly Operation[]): string[] {
    return this.last((act) => act.acknowledged !== null).filter((act) => !this.holds(log, act)).map(describe);
  }

  get acknowledged(): number {
    return this.acts.filter((act) => act.acknowledged !== null).length;
  }

  /** The last act of each field and device among these: what was typed before in the same field may have been replaced. */
  private last(among: (act: Act) => boolean): Act[] {
    const last = new Map<string, Act>();
    for (const act of this.acts.filter(among)) last.set(`${act.device} ${act.field}`, act);
    return [...last.values()];
  }

  /** Whether its value is there, or what its author was typing over it, acknowledged or not, when the device offered it. */
  private holds(operations: readonly Operation[], wanted: Act): boolean {
    const later = this.acts.slice(this.acts.indexOf(wanted)).filter((act) => act.device === wanted.device && act.field === wanted.field);
    const values = operations
      .filter((operation) => operation.record_id === this.record)
      .flatMap((operation) => (operation.fields?.[wanted.field] ? [String(operation.fields[wanted.field].value)] : []));
    return values.some((value) => value === wanted.value || later.slice(1).some((act) => value !== '' && act.value.startsWith(value)));
  }
}

/** Operations that the log holds twice. */
export function repeated(log: readonly Operation[]): string[] {
  const seen = new Set<string>();
  return log.flatMap(({ op_id, device_id, device_seq }) => {
    const keys = [op_id, `number ${device_seq} of ${device_id}`].filter((key) => seen.has(key));
    seen.add(op_id).add(`number ${device_seq} of ${device_id}`);
    return keys;
  });
}

function describe({ device, field, value }: Act): string {
  return `${field} = « ${value} » of device ${device}`;
}
