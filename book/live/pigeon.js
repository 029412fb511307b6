/** The Pigeon: 784 pixels → ReLU units → one logit, "is this digit smaller than 3?", and how wrong it is.
 *
 * Images are sparse: lists of the pixels that have ink, about 150 of 784. Weights are kept in double precision, in
 * rows of `width` units a pixel, `width` being filled up to a multiple of BLOCK with units of zeros, which stay zeros.
 * Here is one image's arithmetic and the mean over many; the steps of training are in training.js.
 */
import { startingWeights } from './random.js';

/** @typedef {{starts: Int32Array, pixels: Int32Array, ink: Float64Array, targets: Float64Array}} Digits
 *  @typedef {{weight: Float64Array, bias: Float64Array, out: Float64Array, width: number, numHidden: number}} Pigeon
 *  `out` holds the output weights and, last, the output bias. */

export const PIXELS = 784;
const SMALLER_THAN = 3;
const BLOCK = 10;  // hidden units that are summed at once, in local variables: measured to be the quickest

/** Turn the book's `digits.bin`, unpacked, into two halves: it holds each image's bytes, then all labels.
 * @returns {{train: Digits, val: Digits}} */
export function readDigits(bytes) {
  const count = bytes.length / (PIXELS + 1), half = count / 2;
  const part = first => sparse(bytes.subarray(first * PIXELS, (first + half) * PIXELS),
    bytes.subarray(count * PIXELS + first, count * PIXELS + first + half));
  return { train: part(0), val: part(half) };
}

/** The lists of pixels of some images, 784 bytes each, and what is right to answer to them. @returns {Digits} */
export function sparse(bytes, labels) {
  const starts = new Int32Array(labels.length + 1), pixels = [], ink = [];
  bytes.forEach((value, at) => {
    if (!value) return;
    pixels.push(at % PIXELS);
    ink.push(Math.fround(value / 255));
    starts[Math.floor(at / PIXELS) + 1]++;
  });
  for (let n = 0; n < labels.length; n++) starts[n + 1] += starts[n];
  return { starts, pixels: Int32Array.from(pixels), ink: Float64Array.from(ink),
    targets: Float64Array.from(labels, label => (label < SMALLER_THAN ? 1 : 0)) };
}

/** An array of zeros for each array of a Pigeon: for gradients and velocities. */
export function zeros(width) {
  return { weight: new Float64Array(PIXELS * width), bias: new Float64Array(width), out: new Float64Array(width + 1) };
}

/** `Pigeon(numHidden, seed=seed)`. @returns {Pigeon} */
export function makePigeon(numHidden, seed) {
  const [hidden, output] = startingWeights(PIXELS, numHidden, seed), width = Math.ceil(numHidden / BLOCK) * BLOCK;
  const pigeon = { ...zeros(width), width, numHidden };
  for (let unit = 0; unit < numHidden; unit++) {
    for (let pixel = 0; pixel < PIXELS; pixel++) {
      pigeon.weight[pixel * width + unit] = hidden.weight[unit * PIXELS + pixel];
    }
  }
  pigeon.bias.set(hidden.bias);
  pigeon.out.set(output.weight);
  pigeon.out[width] = output.bias[0];
  return pigeon;
}

/** What the hidden units sum up for image `n`, before the ReLU: left in `held`, as long as `width`. */
export function sums({ weight, bias, width }, { starts, pixels, ink }, n, held) {
  const end = starts[n + 1];
  for (let u = 0; u < width; u += BLOCK) {
    let s0 = bias[u], s1 = bias[u + 1], s2 = bias[u + 2], s3 = bias[u + 3], s4 = bias[u + 4];
    let s5 = bias[u + 5], s6 = bias[u + 6], s7 = bias[u + 7], s8 = bias[u + 8], s9 = bias[u + 9];
    for (let j = starts[n]; j < end; j++) {
      const w = pixels[j] * width + u, v = ink[j];
      s0 += v * weight[w]; s1 += v * weight[w + 1]; s2 += v * weight[w + 2]; s3 += v * weight[w + 3];
      s4 += v * weight[w + 4]; s5 += v * weight[w + 5]; s6 += v * weight[w + 6]; s7 += v * weight[w + 7];
      s8 += v * weight[w + 8]; s9 += v * weight[w + 9];
    }
    held[u] = s0; held[u + 1] = s1; held[u + 2] = s2; held[u + 3] = s3; held[u + 4] = s4;
    held[u + 5] = s5; held[u + 6] = s6; held[u + 7] = s7; held[u + 8] = s8; held[u + 9] = s9;
  }
}

/** The logit of image `n`; what the hidden units give, after the ReLU, is left in `held`. */
export function forward(pigeon, digits, n, held) {
  sums(pigeon, digits, n, held);
  const { out, width } = pigeon;
  let logit = out[width];
  for (let u = 0; u < width; u++) {
    if (!(held[u] < 0)) logit += held[u] * out[u];  // nan goes on
    else held[u] = 0;
  }
  return logit;
}

/** Add image `n`'s gradient to `gradient`, `slope` being that of the loss along its logit; `held` is spent. */
export function backward({ out, width }, gradient, { starts, pixels, ink }, n, slope, held) {
  const { weight, bias, out: outGradient } = gradient, end = starts[n + 1];
  outGradient[width] += slope;
  for (let u = 0; u < width; u++) {
    outGradient[u] += slope * held[u];
    held[u] = held[u] > 0 ? slope * out[u] : 0;
    bias[u] += held[u];
  }
  for (let u = 0; u < width; u += BLOCK) {
    const s0 = held[u], s1 = held[u + 1], s2 = held[u + 2], s3 = held[u + 3], s4 = held[u + 4];
    const s5 = held[u + 5], s6 = held[u + 6], s7 = held[u + 7], s8 = held[u + 8], s9 = held[u + 9];
    for (let j = starts[n]; j < end; j++) {
      const w = pixels[j] * width + u, v = ink[j];
      weight[w] += v * s0; weight[w + 1] += v * s1; weight[w + 2] += v * s2; weight[w + 3] += v * s3;
      weight[w + 4] += v * s4; weight[w + 5] += v * s5; weight[w + 6] += v * s6; weight[w + 7] += v * s7;
      weight[w + 8] += v * s8; weight[w + 9] += v * s9;
    }
  }
}

/** The probability of "yes" that a logit stands for. */
export const sigmoid = logit => 1 / (1 + Math.exp(-logit));

/** Binary cross-entropy of one answer, in nats, from its logit: without an overflow on the way. */
export const crossEntropy = (logit, target) =>
  Math.max(logit, 0) - logit * target + Math.log1p(Math.exp(-Math.abs(logit)));

/** Mean loss and accuracy on the first `count` digits, and for each unit the share of images for which it is on. */
export function evaluate(pigeon, digits, count) {
  const held = new Float64Array(pigeon.width), on = new Float32Array(pigeon.numHidden);
  let loss = 0, right = 0;
  for (let n = 0; n < count; n++) {
    const logit = forward(pigeon, digits, n, held), target = digits.targets[n];
    loss += crossEntropy(logit, target);
    if (logit > 0 === target > 0.5) right++;
    for (let u = 0; u < on.length; u++) if (held[u] > 0) on[u]++;
  }
  return { loss: loss / count, accuracy: right / count, on: on.map(times => times / count) };
}
