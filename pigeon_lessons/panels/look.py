"""How a panel looks: a style sheet with the colors of the front end's theme, and names for screen readers."""

STYLE = """<style onload="{script}">
.pigeon-panel {{ color: {ink}; font-size: 13px; overflow: visible; container-type: inline-size; max-width: 1260px; }}
.pigeon-panel .widget-html-content {{ color: {ink}; line-height: 1.45; }}
.pigeon-panel .widget-label {{ color: {ink}; }}
.pigeon-panel .widget-slider .widget-readout {{ min-width: 46px; width: 46px; text-align: right; padding-right: 2px;
  font-variant-numeric: tabular-nums; }}
.pigeon-panel .widget-html {{ height: auto; margin: 0 2px; }}
.pigeon-panel h3 {{ margin: 2px 0 0; font-size: 17px; font-weight: 600; }}
.pigeon-panel p {{ margin: 2px 0; text-wrap: pretty; }}
.pigeon-panel .pigeon-body {{ align-items: flex-start; gap: 8px 18px; margin: 8px 0 4px; }}
.pigeon-left {{ flex: 1 1 280px; min-width: 240px; overflow: visible; }}
.pigeon-right {{ flex: 3 1 560px; min-width: min(100%, 300px); overflow: auto hidden; }}
.pigeon-panel .pigeon-buttons {{ margin: 6px 0; }}
.pigeon-panel :is(.pigeon-challenges, .pigeon-leaderboard):has(b) {{ margin: 6px 2px; }}
.pigeon-prediction:has(button) {{ border-left: 3px solid #2f7fd1; padding-left: 10px; margin: 6px 0; }}
.pigeon-row {{ display: flex; flex-flow: row wrap; align-items: center; gap: 2px 6px; overflow: visible; }}
.pigeon-row .jupyter-button {{ width: auto; border-radius: 4px; }}
.pigeon-picture {{ width: 100%; min-width: 600px; height: auto; background: white; border: 1px solid {line};
  border-radius: 8px; padding: 2px; box-sizing: border-box; margin: 0; object-fit: contain; }}
.pigeon-summary {{ max-width: 92ch; }}
.pigeon-state {{ display: inline-block; padding: 0 8px; border-radius: 9px; border: 1px solid {line};
  font-weight: 600; }}
.pigeon-state[data-state=diverged], .pigeon-state[data-state=failed] {{ border-color: #d4351c; }}
.pigeon-table table, .pigeon-leaderboard table {{ border-collapse: collapse; margin: 4px 0; }}
.pigeon-table .widget-html-content, .pigeon-leaderboard .widget-html-content {{ overflow-x: auto; }}
.pigeon-panel th, .pigeon-panel td {{ padding: 2px 10px; text-align: right; border-bottom: 1px solid {line};
  font-variant-numeric: tabular-nums; white-space: nowrap; }}
.pigeon-panel th {{ font-weight: 600; }}
.pigeon-panel a {{ color: inherit; text-decoration: underline; }}
.pigeon-note {{ border-left: 3px solid {line}; padding-left: 10px; max-width: 92ch; }}
.pigeon-panel .noUi-handle:focus-visible, .pigeon-panel button:focus-visible, .pigeon-panel select:focus-visible {{
  outline: 2px solid #2f7fd1; outline-offset: 2px; }}
.pigeon-panel pre {{ white-space: pre-wrap; }}
@container (max-width: 560px) {{
  .pigeon-left, .pigeon-right {{ flex-basis: 100%; }}
  .pigeon-panel .pigeon-buttons .jupyter-button {{ padding: 0 7px; }}
  .pigeon-statusbar {{ position: sticky; left: 0; width: calc(100cqw - 4px); }}
  .pigeon-statusbar::before {{ content: "↔ the picture scrolls sideways"; flex-basis: 100%; }}
  .pigeon-panel th, .pigeon-panel td {{ padding: 2px 6px; }}
  .pigeon-panel .pigeon-tabs > .lm-TabBar .lm-TabBar-content {{ flex-flow: row wrap; }}
  .pigeon-panel .pigeon-tabs > .lm-TabBar .lm-TabBar-tab {{ flex: 1 1 auto; padding: 0 7px; }}
}}
</style>"""

NAMING = """
const panel = this.closest('.pigeon-panel');
const set = (node, name, value) => node.getAttribute(name) === value || node.setAttribute(name, value);
const label = () => {
  panel.querySelectorAll('button, select, input, textarea, .noUi-handle').forEach(node =>
    set(node, 'data-lm-suppress-shortcuts', 'true'));
  panel.querySelectorAll('.widget-slider').forEach(slider => {
    const handle = slider.querySelector('.noUi-handle'), readout = slider.querySelector('.widget-readout');
    const name = slider.querySelector('.widget-label').textContent;
    if (handle) { set(handle, 'aria-label', name); set(handle, 'aria-valuetext', readout.textContent); }
    set(readout, 'contenteditable', 'false');
  });
  panel.querySelectorAll('.pigeon-picture').forEach(image =>
    image.alt || set(image, 'alt', 'The run as a picture; the text under it says what is to be seen'));
  panel.querySelectorAll('.widget-progress .progress, .progress').forEach(bar => set(bar, 'aria-hidden', 'true'));
};
label();
new MutationObserver(label).observe(panel, {childList: true, subtree: true, characterData: true});
"""
"""ipywidgets gives a slider's handle no accessible name, and no value but its position; Python cannot reach it.
A style sheet's onload can: it copies the label that is to be seen, and the text beside the slider.
It also keeps Jupyter's own shortcuts out of the panel: Notebook 7 takes the arrow keys away from sliders."""


def style_sheet():
    """Return the panel's style sheet as HTML, with the script that names handles and pictures."""
    ink = "var(--jp-ui-font-color1, var(--vscode-editor-foreground, #1f2328))"
    line = "var(--jp-border-color1, var(--vscode-panel-border, #bdbdbd))"
    return STYLE.format(script=" ".join(NAMING.split()).replace('"', "&quot;"), ink=ink, line=line)
