"""What a test does in a JupyterLab page: open a notebook, run it, read what a student would see."""

READY = "() => window.jupyterapp?.shell?.currentWidget?.context?.isReady"
IDLE = """() => {
    const panel = window.jupyterapp.shell.currentWidget;
    const cells = panel.content.widgets.filter(cell => cell.model.type === 'code'
        && cell.model.sharedModel.getSource().trim());
    return panel.sessionContext.session?.kernel?.status === 'idle'
        && cells.every(cell => cell.model.executionCount !== null || cell.model.getMetadata('tags')?.includes('optional'))
        && cells.every(cell => cell.model.executionState !== 'running');
}"""


class Lab:
    """A page of JupyterLab (or Notebook 7) with one notebook open at a time."""

    def __init__(self, page, url):
        self.page, self.url = page, url
        self.console_errors = []
        page.on("console", lambda message: message.type == "error" and self.console_errors.append(message.text))
        page.on("pageerror", lambda error: self.console_errors.append(str(error)))

    def open(self, name):
        """Open notebooks/`name`.ipynb and wait until its kernel is ready."""
        self.page.goto(f"{self.url}/lab/tree/notebooks/{name}.ipynb?reset")
        self.page.wait_for_function(READY, timeout=60_000)
        self.page.wait_for_function(
            "() => window.jupyterapp.shell.currentWidget.sessionContext.session?.kernel?.status === 'idle'",
            timeout=60_000)
        return self

    def run_all(self):
        """Clear all outputs, run every cell, and wait until the kernel has nothing left to do."""
        self.page.evaluate("() => window.jupyterapp.commands.execute('notebook:clear-all-cell-outputs')")
        self.page.evaluate("() => { window.jupyterapp.commands.execute('notebook:run-all-cells') }")
        self.page.wait_for_function(IDLE, timeout=120_000)
        return self

    def error_outputs(self):
        """Return the texts of all error outputs (tracebacks) that are to be seen."""
        return self.page.locator(".jp-OutputArea-output[data-mime-type='application/vnd.jupyter.error']").all_inner_texts()

    def broken_images(self):
        """Return the alternative texts of images that did not load."""
        return self.page.evaluate("() => [...document.querySelectorAll('.jp-Notebook img')]"
                                  ".filter(image => image.complete && !image.naturalWidth).map(image => image.alt)")

    def screenshot(self, path):
        """Save the whole notebook, however long, as one picture."""
        height = self.page.evaluate("() => document.querySelector('.jp-WindowedPanel-outer').scrollHeight + 120")
        width = self.page.viewport_size["width"]
        self.page.set_viewport_size({"width": width, "height": min(int(height), 16_000)})
        self.page.screenshot(path=path)
