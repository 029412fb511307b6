/** What a reader does with one panel: the run under the sliders, the one before it, the pinned ones. No page.
 *
 * It has a worker, and gives Scenes for the charts to draw, as Python's panels do.
 */
import { LETTERS } from './chart.js';
import { areMet } from './goals.js';
import { averaged } from './runs.js';
import { store, stored } from './storage.js';

export class Session {
  /** @param {Object} declared  the panel as Python declares it, its "controls" in full
   *  @param {() => void} onChange  called whenever there is something new to see */
  constructor(declared, onChange) {
    const { controls, name } = declared;
    Object.assign(this, { declared, onChange, pins: [], isMoving: false, id: 0, asked: {} });
    this.names = Object.keys(controls).filter(one => controls[one].trains);
    this.starts = Object.fromEntries(this.names.map(one => [one, controls[one].start]));
    this.settings = { ...this.starts };
    this.score = stored(`panel/${name}`, { met: [], guess: null, outcome: null, best: [] });  // what is reached
    this.worker = new Worker(new URL('worker.js', import.meta.url), { type: 'module' });
    this.worker.onmessage = ({ data }) => this._receive(data);
  }

  /** Change settings and train; while a slider is moved, the run to compare with stays the same. */
  change(settings) {
    if (!this.isMoving && !this.isTraining) this.before = this.now;
    Object.assign(this.settings, settings);
    this.train();
  }

  train() {
    const settings = { ...this.declared.defaults, ...this.settings }, images = settings.train_images;
    this.coming = { settings, num_train: images, iterations_per_epoch: Math.ceil(images / settings.batch_size),
      kept: [], best: {} };
    this.asksPremise = false;
    this.isTraining = true;
    this.running = ++this.id;
    this.worker.postMessage({ id: this.id, settings });
    this.onChange();
  }

  /** What the Pigeon of the run last asked for answers to an image: after each epoch, the chance of "yes". */
  answers(image) {
    this.worker.postMessage({ id: ++this.id, image });
    return new Promise(resolve => { this.asked[this.id] = resolve; });
  }

  /** Commit to an answer to the panel's question: its premise is run, and then what it asks about. */
  guess(answer) {
    Object.assign(this.score, { guess: answer, outcome: null });
    this.change({ ...this.starts, ...this.declared.prediction.premise });
    this.asksPremise = true;
  }

  /** Keep the run shown, unless it is kept already, or six others are. */
  pin() {
    const { now, pins } = this, slot = [...LETTERS].findIndex((_, free) => !pins.some(pin => pin.slot === free));
    if (slot < 0 || pins.some(pin => same(pin.settings, now.settings))) return;
    this.pins = [...pins, { ...now, slot }].sort((a, b) => a.slot - b.slot);
  }

  drop(slot) { this.pins = this.pins.filter(pin => pin.slot !== slot); }

  reset() {
    Object.assign(this, { before: null, pins: [], settings: { ...this.starts } });
    this.train();
  }

  /** The run before, where it is another one than the run shown. */
  get ghost() {
    return this.before && !same(this.before.settings, this.now.settings) ? this.before : null;
  }

  /** Everything to be seen now, under the choices `view`. */
  scene(view) {
    const { now, pins, ghost, names, declared: { name, baseline } } = this;
    const differing = names.filter(one => pins.some(run => run.settings[one] !== now.settings[one]));
    for (const run of pins) run.label = differing.map(one => this.said(one, run.settings[one])).join(', ');
    const runs = [...pins, Object.assign(now, { slot: 'now', label: 'now' })];
    if (ghost) runs.unshift({ ...ghost, slot: 'before', label: 'the run before' });
    return { panel: name, view, baseline, differing, runs };
  }

  /** A setting as one reads it out, "30 hidden units", or as its "text", "30". */
  said(name, value, how = 'said') {
    return this.declared.controls[name].choices.find(choice => choice.value === value)[how];
  }

  _receive({ id, answers, seeds, kept, done }) {
    this.asked[id]?.(answers);
    delete this.asked[id];
    if (id !== this.running || !seeds) return;
    const fallen = seeds.map(seed => seed.diverged).filter(Boolean).sort((a, b) => a.iteration - b.iteration);
    this.now = this.coming = { ...this.coming, seeds, is_complete: done, kept: [...this.coming.kept, ...kept],
      diverged: fallen[0] ?? null, num_diverged: fallen.length };
    this.isTraining = !done;
    if (done) this._end(this.now);
    this.onChange();
  }

  /** Take down what a finished run means: its best rows, what it reaches, whether a guess came true. */
  _end(run) {
    const { score, declared: { name, prediction, challenges, has_leaderboard: hasBoard } } = this;
    const { mean } = averaged(run), rowOf = (values, best) => values.indexOf(best(...values.filter(Number.isFinite)));
    run.best = { loss: rowOf(mean.val_loss, Math.min), accuracy: rowOf(mean.val_accuracy, Math.max) };
    score.met = [...challenges.keys()].filter(i => score.met.includes(i)
      || (has(run, challenges[i].settings) && areMet(challenges[i].needs, run)));
    if (hasBoard && !run.diverged) {
      const settings = Object.fromEntries(this.names.map(one => [one, run.settings[one]]));
      const others = score.best.filter(one => !same(one.settings, settings));
      score.best = [...others, { settings, accuracy: mean.val_accuracy.at(-1) }]
        .sort((a, b) => b.accuracy - a.accuracy).slice(0, 10);
    }
    if (this.asksPremise) {
      this.premise = run;
      queueMicrotask(() => this.change({ ...this.starts, ...prediction.settings }));
    } else if (this.premise) {
      const [found] = Object.entries(prediction.outcomes).find(([, needs]) => areMet(needs, run, this.premise));
      if (has(run, prediction.settings)) score.outcome = found;
      this.premise = null;
    }
    store(`panel/${name}`, score);
  }
}

const has = (run, settings) => Object.entries(settings).every(([name, value]) => run.settings[name] === value);
const same = (one, other) => Object.keys(one).every(name => one[name] === other[name]);
