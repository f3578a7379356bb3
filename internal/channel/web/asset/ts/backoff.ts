// How long to wait before trying again on a network that comes and goes.

/** Bounds of the waiting, in milliseconds. */
export interface Pace {
  readonly first: number;
  readonly most: number;
}

/** A photo or a message on the way: soon again, then every two minutes at most. */
export const pace: Pace = { first: 2_000, most: 120_000 };

/**
 * wait is the pause after so many failures in a row, doubled each time. A
 * quarter of it is left to chance, so that all phones of a street that lost the
 * network together do not come back in the same instant.
 */
export function wait(failures: number, chance: number, { first, most }: Pace = pace): number {
  const whole = Math.min(most, first * 2 ** Math.max(0, failures - 1));
  return Math.round(whole * (0.75 + 0.25 * chance));
}
