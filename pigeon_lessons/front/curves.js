/** What panels of curves show of a Scene, in the book and in notebooks: two charts, a legend, the pinned runs. */
import { Chart, LETTERS } from './chart.js';
import { percent } from './axes.js';
import { averaged } from './runs.js';

export class Curves {
  /** @param {Element} host an element that it fills
   *  @param {{charts?: [string, ?string][], onPoint?: (row: ?number) => void, onRecall?: (slot: number) => void,
   *    onDrop?: (slot: number) => void}} options
   *    `charts`: metric and unit of each; pins are buttons where there is somebody to call. */
  constructor(host, { charts = [['loss', null], ['accuracy', null]], onPoint, onRecall, onDrop } = {}) {
    host.classList.add('pigeon-curves');
    host.innerHTML = `<div class="charts">${'<figure></figure>'.repeat(charts.length)}</div>
      <ul class="legend"><li class="key star">best epoch</li><li class="key baseline">always “no”</li>
      <li class="key ghost">the run before</li><li class="key spread">mean ± standard deviation</li>
      <li class="key batch">each mini-batch</li></ul><ul class="pins" aria-label="Pinned runs"></ul>`;
    this.find = selector => host.querySelector(selector);
    this.hasButtons = Boolean(onRecall);
    this.charts = [...host.querySelectorAll('figure')].map((figure, i) => new Chart(figure, ...charts[i], row => {
      this.each('point', row);
      onPoint?.(row);
    }));
    this.find('.pins').addEventListener('click', ({ target }) => {
      const button = target.closest('button');
      if (button) (button.matches('.drop') ? onDrop : onRecall)(Number(button.parentNode.dataset.slot));
    });
  }

  draw(scene) {
    this.each('draw', scene);
    const { runs, view = {} } = scene, pins = runs.filter(run => Number.isInteger(run.slot));
    this.find('.legend .baseline').textContent = `always “${scene.baseline?.answer ?? 'no'}”`;
    this.find('.legend .ghost').hidden = !runs.some(run => run.slot === 'before');
    this.find('.legend .spread').hidden = !runs.some(run => run.slot !== 'before' && run.seeds.length > 1);
    this.find('.legend .batch').hidden = !view.smoothing;
    this._list(pins);
  }

  /** Call a method of every chart: "draw", "point", "startAnew" or "close". */
  each(method, ...given) { for (const chart of this.charts) chart[method](...given); }

  /** List the pinned runs; only when they or their words change, so that a button keeps the focus. */
  _list(pins) {
    const words = JSON.stringify(pins.map(({ slot, label }) => [slot, label]));
    if (words === this.listed) return;
    this.listed = words;
    this.find('.pins').replaceChildren(...pins.map(run => {
      const item = document.createElement('li'), ends = averaged(run).mean.val_accuracy;
      const inner = '<b></b> <span class="what"></span> <span class="end"></span>';
      item.className = `pin-${run.slot}`;
      item.dataset.slot = run.slot;
      item.innerHTML = this.hasButtons ? `<button class="recall" title="Show this run again">${inner}</button>
        <button class="drop" aria-label="Remove pin ${LETTERS[run.slot]}">×</button>` : inner;
      item.querySelector('b').textContent = LETTERS[run.slot];
      item.querySelector('.what').textContent = run.label.replace(/^[A-F](: |$)/, '');
      item.querySelector('.end').textContent = run.diverged ? 'diverged' : ends ? percent(ends.at(-1)) : '';
      return item;
    }));
  }
}
