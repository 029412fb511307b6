/** The weights of each hidden unit as a small image: what a unit looks for, at the epoch that is pointed at. */
import { percent } from './axes.js';

const SIDE = 28, PLUS = 0x788f00, MINUS = 0x9644cc;  // blue, green, red as in panel.css; to be seen on light and dark
const UNIT = `<div role="img"><canvas width="${SIDE}" height="${SIDE}"></canvas><i></i></div>`;

export class Inside {
  /** @param {Element} host  where the units and the epoch have their places */
  constructor(host) {
    [this.units, this.when] = [host.querySelector('.units'), host.querySelector('.when')];
    this.image = new ImageData(SIDE, SIDE);
  }

  /** Show a run's first seed as it was after `epoch`, or last before it. */
  draw(run, epoch) {
    const shown = run.kept.findLast(one => one.epoch <= epoch);
    if (!shown || this.shown === shown) return;
    this.shown = shown;
    const { bytes, out, on } = shown;
    if (this.units.children.length !== out.length) this.units.innerHTML = UNIT.repeat(out.length);
    this.when.textContent = `, after epoch ${shown.epoch}`;
    [...this.units.children].forEach((unit, u) => {
      this._paint(unit.firstChild, bytes.subarray(u * SIDE * SIDE, (u + 1) * SIDE * SIDE));
      const says = out[u] > 0 ? 'yes' : 'no';
      unit.style.setProperty('--on', on[u]);
      unit.className = `unit ${says} ${on[u] ? '' : 'dead'}`;
      unit.ariaLabel = unit.title = `unit ${u + 1}: on for ${percent(on[u])} of the digits, says ${says}`;
    });
  }

  _paint(canvas, bytes) {
    const pixels = new Uint32Array(this.image.data.buffer);
    bytes.forEach((byte, p) => { pixels[p] = Math.min(255, 3.2 * Math.abs(byte)) << 24 | (byte > 0 ? PLUS : MINUS); });
    canvas.getContext('2d').putImageData(this.image, 0, 0);
  }
}
