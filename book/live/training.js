/** One Pigeon in training, with the numbers that Python's `Trainer` would record for the same setting.
 *
 * They agree where sweep's docstring says that Trainer and sweep do. Pure arithmetic: no worker, no page, no clock.
 */
import { crossEntropy, makePigeon, sigmoid } from './pigeon.js';
import { dataOrder } from './random.js';

const BOUND = 10;      // as in history.py: a mean loss above this many nats …
const FEWEST = 32;     // … over at least so many images counts as diverged
const IMAGES = 256;    // of work between two yields, or one batch

/** Whether browser and `Trainer` agree within 1e-4; beyond, a single rounding changes the curve. */
export const isWithinRounding = ({ lr, momentum, batch_size }) =>
  lr / (1 - momentum) <= Math.min(1, batch_size / 40) * (1 + 1e-9);

export class Training {
  /** @param {import('./pigeon.js').Workbench} bench
   *  @param {Object<string, number>} settings  those of Python's `Setting`, and train_images to learn from and
   *    evaluate_every so many iterations, or, if that is 0, once an epoch
   *  @param {boolean} keeps  whether to keep the weights of epochs, for `kept` */
  constructor(bench, settings, keeps = false) {
    Object.assign(this, { bench, settings, keeps, iteration: 0, epochsDone: 0, tau: 0 });
    this.pigeon = makePigeon(settings.num_hidden, settings.seed);
    this.columns = { iteration: [], epoch: [], tau: [], train_loss: [], train_accuracy: [], val_loss: [],
      val_accuracy: [] };
    this.batchLoss = [];  // of each mini-batch, measured just before its update
    /** Where the losses left all bounds first. @type {?{iteration: number, loss: number}} */
    this.diverged = null;
    /** Epoch → the Pigeon after it, and "on", for which share of digits each of its units is on. */
    this.kept = new Map();
    this._work = this._train();
  }

  /** Do a small piece of work, and evaluate where it is time; there is always more to do. */
  advance() {
    this.bench.hold(this.pigeon);
    this._work.next();
  }

  * _train() {
    const { seed, lr, decay, momentum, weight_decay: pull, batch_size: size, train_images: count } = this.settings;
    const { bench, bench: { train } } = this, every = this.settings.evaluate_every || Math.ceil(count / size);
    const start = this._scores();
    this._record(start);
    this._keep(start);
    for (let epoch = 0, work = 0; ; epoch++) {
      const order = dataOrder(count, seed, epoch), rate = lr * decay ** epoch;
      for (let first = 0; first < count; first += size) {
        const last = Math.min(first + size, count);  // the last batch may be short
        let loss = 0;
        for (let k = first; k < last; k++) {
          const n = order[k], logit = bench.forward(train, n), target = train.targets[n];
          loss += crossEntropy(logit, target);
          bench.backward(train, n, (sigmoid(logit) - target) / (last - first));
        }
        bench.step(rate, momentum, pull);
        this._count(loss / (last - first), rate);
        const isTime = this.iteration % every === 0, isEnd = last === count;
        if (isEnd) this.epochsDone = epoch + 1;
        if (isTime || isEnd) {
          const scores = this._scores();
          if (isTime) this._record(scores);
          if (isEnd) this._keep(scores);
        }
        work += last - first;
        if (!isTime && !isEnd && work < IMAGES) continue;
        work = 0;
        yield;
      }
    }
  }

  /** Count an update, and notice when the mean loss over the last FEWEST images is out of bounds. */
  _count(loss, rate) {
    this.batchLoss.push(loss);
    this.iteration++;
    this.tau += rate / (1 - this.settings.momentum);
    const window = Math.ceil(FEWEST / this.settings.batch_size);
    const mean = this.batchLoss.slice(-window).reduce((sum, one) => sum + one, 0) / window;
    if (!(mean <= BOUND)) this.diverged ??= { iteration: this.iteration, loss: mean };
  }

  _scores() {
    const { bench, settings } = this;
    return { train: bench.evaluate(bench.train, settings.train_images),
      val: bench.evaluate(bench.val, bench.val.targets.length) };
  }

  _record({ train, val }) {
    const { batch_size: size, train_images: count } = this.settings, { iteration, tau } = this;
    const updates = Math.ceil(count / size), rest = iteration % updates * size / count;
    const epoch = Math.floor(iteration / updates) + rest;
    const row = { iteration, epoch, tau, train_loss: train.loss, train_accuracy: train.accuracy, val_loss: val.loss,
      val_accuracy: val.accuracy };
    for (const [name, value] of Object.entries(row)) this.columns[name].push(value);
  }

  /** Keep the weights after a whole epoch: after all at first, then after every fifth; of 200 epochs, 65 times. */
  _keep({ val: { on } }) {
    const epoch = this.epochsDone;
    if (this.keeps && (epoch <= 30 || epoch % 5 === 0)) this.kept.set(epoch, { ...this.bench.copy(), on });
  }
}
