/** The part of a notebook's panel that ipywidgets cannot give: charts of the Scene that Python sends, and names. */
import { Curves } from './curves.js';

export default {
  render({ model, el }) {
    const charts = model.get('charts'), tell = what => slot => model.send({ [what]: slot });
    const curves = charts.length && new Curves(el, { charts, onRecall: tell('recall'), onDrop: tell('drop') });
    name(el);
    if (!curves) return undefined;
    const draw = () => model.get('now').slot && curves.draw({ ...model.get('scene'),
      runs: [...model.get('others'), model.get('now')] });
    model.on('change', draw);
    model.on('msg:custom', ({ is_fitted: isFitted }) => curves.each('startAnew', isFitted));
    draw();
    return () => curves.each('close');
  },
};

/** Give a slider's handle for name and value what stands beside it; keep Jupyter's shortcuts off all controls. */
function name(el) {
  const panel = el.closest('.pigeon-panel');
  if (!panel) return requestAnimationFrame(() => name(el));  // it is not on the page yet
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
  new MutationObserver(label).observe(panel.querySelector('.pigeon-left'), { childList: true, subtree: true,
    characterData: true });
  return label();
}
