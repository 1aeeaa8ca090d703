import type { CDPSession } from '@playwright/test';

/** What one key costs the main thread, in milliseconds, waits left out. */
export type Key = {
  /** The task of its `input` event, then the task of the first frame after it: style, layout, paint. */
  work: number;
  /** Everything the main thread did until the next key, or until it rested: what was put off is in it. */
  all: number;
};

type Event = { name: string; ph: string; ts: number; dur?: number; pid: number; tid: number; args: { data?: { type?: string } } };
type Task = Event & { dur: number };

const CATEGORIES = ['devtools.timeline', 'disabled-by-default-devtools.timeline', 'toplevel'];

/** Records what the main thread of the page does while `work` goes on. */
export async function traced(session: CDPSession, work: () => Promise<void>): Promise<Key[]> {
  const events: Event[] = [];
  const collect = ({ value }: { value: unknown[] }) => void events.push(...(value as Event[]));
  session.on('Tracing.dataCollected', collect);
  const over = new Promise<void>((done) => session.once('Tracing.tracingComplete', () => done()));
  await session.send('Tracing.start', { transferMode: 'ReportEvents', traceConfig: { includedCategories: CATEGORIES } });
  await work();
  await session.send('Tracing.end');
  await over;
  session.off('Tracing.dataCollected', collect);
  return keysOf(events);
}

function keysOf(events: Event[]): Key[] {
  const inputs = events.filter((event) => event.name === 'EventDispatch' && event.args.data?.type === 'input').sort(byTime);
  const [main] = inputs;
  const mine = events.filter((event): event is Task => event.pid === main?.pid && event.tid === main.tid && event.dur !== undefined);
  const during = (task: Task, event: Event) => event.ts >= task.ts && event.ts <= task.ts + task.dur;
  const tasks = mine.filter((event) => event.name === 'RunTask').sort(byTime);
  const paints = mine.filter((event) => event.name === 'Paint');
  const frames = tasks.filter((task) => paints.some((paint) => during(task, paint)));
  const begun = inputs.map((input) => {
    const task = tasks.find((task) => during(task, input));
    if (!task) throw new Error('a key without its task in the trace');
    return task;
  });
  return begun.map((task, rank) => {
    const next = begun[rank + 1]?.ts ?? Infinity;
    // A key that kept the main thread until the next one has its frame after it, or with it.
    const frame = frames.find((frame) => frame.ts + frame.dur > inputs[rank].ts);
    if (!frame) throw new Error('a key without its frame in the trace');
    const until = tasks.filter((one) => one.ts >= task.ts && one.ts < next);
    const milliseconds = (some: Task[]) => some.reduce((sum, one) => sum + one.dur, 0) / 1_000;
    return { work: milliseconds(frame === task ? [task] : [task, frame]), all: milliseconds(until) };
  });
}

const byTime = (one: Event, other: Event) => one.ts - other.ts;
