import type { Random } from './random.js';

export const TEXTS = ['commune', 'family_name', 'given_name'] as const;
/** A choice has no value of its own to be recognised by: each device has its question. */
export const CHOICES = ['lives_alone', 'carer'] as const;

const DISASTERS = ['browser', 'browser at the save', 'server', 'server at the push', 'offline', 'reload'] as const;

/** One answer, and what goes wrong meanwhile. */
export type Step = {
  device: number;
  tab: number;
  field: string;
  /** Between two keys. */
  pace: number;
  leaves: boolean;
  then: number;
  disaster: { what: (typeof DISASTERS)[number]; after: number; lasts: number } | null;
};

/** Tabs of each device; whether it is about somebody new; the share of exchanges that go wrong. */
type Plan = { tabs: number[]; fresh: boolean; rate: number; steps: Step[] };

/** Everything is drawn before it begins: the same seed is the same life, but for the instants. */
export function plan(random: Random): Plan {
  const tabs = random.chance(0.35) ? [1, 1] : [random.chance(0.4) ? 2 : 1];
  const fresh = tabs.length === 1 && tabs[0] === 1 && random.chance(0.4);
  const rate = random.pick([0, 0.15, 0.4]);
  const count = 4 + random.below(4);
  const steps = Array.from({ length: count }, (_, rank): Step => {
    const device = random.below(tabs.length);
    const field = random.chance(0.75) ? random.pick(TEXTS) : CHOICES[device];
    const disaster = rank > 0 && random.chance(0.2) ? { what: random.pick(DISASTERS), after: random.below(700), lasts: random.below(1_200) } : null;
    return { device, tab: random.below(tabs[device]), field, pace: random.below(40), leaves: random.chance(0.6), then: random.below(400), disaster };
  });
  // At least one kill is meant in each life.
  steps[1 + random.below(count - 1)].disaster = { what: random.pick(DISASTERS.slice(0, 4)), after: random.below(700), lasts: random.below(1_200) };
  return { tabs, fresh, rate, steps };
}
