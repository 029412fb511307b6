/** One metric of all runs of a Scene, as SVG that is drawn anew at every change and every size.
 *
 * Training solid blue, validation dashed orange, a star on its best epoch, ✕ where a run diverged, ▲ and the number
 * where it leaves the picture. The run before is gray. A pinned run is its validation curve, with a letter at its end;
 * its color and dash belong to its slot. Several seeds are their mean, a band of ± a standard deviation, faint lines.
 */
import { decades, interpolate, number, path, percent, ticks, UNITS } from './axes.js';
import { averaged, batchLosses, end } from './runs.js';

const METRICS = {
  loss: { title: 'Loss', note: 'nats', start: [0, 0.9], farthest: [0, 2], written: number },
  accuracy: { title: 'Accuracy', note: 'right answers', start: [0.5, 1], farthest: [0, 1], written: percent },
};
const LOG = { start: [0.01, 1], farthest: [1e-5, 100] };
const MARGIN = { top: 24, right: 22, bottom: 44, left: 42 };
const STAR = 'M0-8 1.9-2.6 7.6-2.5 3.1 1 4.7 6.5 0 3.2-4.7 6.5-3.1 1-7.6-2.5-1.9-2.6Z';
const CROSS = 'M-6-6 6 6M-6 6 6-6';
export const LETTERS = 'ABCDEF';

const text = (x, y, words, end = 'middle', style = '') =>
  `<text class="${style}" x="${x}" y="${y}" text-anchor="${end}">${words}</text>`;

export class Chart {
  /** @param {Element} host a figure that it fills
   *  @param {'loss'|'accuracy'} metric
   *  @param {?string} unit of the x-axis; the view chooses where it is null
   *  @param {(row: ?number) => void} onPoint called when the reader points at a row, by mouse, finger or key */
  constructor(host, metric, unit, onPoint) {
    Object.assign(this, { metric, unit, onPoint, ...METRICS[metric], pointed: null });
    host.innerHTML = `<figcaption><strong>${this.title}</strong> <small>${this.note}</small>
      <span class="reading"><span class="key train">training <b></b></span> <span class="key val">validation
      <b></b></span></span></figcaption><div class="plot" role="slider" tabindex="0" aria-valuemin="0" aria-valuemax="1"
      aria-valuenow="0" aria-label="${this.title}: point at an evaluation"><svg aria-hidden="true"><g></g><g></g></svg>
      </div>`;
    this.plot = host.querySelector('.plot');
    [this.still, this.mark] = host.querySelector('svg').children;
    this.readings = host.querySelectorAll('.key');
    this.startAnew();
    this._sized = new ResizeObserver(([{ contentRect: { width, height } }]) => {
      Object.assign(this, { width, height });
      if (this.scene) this.draw(this.scene);
    });
    this._sized.observe(this.plot);
    this._listen();
  }

  /** Forget the limits: the y-axis fits the curves that are there, or starts where it always does, and only grows. */
  startAnew(isFitted = false) {
    Object.assign(this, { limits: {}, isFitted });
    if (isFitted && this.scene) this.draw(this.scene);
  }

  draw(scene) {
    this.scene = scene;
    const now = this.now = scene.runs.find(run => run.slot === 'now');
    if (!(this.width > 0) || !now) return;
    const { metric } = this, { view = {}, runs } = scene, before = runs.find(run => run.slot === 'before');
    const pins = runs.filter(run => Number.isInteger(run.slot)), baseline = scene.baseline?.[metric];
    this.by = this.unit ?? view.x ?? 'epoch';
    this._scale([now, ...pins], view.log && metric === 'loss', view);
    const { x, y, bottom, right } = this;
    this.still.innerHTML = [
      this._axes(),
      `<clipPath id="${this.clip ??= `plot-${Math.random()}`}"><rect x="${MARGIN.left - 6}" y="${MARGIN.top - 6}"
        width="${right - MARGIN.left + 12}" height="${bottom - MARGIN.top + 8}"/></clipPath>`,
      `<g clip-path="url(#${this.clip})">`,
      baseline === undefined ? '' : `<path class="baseline" d="M${MARGIN.left} ${y(baseline)}H${right}"/>`,
      before ? this._curve(before, 'train', 'ghost') + this._curve(before, 'val', 'ghost dashed') : '',
      view.smoothing && metric === 'loss' ? this._batches(now, view.smoothing) : '',
      ...pins.map(run => this._pin(run)), this._spread(now, 'val'),
      this._curve(now, 'train', 'train'), this._curve(now, 'val', 'val'), '</g>',
      this._letters(pins), this._best(now), this._offScale(now),
    ].join('');
    this.point(this.pointed);
  }

