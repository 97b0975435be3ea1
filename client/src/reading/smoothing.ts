/** Exponential smoothing of a vector over time, independent of the frame rate. */
export class Smoother {
  #state: Float32Array | null = null;
  #time = 0;

  /** @param tau time constant in ms: after it, 63 % of a step has arrived */
  constructor(private readonly tau: number) {}

  /** The smoothed values, the same length; `now` in ms. The array returned is overwritten by the next update. */
  update(values: Float32Array, now: number): Float32Array {
    if (this.#state?.length !== values.length) {
      this.#state = Float32Array.from(values);
    } else {
      const weight = 1 - Math.exp(-(now - this.#time) / this.tau);
      const state = this.#state;
      for (let i = 0; i < values.length; i++) state[i]! += weight * (values[i]! - state[i]!);
    }
    this.#time = now;
    return this.#state;
  }

  reset(): void {
    this.#state = null;
  }
}

/** Lets a value through only when it has stayed for a while: what is shown does not flicker. */
export class Steady<T> {
  #candidate: T;
  #since = 0;

  /** @param wait ms that a new value must last */
  constructor(
    private shown: T,
    private readonly wait: number,
  ) {
    this.#candidate = shown;
  }

  /** The value to show at `now` (ms); values are compared with ===. */
  update(value: T, now: number): T {
    if (value !== this.#candidate) {
      this.#candidate = value;
      this.#since = now;
    }
    if (now - this.#since >= this.wait) this.shown = this.#candidate;
    return this.shown;
  }
}
