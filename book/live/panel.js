/** A live panel on the page: controls, charts, words. What the reader does goes to its session; what comes is drawn. */
import { percent } from './axes.js';
import { LETTERS } from './chart.js';
import { Curves } from './curves.js';
import { Drawing } from './drawing.js';
import { Inside } from './inside.js';
import { averaged } from './runs.js';
import { Session } from './session.js';
import { isWithinRounding } from './training.js';
import { reckon, tell } from './words.js';

const MAGNIFIED = 'Steps so long magnify every rounding: Python’s curve is another one, with the same story.';

export class Panel {
  /** @param {Element} root  the panel's section; its HTML and its declaration are there */
  constructor(root) {
    const declared = JSON.parse(root.querySelector('script').textContent);
    Object.assign(this, { root, declared, controls: declared.controls, row: null, view: {} });
    this.find = selector => root.querySelector(selector);
    for (const [name, { trains, start }] of Object.entries(this.controls)) if (!trains) this.view[name] = start;
    this.session = new Session(declared, () => this._show());
    this.session.worker.onerror = () => this._say('', 'The training could not start: this browser is too old for it.');
    this.curves = new Curves(this.find('.curves'), { charts: declared.charts, onPoint: row => this._point(row),
      onRecall: slot => this._change(this.session.pins.find(pin => pin.slot === slot).settings),
      onDrop: slot => { this.session.drop(slot); this._show(); this.find('.actions .pin').focus(); } });
    this.inside = new Inside(this.find('.weights'));
    this.drawing = new Drawing(this.find('.draw'), image => this.session.answers(image));
    this._listen();
    root.hidden = false;
    addEventListener('hashchange', () => this._readAddress() && this._change({}));
    if (this._readAddress()) root.scrollIntoView();
    this.session.train();
  }

  _listen() {
    const { root, session } = this;
    root.addEventListener('input', ({ target }) => {
      const one = this.controls[target.name];
      if (!one) return;
      const at = { check: Number(target.checked), menu: target.selectedIndex, slider: Number(target.value) }[one.kind];
      this[one.trains ? '_change' : '_look']({ [target.name]: one.choices[at].value });
      session.isMoving = target.type === 'range';
    });
    root.addEventListener('change', () => {
      session.isMoving = false;
      if (!session.isTraining) this._writeAddress();
    });
    root.addEventListener('pointerdown', ({ target }) => { this.touched = target.value; });
    root.addEventListener('pointercancel', ({ target }) => {  // a finger that scrolls began on a slider: it stays
      if (target.type !== 'range') return;
      target.value = this.touched;
      for (const kind of ['input', 'change']) target.dispatchEvent(new Event(kind, { bubbles: true }));
    });
    const actions = {
      answer: ({ value }) => session.guess(value),
      preset: ({ value }) => this._preset(this.declared.presets[value]),
      pin: () => this._pin(),
      reset: () => { this.curves.each('startAnew'); session.reset(); },
    };
    root.addEventListener('click', ({ target }) => {
      const button = target.closest('button');
      actions[button?.className]?.(button);
    });
  }

  /** Change settings and train; whatever the panel has no control for is left out. */
  _change(settings) {
    this.session.change(Object.fromEntries(Object.entries(settings).filter(([name]) => this.controls[name]?.trains)));
  }

  /** Look at it in another way. */
  _look(view) {
    Object.assign(this.view, view);
    this._show();
    this._writeAddress();
  }

  _preset({ settings }) {
    this.curves.each('startAnew');
    for (const name of Object.keys(this.view)) this.view[name] = settings[name] ?? this.controls[name].start;
    this._change({ ...this.session.starts, ...settings });
  }

  _pin() {
    this.pinsAtEnd = this.session.isTraining;
    if (!this.pinsAtEnd) this.session.pin();
    this._show();
  }