  /** Point at a row: a hairline, dots, the values; null reads the newest row, without a hairline. */
  point(row) {
    this.pointed = row;
    if (!this.now || !this.x) return;
    const { rows, mean, spread } = averaged(this.now), at = Math.min(row ?? rows, rows - 1);
    if (at < 0) return;
    const x = this.x(mean[this.by][at]), dots = [];
    const words = ['train', 'val'].map((set, i) => {
      const name = `${set}_${this.metric}`, value = mean[name]?.[at], about = spread?.[name]?.[at];
      this.readings[i].hidden = value === undefined;
      if (this.readings[i].hidden) return '';
      const y = this.y(value), more = about > 0 ? ` ± ${this.written(+about.toPrecision(2))}` : '';
      const said = this.written(value) + more;
      if (y >= MARGIN.top - 6) dots.push(`<circle class="dot ${set}" cx="${x}" cy="${y}" r="5"/>`);
      this.readings[i].lastChild.textContent = said;
      return `${this.readings[i].firstChild.textContent.trim()} ${said}`;
    });
    const word = { iteration: 'iteration', images: 'image', tau: 'τ' }[this.by] ?? 'epoch';
    const place = `${word} ${number(mean[this.by][at])}`, side = Math.min(Math.max(x, 40), this.width - 40);
    Object.assign(this.plot, { ariaValueMax: Math.max(rows - 1, 1), ariaValueNow: at,
      ariaValueText: `${place}: ${words.filter(Boolean).join(', ')}` });
    this.mark.innerHTML = row === null ? '' : `<path class="hair" d="M${x} 20V${this.bottom}"/>${dots.join('')}
      ${text(side, 14, place, 'middle', 'at')}`;
  }

  close() { this._sized.disconnect(); }

  /** Set `x` and `y`, which turn values into pixels, and the limits of both axes. */
  _scale(runs, isLog, view) {
    const isTau = this.by === 'tau';  // rates differ by powers of ten: so does τ, whose axis is logarithmic
    const far = Math.max(...runs.map(run => end(run, this.by)));
    const near = isTau ? Math.min(far / 10, ...runs.map(run => averaged(run).mean.tau[1] ?? far)) : 0;
    const [low, high] = this._grow(isLog, runs, view), of = isLog ? Math.log10 : value => value;
    const bottom = this.height - MARGIN.bottom, right = this.width - MARGIN.right;
    const log = value => (value > 0 ? Math.log(value / near) / Math.log(far / near) : NaN);
    const share = isTau ? log : value => value / far;
    Object.assign(this, { bottom, right, low, high, near, far, isLog, isTau,
      x: value => MARGIN.left + share(value) * (right - MARGIN.left),
      y: value => bottom - (of(value) - of(low)) / (of(high) - of(low)) * (bottom - MARGIN.top) });
  }

