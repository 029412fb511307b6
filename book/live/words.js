/** A run in words: one sentence on what changed since the run before, a few on where it ends. */
import { number, percent } from './axes.js';
import { averaged } from './runs.js';

/** @param {import('./session.js').Session} session  whose run is complete. @returns {{change: string, end: string}} */
export function tell(session) {
  const { now, ghost: before, names } = session, { mean, spread } = averaged(now), count = now.seeds.length;
  const change = before ? names.filter(name => now.settings[name] !== before.settings[name]).map(name =>
    `${session.said(name, before.settings[name])} → ${session.said(name, now.settings[name], 'text')}`) : [];
  const isDead = now.kept.at(-1).on.every(share => share === 0), end = mean.val_accuracy.at(-1);
  const off = isDead ? ` Every hidden unit is off: it answers “${end > 0.5 ? 'no' : 'yes'}” to everything.` : '';
  const more = count > 1 ? `, ± ${(100 * spread.val_accuracy.at(-1)).toFixed(1)} over ${count} seeds`
    : than(end, before);
  const what = now.diverged ? divergence(now) : `The Pigeon is right on ${percent(end)} of new digits${more}.`;
  return { change: change.join(', ').replace(/^./, one => one.toUpperCase()) + (change.length ? '.' : ''),
    end: what + (now.diverged || isDead || count > 1 ? off : turn(mean, now.best.loss)) };
}

function than(end, before) {
  if (!before || before.diverged || before.seeds.length > 1) return '';
  const gain = 100 * (end - averaged(before).mean.val_accuracy.at(-1));
  if (Math.abs(gain) < 0.05) return ', as many as before';
  return `, ${Math.abs(gain).toFixed(1)} points ${gain > 0 ? 'more' : 'fewer'} than before`;
}

function turn({ val_loss: losses, epoch }, best) {
  if (!(losses.at(-1) - losses[best] > 0.005)) return '';
  return ` Its validation loss was lowest after epoch ${number(epoch[best])}: ${number(losses[best])}.`;
}

function divergence({ diverged: { iteration, loss }, num_diverged: some, seeds: { length: all } }) {
  const where = all > 1 ? ` in ${some} of ${all} seeds` : '';
  const how = Number.isFinite(loss) ? `rose to ${number(loss)}` : 'became infinite';
  return `It diverged${where}: at update ${number(iteration)} the loss ${how}, where guessing costs 0.693.`;
}

/** How images, batches and updates go together for a run. */
export function reckon({ num_train: images, iterations_per_epoch: each, settings: { epochs, batch_size: size } }) {
  const many = (value, unit) => `${value.toLocaleString('en')} ${unit}${value === 1 ? '' : 's'}`;
  const short = images % size && images > size ? `, the last with ${many(images % size, 'image')}` : '';
  return `${many(images, 'image')} in batches of ${size}: ${many(each, 'iteration')} an epoch${short}; ${
    many(each * epochs, 'iteration')} in all.`;
}
