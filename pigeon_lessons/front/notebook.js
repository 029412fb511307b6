/** The part of a notebook's panel that ipywidgets cannot give: charts of the Scene that Python sends, and names. */
import { Curves } from './curves.js';

/** ms from a move to empty messages, with which TCP acknowledges "busy": without, the curve waits 40 ms for that. */
const HURRY = [15, 35];

export default {
  render({ model, el }) {
    const charts = model.get('charts'), tell = what => slot => model.send({ [what]: slot });
    const curves = charts.length && new Curves(el, { charts, onRecall: tell('recall'), onDrop: tell('drop') });
    name(el, () => HURRY.forEach(wait => setTimeout(() => model.send({}), wait)));
    if (!curves) return undefined;
    let frame = null;
    const draw = () => { cancelAnimationFrame(frame); frame = requestAnimationFrame(() => {
      const now = model.get('now');
      if (now.slot) curves.draw({ ...model.get('scene'), runs: [...model.get('others'), now] });
    }); };
    model.on('change', draw);
    model.on('msg:custom', ({ is_fitted: isFitted }) => curves.each('startAnew', isFitted));
    draw();
    return () => curves.each('close');
  },
};

/** Give a slider's handle for name and value what stands beside it; keep Jupyter's shortcuts off all controls. */
function name(el, onMove) {
  const panel = el.closest('.pigeon-panel');
  if (!panel) return requestAnimationFrame(() => name(el, onMove));  // it is not on the page yet
  const label = () => {
    for (const slider of panel.querySelectorAll('.widget-slider:has(.noUi-handle)')) {
      const [handle, readout, words] = ['.noUi-handle', '.widget-readout', '.widget-label'].map(one =>
        slider.querySelector(one));
      Object.assign(handle, { ariaLabel: words.textContent, ariaValueText: readout.textContent });
      readout.contentEditable = false;
    }
    for (const one of panel.querySelectorAll(':is(button, select, input, textarea, [tabindex])')) {
      one.dataset.lmSuppressShortcuts = true;
    }
  };
  for (const image of panel.querySelectorAll('img')) image.alt = 'The run; the tab “Runs” puts it in words';
  new MutationObserver(() => { label(); onMove(); }).observe(panel.querySelector('.pigeon-left'), { childList: true,
    subtree: true, characterData: true });
  return label();
}