  /** Draw before the next frame, once for all that has come until then; the weights in a task of their own. */
  _show() {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = null;
      this._showSettings();
      const { session, session: { now, isTraining } } = this;
      this.root.dataset.state = isTraining ? 'training' : now.diverged ? 'diverged' : 'done';
      if (!now) return;
      this.curves.draw(session.scene(this.view));
      const share = (averaged(now).mean.epoch.at(-1) ?? 0) / now.settings.epochs;
      this.find('.progress i').style.setProperty('--done', share);
      setTimeout(() => this.inside.draw(session.now, this._epoch()));
      if (!isTraining && now !== this.ended) this._end(this.ended = now);
    });
  }

  _end(now) {
    const { change, end } = tell(this.session);
    this._say(change, end, isWithinRounding(now.settings) ? '' : MAGNIFIED);
    this.find('.reckoning').textContent = reckon(now);
    this._showScore();
    this.drawing.ask(this._epoch());
    if (!this.session.isMoving) this._writeAddress();
    if (this.pinsAtEnd) this._pin();
  }

  _say(...words) {
    this.find('.summary').replaceChildren(...words.map((text, i) =>
      Object.assign(document.createElement(['b', 'span', 'small'][i]), { textContent: text ? `${text} ` : '' })));
  }

  _point(row) {
    this.row = row;
    if (!this.session.now) return;
    this.inside.draw(this.session.now, this._epoch());
    this.drawing.point(this._epoch());
  }

  /** The epoch that is pointed at, or else the last one. */
  _epoch() { return averaged(this.session.now).mean.epoch[this.row] ?? Infinity; }

  _showSettings() {
    const { session, view, controls, declared: { name: panel, presets } } = this, { settings, starts, names } = session;
    const all = { ...settings, ...view };
    for (const [name, { kind, choices }] of Object.entries(controls)) {
      const input = this.find(`[name=${name}]`), at = choices.findIndex(choice => choice.value === all[name]);
      if (kind === 'check') input.checked = all[name];
      if (kind === 'menu') input.selectedIndex = at;
      if (kind !== 'slider') continue;
      input.value = at;
      input.style.setProperty('--at', at / (choices.length - 1));
      input.setAttribute('aria-valuetext', choices[at].text);
      input.previousElementSibling.textContent = choices[at].text;
    }
    this.root.querySelectorAll('.preset').forEach((button, i) => button.setAttribute('aria-pressed',
      names.every(name => settings[name] === (presets[i].settings[name] ?? starts[name]))));
    const given = names.filter(name => settings[name] !== starts[name]).map(name => `, ${name}=${settings[name]}`);
    this.find('code.line').textContent = `explore("${panel}", train, val${given.join('')})`;
    this.find('button.pin').disabled = session.pins.length === LETTERS.length;
  }

  _showScore() {
    const { score: { met, guess, outcome, best }, names, starts, declared: { prediction } } = this.session;
    this.root.querySelectorAll('.challenges li').forEach((item, i) => {
      item.dataset.met = met.includes(i);
      item.lastChild.textContent = met.includes(i) ? ' Met.' : '';
    });
    this.root.querySelectorAll('button.answer').forEach(one => one.setAttribute('aria-pressed', one.value === guess));
    if (outcome) {
      const verdict = outcome === guess ? 'As you said' : `You said “${guess}”; it came out otherwise`;
      this.find('.outcome').textContent = `${verdict}: ${outcome}. ${prediction.answers[outcome]}`;
    }
    const words = settings => names.filter(name => settings[name] !== starts[name])
      .map(name => this.session.said(name, settings[name])).join(', ') || 'as set';
    this.find('.board')?.replaceChildren(...best.map(({ settings, accuracy }) =>
      Object.assign(document.createElement('li'), { textContent: `${percent(accuracy)}: ${words(settings)}` })));
  }

  /** Take over what the address says, as far as it is offered; return whether it says anything. */
  _readAddress() {
    const given = new URLSearchParams(location.hash.slice(1)), { session, controls, view } = this;
    const chosen = Object.entries(controls).map(([name, { choices }]) =>
      [name, choices.find(({ value }) => String(value) === given.get(name))]).filter(([, choice]) => choice);
    if (!chosen.length) return false;
    session.settings = { ...session.starts };
    for (const [name, { value }] of chosen) (controls[name].trains ? session.settings : view)[name] = value;
    return true;
  }

  /** Keep in the address what is not as set; an address that names a section is left alone until then. */
  _writeAddress() {
    const all = Object.entries({ ...this.session.settings, ...this.view });
    const parts = all.filter(([name, value]) => value !== this.controls[name].start).map(part => part.join('='));
    if (!parts.length && !location.hash.includes('=')) return;
    history.replaceState(null, '', parts.length ? `#${parts.join('&')}` : location.pathname + location.search);
  }
}