  _grow(isLog, runs, view) {
    const { start, farthest } = isLog ? LOG : this, key = isLog ? 'log' : 'linear';
    const values = runs.flatMap(run => (run.slot === 'now' ? ['train', 'val'] : [this._main(run)]).flatMap(set =>
      averaged(run).mean[`${set}_${this.metric}`] ?? []));
    if (view.smoothing && this.metric === 'loss') {
      values.push(...batchLosses(this.now, view.smoothing, this.width).losses);
    }
    const inside = values.filter(Number.isFinite).map(value => Math.min(Math.max(value, farthest[0]), farthest[1]));
    if (!inside.length) return this.limits[key] ?? start;
    const least = Math.min(...inside), most = Math.max(...inside);
    if (this.isFitted) return this.limits[key] ??= [least, most > least ? most : least + 0.1];
    const [low, high] = this.limits[key] ?? start;
    return this.limits[key] = isLog ? [Math.min(low, 10 ** Math.floor(Math.log10(least))), Math.max(high, most)]
      : [Math.min(low, Math.floor(least * 10) / 10), Math.max(high, Math.ceil(most * 10) / 10)];
  }

  _axes() {
    const { x, y, low, high, near, far, bottom, right } = this, written = this.metric === 'accuracy'
      ? at => `${+(100 * at).toPrecision(4)} %` : String;
    const name = UNITS[this.by] + (this.isTau ? ' = Σ rate / (1 − momentum)' : '');
    return [
      ...(this.isLog ? decades(low, high) : ticks(low, high, this.height / 45)).map(at => `<path class="grid"
        d="M${MARGIN.left} ${y(at)}H${right}"/>${text(MARGIN.left - 8, y(at) + 4, written(at), 'end')}`),
      ...(this.isTau ? decades(near, far) : ticks(0, far, this.width / 60, true)).map(at =>
        `<path class="tick" d="M${x(at)} ${bottom}v5"/>${text(x(at), bottom + 19, at.toLocaleString('en'))}`),
      `<path class="axis" d="M${MARGIN.left} ${bottom}H${right}"/>`, text((MARGIN.left + right) / 2, bottom + 38, name),
    ].join('');
  }

  /** A run's curve; what follows a divergence, and is up to rounding, is faint. */
  _curve(run, set, style) {
    const { rows, mean } = averaged(run), ys = mean[`${set}_${this.metric}`];
    if (!ys) return '';
    const reached = run.diverged ? mean.iteration.findIndex(done => done >= run.diverged.iteration) : -1;
    const until = reached < 0 ? rows : reached + 1, line = (from, to, more) => `<path class="line ${style} ${more}"
      d="${path(mean[this.by].slice(from, to).map(this.x), ys.slice(from, to).map(this.y), this.height)}"/>`;
    return line(0, until, '') + (until < rows ? line(until - 1, rows, 'after') : '');
  }

  /** The name of the curve that a pinned run is: its validation, where there is one. */
  _main(run) { return `val_${this.metric}` in averaged(run).mean ? 'val' : 'train'; }

  _pin(run) {
    const style = `pin pin-${run.slot}`, main = this._main(run);
    return this._spread(run, main, style) + this._curve(run, main, style);
  }

  _spread(run, set, style = set) {
    const { mean, spread } = averaged(run), name = `${set}_${this.metric}`;
    if (!spread || !mean[name]) return '';
    const edge = sign => mean[name].map((value, i) => this.y(value + sign * spread[name][i]));
    const xs = mean[this.by].map(this.x), around = [...edge(1), ...edge(-1).reverse()];
    const band = path([...xs, ...xs.toReversed()], around, this.height);
    return `<path class="band ${style}" d="${band && `${band}Z`}"/>${run.seeds.map(({ columns }) =>
      this._along(run, columns.iteration, columns[name], `seed ${style}`)).join('')}`;
  }

  /** A line through values that were measured after so many iterations. */
  _along(run, iterations, values, style) {
    const { iteration, [this.by]: along } = averaged(run).mean;
    const xs = Array.from(iterations, at => this.x(interpolate(at, iteration, along)));
    return `<path class="${style}" d="${path(xs, Array.from(values, value => this.y(value ?? NaN)), this.height)}"/>`;
  }

