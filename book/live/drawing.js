/** A digit of the reader's own, drawn by mouse, finger or keys, centered as in MNIST, and what the Pigeon answers. */
import { percent } from './axes.js';

const SIDE = 28, SIZE = 280, BOX = 20;  // pixels of an image, of the canvas; MNIST fits the ink into a box of 20 × 20
const KEYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1], ' ': [0, 0] };

export class Drawing {
  /** @param {Element} host  where paper, answer and course have their places
   *  @param {(image: Uint8Array) => Promise<{epoch: number, chance: number}[]>} answer  the Pigeon's, epoch by epoch */
  constructor(host, answer) {
    Object.assign(this, { answer, pen: [SIZE / 2, SIZE / 4] });
    this.find = selector => host.querySelector(selector);
    this.pad = this.find('.pad');
    this.ink = Object.assign(this.find('.pad canvas').getContext('2d', { willReadFrequently: true }),
      { lineWidth: 22, lineCap: 'round', lineJoin: 'round' });
    this.find('.wipe').addEventListener('click', () => this.wipe());
    this._listen();
    this.wipe();
  }

  /** Ask for the answers to what is drawn: after a stroke, and when the run is another one. */
  async ask(epoch = this.epoch) {
    this.epoch = epoch;
    if (!this.hasInk) return;
    const image = centered(this.ink), shown = new ImageData(SIDE, SIDE);
    image.forEach((value, p) => shown.data.set([255 - value, 255 - value, 255 - value, 255], 4 * p));
    this.find('.seen').getContext('2d').putImageData(shown, 0, 0);
    this.answers = await this.answer(image);
    this.point(this.epoch);
  }

  /** Say what the Pigeon answered after `epoch`. */
  point(epoch) {
    this.epoch = epoch;
    const { answers } = this, at = answers.findLast(one => one.epoch <= epoch);
    if (!at || !this.hasInk) return;
    const [says, chance] = at.chance > 0.5 ? ['Yes', at.chance] : ['No', 1 - at.chance];
    const place = one => [28 + 206 * answers.indexOf(one) / Math.max(1, answers.length - 1), 58 - 52 * one.chance];
    const [x, y] = place(at);
    this.find('.answer').innerHTML = `<b>${says}</b>, it says after epoch ${at.epoch}, ${percent(chance)} sure.`;
    this.find('.course').innerHTML = `<path class="half" d="M28 32H234"/><path d="M${answers.map(place).join('L')}"/>
      <circle cx="${x}" cy="${y}" r="4.5"/><text x="0" y="12">yes</text><text x="0" y="62">no</text>`;
  }

  wipe() {
    Object.assign(this, { hasInk: false, isDown: false, answers: [] });
    this.ink.clearRect(0, 0, SIZE, SIZE);
    this.find('.seen').getContext('2d').clearRect(0, 0, SIDE, SIDE);
    for (const name of ['.answer', '.course']) this.find(name).replaceChildren();
  }

  _listen() {
    const { pad } = this, place = ({ clientX, clientY }) => {
      const { left, top, width } = pad.getBoundingClientRect();
      return [(clientX - left) / width * SIZE, (clientY - top) / width * SIZE];
    };
    pad.addEventListener('pointerdown', event => {
      pad.setPointerCapture(event.pointerId);
      this.pen = place(event);
      this._move(this.pen, true);
    });
    pad.addEventListener('pointermove', event => {
      if (!pad.hasPointerCapture(event.pointerId)) return;
      for (const part of event.getCoalescedEvents?.() ?? [event]) this._move(place(part), true);
    });
    pad.addEventListener('pointerup', () => this.ask());
    pad.addEventListener('keydown', event => {
      const step = KEYS[event.key];
      if (!step) return;
      event.preventDefault();
      if (event.key === ' ') this.isDown = !this.isDown;
      const to = this.pen.map((at, i) => Math.min(Math.max(at + 14 * step[i], 14), SIZE - 14));
      this._move(to, this.isDown);
      this.ask();
    });
  }

  _move(to, draws) {
    if (draws) {
      this.ink.beginPath();
      this.ink.moveTo(...this.pen);
      this.ink.lineTo(...to);
      this.ink.stroke();
      this.hasInk = true;
    }
    this.pen = to;
    to.forEach((at, i) => this.pad.style.setProperty(['--pen-x', '--pen-y'][i], `${100 * at / SIZE}%`));
    this.pad.classList.toggle('down', this.isDown);
  }
}

/** What is drawn as 28 × 28 bytes of ink: fitted into a box of 20 × 20, its center of mass in the middle, as MNIST is.
 *
 * Source: LeCun et al., "Gradient-based learning applied to document recognition", Proc. IEEE 86(11), 1998, sec. III.
 */
export function centered(ink) {
  const { data } = ink.getImageData(0, 0, SIZE, SIZE), image = new Float64Array(SIDE * SIDE);
  const inked = Array.from({ length: SIZE * SIZE }, (_, p) => [p % SIZE, Math.floor(p / SIZE), data[4 * p + 3]])
    .filter(point => point[2] > 16);
  const ends = [0, 1].map(i => inked.reduce(([low, high], { [i]: at }) =>
    [Math.min(low, at), Math.max(high, at)], [SIZE, 0]));
  const cell = Math.max(...ends.map(([low, high]) => high - low + 1)) / BOX;
  const total = i => inked.reduce((sum, at) => sum + at[2] * (at[i] ?? 1), 0);
  const middle = [0, 1].map(i => total(i) / total());
  for (const [x, y, value] of inked) {  // each point of the canvas gives its ink to the pixel in which it lies
    const [column, row] = [x - middle[0], y - middle[1]].map(off => Math.floor(off / cell + SIDE / 2));
    if (Math.min(column, row) >= 0 && Math.max(column, row) < SIDE) image[row * SIDE + column] += value;
  }
  return Uint8Array.from(image, sum => Math.min(255, Math.round(sum / Math.max(1, cell * cell))));
}
