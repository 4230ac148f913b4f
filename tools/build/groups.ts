// Which variables of a script share an array: as few arrays as may be for each function, and the shortest numbers for those most spoken of.
// By counting. Not responsible for the rewriting (pack.ts). Runs at the desk.

/** Characters that one more array costs a function. Chosen: `x=X,` and the time of a look-up. */
const ARRAY_COST = 6;
const ROUNDS = 6;

/** How often each function asks for each variable, by name of the variable and number of the function. */
export type Uses = ReadonlyMap<string, ReadonlyMap<number, number>>;

const times = (uses: Uses, name: string): number => [...(uses.get(name)?.values() ?? [])].reduce((sum, each) => sum + each, 0);

class Groups {
  readonly of = new Map<string, number>();
  private readonly sizes: number[];
  /** For each function, how many of a group's variables it asks for. */
  private readonly known = new Map<number, number[]>();
  private readonly uses: Uses;
  /** Places in an array. */
  private readonly most: number;

  constructor(names: readonly string[], uses: Uses, count: number) {
    this.uses = uses;
    this.most = Math.ceil(names.length / count);
    this.sizes = new Array<number>(count).fill(0);
    for (const name of names) this.put(name);
    for (let round = 0; round < ROUNDS; round++)
      for (const name of names) {
        this.count(name, -1);
        this.put(name);
      }
  }

  private count(name: string, by: number): void {
    const group = this.of.get(name) ?? 0;
    this.sizes[group] = (this.sizes[group] ?? 0) + by;
    for (const owner of this.uses.get(name)?.keys() ?? []) {
      const known = this.known.get(owner) ?? this.sizes.map(() => 0);
      known[group] = (known[group] ?? 0) + by;
      this.known.set(owner, known);
    }
  }

  /** Into the group that most of the functions that ask for it ask anyway. */
  private put(name: string): void {
    const owners = [...(this.uses.get(name)?.keys() ?? [])];
    let best = -1;
    let bestCost = Infinity;
    for (const [group, size] of this.sizes.entries()) {
      if (size >= this.most) continue;
      const cost = owners.filter((owner) => (this.known.get(owner)?.[group] ?? 0) === 0).length * ARRAY_COST + size / this.most;
      if (cost >= bestCost) continue;
      best = group;
      bestCost = cost;
    }
    this.of.set(name, best);
    this.count(name, 1);
  }
}

/** The names of each array in order of their places. */
export function grouped(names: readonly string[], uses: Uses, count: number): string[][] {
  const byUse = [...names].sort((a, b) => times(uses, b) - times(uses, a));
  const groups = new Groups(byUse, uses, count);
  return Array.from({ length: count }, (_, group) => byUse.filter((name) => groups.of.get(name) === group));
}
