/**
 * A sum of finite numbers without rounding on the way (Shewchuk's expansions), so that what was added can be taken away again and nothing is left of it.
 * The parts are few: as many as the magnitudes in play.
 */
export class ExactSum {
  #parts: number[] = [];

  add(value: number): void {
    const parts: number[] = [];
    let carry = value;
    for (const part of this.#parts) {
      const [large, small] = Math.abs(carry) < Math.abs(part) ? [part, carry] : [carry, part];
      const sum = large + small;
      const error = small - (sum - large);
      if (error !== 0) parts.push(error);
      carry = sum;
    }
    if (carry !== 0) parts.push(carry);
    this.#parts = parts;
  }

  get value(): number {
    return this.#parts.reduce((sum, part) => sum + part, 0);
  }
}
