"""An explorer in an open notebook: what a student does with it, and what is to be seen."""

import ast

from tests.browser.lab import write_notebook

SETUP = "from pigeon_lessons import explore, load_mnist, split\ntrain, val, test = split(load_mnist())"
AT_REST = """() => {
    const state = document.querySelector('.pigeon-panel .pigeon-state')?.dataset.state;
    return ['done', 'diverged', 'failed'].includes(state);
}"""
RUN_SHOWN = """number => {
    const shown = document.querySelector('.pigeon-panel .pigeon-state')?.dataset;
    return shown && Number(shown.runs) === number && ['done', 'diverged', 'failed'].includes(shown.state);
}"""


class ExplorerPage:
    """The panel of explorer `name` in a notebook of its own; `panel` is its name in the kernel."""

    def __init__(self, lab, server, name, **starts):
        self.lab, self.page = lab, lab.page
        arguments = "".join(f", {key}={value!r}" for key, value in starts.items())
        self.cell = f'panel = explore("{name}", train, val{arguments})\npanel'
        path = server.root / f"explorer_{name}.ipynb"
        write_notebook(path, SETUP, self.cell)
        lab.open(path.name)
        if lab.front_end == "notebooks":
            lab.console_errors.clear()  # Notebook 7.6 logs an error of its own while it loads any notebook
        lab.run_all()
        self.wait_until_at_rest()

    def wait_until_at_rest(self):
        self.page.wait_for_function(AT_REST, timeout=60_000)

    def wait_for_run(self, number):
        """Wait until the result of the panel's run `number` is what is shown."""
        self.page.wait_for_function(RUN_SHOWN, arg=number, timeout=60_000)

    @property
    def num_runs(self):
        """How many runs have been committed, as the page says."""
        return int(self.page.locator(".pigeon-panel .pigeon-state").get_attribute("data-runs"))

    @property
    def state(self):
        return self.page.locator(".pigeon-panel .pigeon-state").get_attribute("data-state")

    @property
    def summary(self):
        """The whole summary, which stands in the first tab."""
        return self.page.locator(".pigeon-full p").inner_text()

    def table(self):
        """Return the table of runs as rows of text, a head first."""
        return self.page.evaluate("() => [...document.querySelectorAll('.pigeon-table tr')]"
                                  ".map(row => [...row.cells].map(cell => cell.innerText.trim()))")

    def slider(self, control):
        """Return the handle of a slider, by the name of its control."""
        return self.page.locator(f".pigeon-control-{control.replace('_', '-')} .noUi-handle")

    def press(self, control, key):
        """Focus a slider, press a key, and wait for the run that follows."""
        number = self.num_runs + 1
        self.slider(control).focus()
        self.page.keyboard.press(key)
        self.wait_for_run(number)

    def click(self, button):
        self.page.locator(f".pigeon-button-{button}").first.click()

    def set(self, control, value):
        """Move a control as its widget would, and wait for the result."""
        number = self.num_runs + 1
        self.lab.python(f"panel.controls[{control!r}].value = {value!r}")
        self.wait_for_run(number)

    def shown(self):
        """Return what the kernel holds to be the panel's settings."""
        return ast.literal_eval(self.lab.python("print(panel.settings)"))

    def rerun(self):
        """Run the panel's cell again, and wait until another panel stands in the place of this one."""
        self.page.evaluate("() => { document.querySelector('.pigeon-panel').dataset.isOld = true;"
                           " window.jupyterapp.commands.execute('notebook:run-all-cells') }")
        self.page.wait_for_function("() => document.querySelector('.pigeon-panel:not([data-is-old])')"
                                    " && !document.querySelector('.pigeon-panel[data-is-old]')", timeout=60_000)
        self.wait_until_at_rest()
