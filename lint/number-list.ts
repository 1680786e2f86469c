// A list of whole numbers in four bytes each: of files and contents there are as many as 100,000.
const FIRST = 1024;

/** Whole numbers of 31 bits and a sign. */
export class NumberList {
  private numbers = new Int32Array(FIRST);
  private count = 0;

  get length(): number {
    return this.count;
  }

  at(index: number): number | undefined {
    return index < this.count ? this.numbers[index] : undefined;
  }

  /** Where it stands. */
  push(number: number): number {
    this.set(this.count, number);
    return this.count - 1;
  }

  /** What lies between the end and a place behind it is `between`. */
  set(index: number, number: number, between = 0): void {
    if (index >= this.numbers.length) {
      const more = new Int32Array(2 ** Math.ceil(Math.log2(index + 1)));
      more.set(this.numbers);
      this.numbers = more;
    }
    if (index >= this.count) {
      this.numbers.fill(between, this.count, index);
      this.count = index + 1;
    }
    this.numbers[index] = number;
  }
}
