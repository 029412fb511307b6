/** The random numbers of torch and numpy, drawn again: the same starting weights, the same order of images.
 *
 * torch's CPU generator is mt19937 (Matsumoto & Nishimura, "Mersenne Twister", ACM TOMACS 8(1), 1998); numpy's
 * `default_rng` is PCG64 with XSL-RR output (O'Neill, "PCG", HMC-CS-2014-0905, 2014), seeded by SeedSequence.
 * Nothing here knows a network, nor what the numbers are for.
 */

/** mt19937 as `torch.manual_seed(seed)` starts it: numbers of 32 bits. */
function* mersenneTwister(seed) {
  const state = new Uint32Array(624);
  state[0] = seed;
  for (let i = 1; i < 624; i++) state[i] = Math.imul(1812433253, state[i - 1] ^ (state[i - 1] >>> 30)) + i;
  for (;;) {
    for (let i = 0; i < 624; i++) {
      const y = (state[i] & 0x80000000) | (state[(i + 1) % 624] & 0x7fffffff);
      state[i] = state[(i + 397) % 624] ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0);
    }
    for (let y of state) {
      y ^= y >>> 11;
      y ^= (y << 7) & 0x9d2c5680;
      y ^= (y << 15) & 0xefc60000;
      yield (y ^ (y >>> 18)) >>> 0;
    }
  }
}

/** `torch.nn.init.uniform_(-bound, bound)`: single precision, product and sum rounded once, as its vector units do. */
function uniform(count, bound, bits) {
  const low = Math.fround(-bound), range = Math.fround(Math.fround(bound) - low), numbers = new Float32Array(count);
  for (let i = 0; i < count; i++) numbers[i] = (bits.next().value & 0xffffff) * 2 ** -24 * range + low;
  return numbers;
}

/** The hidden and the output layer of `Pigeon(numHidden, seed=seed)`, in torch's layout: a row a unit.
 * @returns {{weight: Float32Array, bias: Float32Array}[]} */
export function startingWeights(inputs, numHidden, seed) {
  const bits = mersenneTwister(seed);
  return [[inputs, numHidden], [numHidden, 1]].map(([from, to]) => ({
    weight: uniform(from * to, 1 / Math.sqrt(from), bits), bias: uniform(to, 1 / Math.sqrt(from), bits) }));
}

/** numpy's SeedSequence: spreads up to four integers below 2³² over `count` words of 32 bits. */
function seedSequence(entropy, count) {
  const hasher = (constant, factor) => value => {
    value ^= constant;
    constant = Math.imul(constant, factor);
    value = Math.imul(value, constant);
    return (value ^ (value >>> 16)) >>> 0;
  };
  const hash = hasher(0x43b0d7e5, 0x931e8875), spread = hasher(0x8b51f9dd, 0x58f38ded);
  const mix = (x, y) => {
    const mixed = (Math.imul(0xca01f9dd, x) - Math.imul(0x4973f715, y)) >>> 0;
    return (mixed ^ (mixed >>> 16)) >>> 0;
  };
  const four = [0, 1, 2, 3], pool = four.map(i => hash(entropy[i] ?? 0));
  for (const from of four) for (const to of four) if (from !== to) pool[to] = mix(pool[to], hash(pool[from]));
  return Array.from({ length: count }, (_, i) => spread(pool[i % 4]));
}

/** PCG64 as `numpy.random.default_rng(entropy)` starts it: numbers of 32 bits. */
function* pcg64(entropy) {
  const words = seedSequence(entropy, 8).map(BigInt);
  const [a, b, c, d] = [0, 2, 4, 6].map(i => words[i] | (words[i + 1] << 32n));
  const multiplier = 0x2360ed051fc65da44385df649fccf645n;
  const increment = BigInt.asUintN(128, (((c << 64n) | d) << 1n) | 1n);
  const after = state => BigInt.asUintN(128, state * multiplier + increment);
  for (let state = after(after(0n) + ((a << 64n) | b)); ;) {
    state = after(state);
    const turn = state >> 122n, folded = BigInt.asUintN(64, (state >> 64n) ^ state);
    const drawn = BigInt.asUintN(64, (folded >> turn) | (folded << (64n - turn)));
    yield Number(drawn & 0xffffffffn);
    yield Number(drawn >> 32n);
  }
}

/** `numpy.random.default_rng((seed, epoch)).permutation(count)`, of at most 65,536: the order of an epoch's images. */
export function dataOrder(count, seed, epoch) {
  const bits = pcg64([seed, epoch]), order = Uint16Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const mask = 2 ** (32 - Math.clz32(i)) - 1;
    let j;
    do j = bits.next().value & mask; while (j > i);
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}
