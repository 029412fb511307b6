/** What the charts measure with: units of the x-axis, ticks, paths, numbers as the book writes them. No state. */

/** What curves can be drawn over, and what the axis is called. */
export const UNITS = { epoch: 'epochs', iteration: 'iterations', images: 'images seen', tau: 'learning time τ' };

/** A number in three digits that count, whole from 1,000 on, as `words.number` in Python. */
export function number(value) {
  if (!Number.isFinite(value)) return 'infinite';
  const short = +value.toPrecision(3);
  return Math.abs(short) >= 1000 ? value.toLocaleString('en', { maximumFractionDigits: 0 }) : String(short);
}

/** A share, 0..1, as a percentage with one decimal; no line breaks before its sign. */
export const percent = share => `${(100 * share).toFixed(1)}\u00a0%`;

/** Round numbers from `low` to `high`, about `count` of them. */
export function ticks(low, high, count, isWhole = false) {
  const rough = (high - low) / Math.max(count, 2), power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map(factor => factor * power).find(size => size >= rough && !(isWhole && size < 1)) ?? 1;
  const first = Math.ceil(low / step - 1e-9), length = Math.floor(high / step + 1e-9) - first + 1;
  return Array.from({ length }, (_, i) => +((first + i) * step).toPrecision(9));
}

/** The powers of ten from `low` to `high`; in between, where there are fewer than two. */
export function decades(low, high) {
  const factors = Math.log10(high / low) < 2 ? [1, 2, 5] : [1], found = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); power++) {
    found.push(...factors.map(factor => +(factor * 10 ** power).toPrecision(3)));
  }
  return found.filter(at => at >= low * (1 - 1e-9) && at <= high * (1 + 1e-9));
}

/** SVG's path along points given in pixels; what is not a number leaves a gap, what is far outside is cut off. */
export function path(xs, ys, height) {
  let drawn = '', pen = 'M';
  xs.forEach((x, i) => {
    if (Number.isFinite(x) && Number.isFinite(ys[i])) {
      drawn += `${pen}${x.toFixed(1)} ${Math.min(Math.max(ys[i], -height), 2 * height).toFixed(1)}`;
      pen = 'L';
    } else pen = 'M';
  });
  return drawn;
}

/** `value` on the piecewise straight line through rising `xs` and `ys`; beyond its ends the line goes on. */
export function interpolate(value, xs, ys) {
  let right = xs.findIndex(x => x >= value);
  if (right < 0) right = xs.length - 1;
  if (right < 1) return ys[0];
  const [x0, x1, y0, y1] = [xs[right - 1], xs[right], ys[right - 1], ys[right]];
  return y0 + (value - x0) / (x1 - x0) * (y1 - y0);
}
