/** Whether a run has what a challenge or a prediction needs; panels/declare.py says what a need is. */
const COMPARISONS = { equals: (a, b) => a === b, at_least: (a, b) => a >= b, at_most: (a, b) => a <= b,
  above: (a, b) => a > b, below: (a, b) => a < b };
const TAKEN = { end: all => all.at(-1), highest: all => Math.max(...all), lowest: all => Math.min(...all) };

/** @param {Object[]} needs
 *  @param {Object} run  of a Scene, finished
 *  @param {?Object} premise  the run that a prediction compares with
 *  @returns {boolean} whether the run meets all needs */
export const areMet = (needs, run, premise = null) => needs.every(need => {
  let value = lookedAt(need, run);
  if ('minus' in need) value -= premise ? lookedAt(need, premise) : NaN;
  return !Number.isNaN(value) && Object.entries(COMPARISONS).every(([how, holds]) =>
    !(how in need) || holds(value, need[how]));
});

function lookedAt({ of, name, seeds, take = 'end', within = Infinity }, run) {
  if (of === 'setting') return run.settings[name];
  if (of === 'run') return name === 'diverged' ? run.diverged !== null : run.settings.epochs * run.iterations_per_epoch;
  if (of !== 'column') return NaN;  // what only a chapter's own picture measures, in Python
  const taken = run.seeds.slice(0, seeds === 'mean' ? undefined : 1).map(({ columns }) => {
    const values = columns[name].filter((value, i) => columns.iteration[i] <= within
      && (take === 'end' || Number.isFinite(value)));
    return Number.isFinite(values.at(-1)) ? TAKEN[take](values) : NaN;
  });
  return taken.reduce((sum, value) => sum + value, 0) / taken.length;
}
