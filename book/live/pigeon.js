/** The Pigeon: 784 pixels → ReLU units → one logit, "is this digit smaller than 3?", and how wrong it is.
 *
 * All digits lie in one memory, and the one Pigeon that is at work, where the loops of kernel.wat reach them.
 */
import { startingWeights } from './random.js';

/** @typedef {{starts: Int32Array, targets: Float64Array}} Images  where each lies, and what is right to answer to it
 *  @typedef {{state: Float32Array, width: number, numHidden: number}} Pigeon
 *  `state`: a row of `width` weights for each pixel; one of biases, as if of a pixel in every image; one of output
 *  weights; one that begins with the output bias; while it learns, as many velocities. Units of zeros fill `width`. */

export const PIXELS = 784;
const ROWS = PIXELS + 3;
const SMALLER_THAN = 3;
const BLOCK = 16;  // units that kernel.wat sums at once
const MOST = 128;  // units of the largest Pigeon
const INKED = 8;   // bytes of an inked pixel
const FULL = 4 * ROWS * MOST;  // bytes of its weights; places in memory:
const GRADIENT = 0, STATE = FULL, HELD = 3 * FULL, IMAGES = HELD + 4 * MOST;

/** `Pigeon(numHidden, seed=seed)`, ready to learn. @returns {Pigeon} */
export function makePigeon(numHidden, seed) {
  const [hidden, output] = startingWeights(PIXELS, numHidden, seed), width = Math.ceil(numHidden / BLOCK) * BLOCK;
  const state = new Float32Array(2 * ROWS * width);
  for (let unit = 0, from = 0; unit < numHidden; unit++) {
    for (let at = unit; at < PIXELS * width; at += width) state[at] = hidden.weight[from++];
  }
  [hidden.bias, output.weight, output.bias].forEach((row, i) => state.set(row, (PIXELS + i) * width));
  return { state, width, numHidden };
}

/** The memory with all digits, and what is done there. */
export class Workbench {
  /** @param {Uint8Array} bytes  the book's `digits.bin`, unpacked: 784 bytes of each image, then all labels
   *  @param {WebAssembly.Module} kernel */
  constructor(bytes, kernel) {
    const count = bytes.length / (PIXELS + 1), half = count / 2, labels = bytes.subarray(count * PIXELS);
    const first = IMAGES + INKED * (PIXELS + 1), inked = bytes.reduce((sum, byte) => sum + (byte > 0), count);
    const memory = new WebAssembly.Memory({ initial: Math.ceil((first + INKED * inked) / 65536) });
    this.buffer = memory.buffer;
    this.kernel = new WebAssembly.Instance(kernel, { page: { memory } }).exports;
    this.train = this.lay(bytes, labels.subarray(0, half), first);
    this.val = this.lay(bytes.subarray(half * PIXELS), labels.subarray(half), this.train.starts[half]);
  }

  /** Lay images down in memory, at first where one is drawn. @returns {Images} */
  lay(bytes, labels, place = IMAGES) {
    const starts = new Int32Array(labels.length + 1).fill(place), memory = new DataView(this.buffer);
    const put = (pixel, ink) => {
      memory.setInt32(place, pixel, true);
      memory.setFloat32(place + 4, ink, true);
      place += INKED;
    };
    for (let n = 0, at = 0; n < labels.length; starts[++n] = place) {
      for (let pixel = 0; pixel < PIXELS; pixel++, at++) if (bytes[at]) put(pixel, bytes[at] / 255);
      put(PIXELS, 1);
    }
    return { starts, targets: Float64Array.from(labels, label => (label < SMALLER_THAN ? 1 : 0)) };
  }

  /** Work on `pigeon` from now on; the one before takes along what has become of it. */
  hold(pigeon) {
    if (pigeon === this.pigeon) return;
    this.pigeon?.state.set(this.state);
    this.pigeon = pigeon;
    const { state, width } = pigeon, view = (place, length) => new Float32Array(this.buffer, place, length);
    const outputs = place => view(place + 4 * (PIXELS + 1) * width, width + 1);
    this.state = view(STATE, state.length);
    this.state.set(state);
    Object.assign(this, { held: view(HELD, width), out: outputs(STATE), outGradient: outputs(GRADIENT) });
  }

  /** The logit of image `n`; what the hidden units give, after the ReLU, is left in `held`. */
  forward({ starts }, n) {
    const { held, out } = this, width = held.length;
    this.kernel.sums(starts[n], starts[n + 1], STATE, HELD, 4 * width);
    let logit = out[width];
    for (let u = 0; u < width; u++) {
      if (!(held[u] < 0)) logit += held[u] * out[u];  // nan goes on
      else held[u] = 0;
    }
    return logit;
  }

  /** Add image `n`'s gradient, `slope` being that of the loss along its logit, just computed; `held` is spent. */
  backward({ starts }, n, slope) {
    const { held, out, outGradient } = this, width = held.length;
    outGradient[width] += slope;
    for (let u = 0; u < width; u++) {
      outGradient[u] += slope * held[u];
      held[u] = held[u] > 0 ? slope * out[u] : 0;
    }
    this.kernel.spread(starts[n], starts[n + 1], GRADIENT, HELD, 4 * width);
  }

  /** One step along the gradient, which is forgotten, as `torch.optim.SGD` does it. */
  step(rate, momentum, pull) {
    const size = 4 * ROWS * this.pigeon.width;
    this.kernel.step(STATE, STATE + size, GRADIENT, size, rate, momentum, pull);
  }

  /** The weights as they stand: a Pigeon that learns no more. @returns {Pigeon} */
  copy() { return { ...this.pigeon, state: this.state.slice(0, ROWS * this.pigeon.width) }; }

  /** Mean loss and accuracy on the first `count` images, and for each unit the share of them for which it is on. */
  evaluate(images, count) {
    const { held, pigeon: { numHidden } } = this, on = new Float32Array(numHidden);
    let loss = 0, right = 0;
    for (let n = 0; n < count; n++) {
      const logit = this.forward(images, n), target = images.targets[n];
      loss += crossEntropy(logit, target);
      if (logit > 0 === target > 0.5) right++;
      for (let u = 0; u < numHidden; u++) if (held[u] > 0) on[u]++;
    }
    return { loss: loss / count, accuracy: right / count, on: on.map(times => times / count) };
  }
}

/** A workbench with the book's digits. */
export async function openWorkbench() {
  const [digits, kernel] = await Promise.all(['digits.bin', 'kernel.wasm'].map(name =>
    fetch(new URL(name, import.meta.url))));
  const unpacked = new Response(digits.body.pipeThrough(new DecompressionStream('gzip')));
  const [bytes, code] = await Promise.all([unpacked, kernel].map(one => one.arrayBuffer()));
  return new Workbench(new Uint8Array(bytes), await WebAssembly.compile(code));
}

/** The probability of "yes" that a logit stands for. */
export const sigmoid = logit => 1 / (1 + Math.exp(-logit));

/** Binary cross-entropy of one answer, in nats, from its logit: without an overflow on the way. */
export const crossEntropy = (logit, target) =>
  Math.max(logit, 0) - logit * target + Math.log1p(Math.exp(-Math.abs(logit)));
