/** A run of a Scene as numbers to draw: means over its seeds, positions on the x-axis. No page.
 *
 * A run: { slot, label, settings, num_train, iterations_per_epoch, is_complete, seeds: [{ columns, batch_loss }],
 * diverged: null | { iteration, loss }, best: { loss, accuracy } }, columns as in History; null for not a number.
 */
const known = new WeakMap();

/** The columns' means over the seeds, as far as all have come, and their standard deviations.
 * @returns {{rows: number, mean: Object<string, number[]>, spread: ?Object<string, number[]>}}
 */
export function averaged(run) {
  if (known.has(run)) return known.get(run);
  const columns = run.seeds.map(seed => seed.columns), [first] = columns, count = columns.length;
  const rows = Math.min(...columns.map(({ iteration }) => iteration.length));
  const mean = { images: [...first.epoch.slice(0, rows)].map(epoch => epoch * run.num_train) }, spread = {};
  for (const name of Object.keys(first)) {
    mean[name] = Array.from({ length: rows }, (_, i) => total(columns, name, i) / count);
    spread[name] = count > 1 ? mean[name].map((middle, i) =>
      Math.sqrt(columns.reduce((sum, one) => sum + (one[name][i] - middle) ** 2, 0) / (count - 1))) : null;
  }
  const found = { rows, mean, spread: count > 1 ? spread : null };
  known.set(run, found);
  return found;
}

const total = (columns, name, i) => columns.reduce((sum, one) => sum + (one[name][i] ?? NaN), 0);

/** How far a run will get, in a unit of the x-axis. */
export function end({ settings, num_train, iterations_per_epoch }, unit) {
  const { lr, momentum, decay = 1, epochs } = settings;
  if (unit === 'epoch') return epochs;
  if (unit === 'images') return epochs * num_train;
  if (unit === 'iteration') return epochs * iterations_per_epoch;
  const rates = Array.from({ length: epochs }, (_, epoch) => lr * decay ** epoch).reduce((sum, rate) => sum + rate, 0);
  return rates * iterations_per_epoch / (1 - momentum);
}

/** The mini-batch losses of a run's first seed, or their running average over `window`, at most `most` of them.
 *
 * Where there are more, each of `most` stretches gives its lowest and its highest: peaks stay to be seen.
 * @returns {{iterations: number[], losses: number[]}}
 */
export function batchLosses({ seeds: [{ batch_loss: losses }] }, window, most) {
  const sums = [0];
  for (const loss of losses) sums.push(sums.at(-1) + (loss ?? NaN));
  const smooth = Array.from(losses, (loss, i) => (window === 1 ? loss ?? NaN
    : (sums[i + 1] - sums[Math.max(0, i + 1 - window)]) / Math.min(i + 1, window)));
  const iterations = [], stretch = Math.max(1, Math.ceil(2 * smooth.length / most));
  for (let i = 0; i < smooth.length; i += stretch) {
    const part = smooth.slice(i, i + stretch);
    const ends = [Math.min(...part), Math.max(...part)].map(one => part.indexOf(one));
    iterations.push(...new Set(ends.filter(at => at >= 0).sort((a, b) => a - b).map(at => i + at + 1)));
  }
  return { iterations, losses: iterations.map(at => smooth[at - 1]) };
}