  /** The losses of the mini-batches, raw and as a running average. */
  _batches(run, window) {
    return (window > 1 ? [1, window] : [1]).map(size => {
      const { iterations, losses } = batchLosses(run, size, this.width);
      return this._along(run, iterations, losses, `line ${size > 1 ? 'smooth' : 'batch'}`);
    }).join('');
  }

  /** Each pin's letter at the end of its curve, one under the other where they would overlap. */
  _letters(pins) {
    const marks = pins.map(run => {
      const { mean } = averaged(run), end = this.y(mean[`${this._main(run)}_${this.metric}`].at(-1));
      return { slot: run.slot, x: this.x(mean[this.by].at(-1)) + 8, y: Math.max(end || 0, MARGIN.top - 8) + 4 };
    }).sort((a, b) => a.y - b.y);
    marks.forEach((mark, i) => {
      const above = marks.slice(0, i).findLast(other => Math.abs(other.x - mark.x) < 12);
      if (above) mark.y = Math.max(mark.y, above.y + 13);
    });
    const lift = Math.max(0, (marks.at(-1)?.y ?? 0) - this.bottom - 4);
    return marks.map(({ slot, x, y }) => text(x, y - lift, LETTERS[slot], 'start', `letter pin-${slot}`)).join('');
  }

  _best(run) {
    const row = run.best?.[this.metric], { mean } = averaged(run);
    const value = mean[`val_${this.metric}`]?.[row];
    if (run.diverged || !run.is_complete || !Number.isFinite(value) || !row) return '';
    const at = `${this.x(mean[this.by][row])} ${this.y(value)}`;
    return `<path class="star" d="${STAR}" transform="translate(${at})"/>`;
  }

  /** ✕ where a run diverged; ▲ and the number, above the axes, where its curves leave the picture. */
  _offScale(run) {
    if (this.metric !== 'loss') return '';
    const { mean } = averaged(run), say = (x, sign, words, style = 'off') => (x > this.width / 2
      ? text(x + 7, 15, `${words} ${sign}`, 'end', style) : text(x - 7, 15, `${sign} ${words}`, 'start', style));
    if (run.diverged) {
      const { iteration, loss } = run.diverged, x = this.x(interpolate(iteration, mean.iteration, mean[this.by]));
      const y = Math.max(this.y(Number.isFinite(loss) ? loss : Infinity), MARGIN.top);
      return `<path class="cross" d="${CROSS}" transform="translate(${x} ${y})"/>`
        + say(x, '', `${number(loss)} at update ${iteration}`, 'off crossed');
    }
    const tops = mean.train_loss.map((value, i) => Math.max(value, mean.val_loss?.[i] ?? value));
    const row = tops.indexOf(Math.max(...tops.filter(Number.isFinite)));
    return tops[row] > this.high ? say(this.x(mean[this.by][row]), '▲', number(tops[row])) : '';
  }

  _listen() {
    const { plot } = this, nearest = event => {
      if (!this.now || !this.x) return null;
      const at = event.clientX - plot.getBoundingClientRect().left;
      const distances = averaged(this.now).mean[this.by].map(value => Math.abs(this.x(value) - at) || 0);
      return distances.length ? distances.indexOf(Math.min(...distances)) : null;
    };
    for (const kind of ['pointermove', 'pointerdown']) {
      plot.addEventListener(kind, event => this.onPoint(nearest(event)));
    }
    for (const kind of ['pointerleave', 'blur']) plot.addEventListener(kind, () => this.onPoint(null));
    plot.addEventListener('keydown', event => {
      const last = this.now ? averaged(this.now).rows - 1 : 0, at = this.pointed ?? last;
      const to = { ArrowLeft: at - 1, ArrowDown: at - 1, ArrowRight: at + 1, ArrowUp: at + 1, PageDown: at - 5,
        PageUp: at + 5, Home: 0, End: last, Escape: null }[event.key];
      if (to === undefined) return;
      event.preventDefault();
      event.stopPropagation();  // Jupyter has shortcuts of its own
      this.onPoint(to === null ? null : Math.min(Math.max(to, 0), last));
    });
  }
}
