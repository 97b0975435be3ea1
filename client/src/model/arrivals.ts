const RUNTIME = 2_500_000; // bytes that the runtime has about, until it is known
const MODEL = 4_000_000;
const MOST = 0.99; // until it runs: "100 %" and nothing to see would not be true

interface Part {
  arrived: number;
  total: number;
}

/** One progress over all bytes that a first start waits for: the runtime's and the model's come at the same time. */
export class Arrivals {
  readonly #runtime: Part = { arrived: 0, total: RUNTIME };
  #share = 0;
  readonly #model: Part = { arrived: 0, total: MODEL };

  /** @param told the share of all that has arrived, 0 to 1 */
  constructor(private readonly told: (share: number) => void) {}

  /** Bytes that have arrived of so many. */
  runtime(arrived: number, total: number): void {
    this.#is(this.#runtime, arrived, total);
  }

  model(arrived: number, total: number): void {
    this.#is(this.#model, arrived, total);
  }

  #is(part: Part, arrived: number, total: number): void {
    Object.assign(part, { arrived: Math.min(arrived, total), total });
    const share = (this.#runtime.arrived + this.#model.arrived) / (this.#runtime.total + this.#model.total);
    this.#share = Math.max(this.#share, Math.min(share, MOST)); // a total that was guessed may turn out larger
    this.told(this.#share);
  }
}
