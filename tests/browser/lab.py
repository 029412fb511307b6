"""What a test does in a Jupyter page: open a notebook, run it, ask its kernel, read what a student would see."""

import nbformat

READY = "() => window.jupyterapp?.shell?.currentWidget?.context?.isReady"
KERNEL_IDLE = "() => window.jupyterapp.shell.currentWidget.sessionContext.session?.kernel?.status === 'idle'"
ALL_RUN = """() => {
    const panel = window.jupyterapp.shell.currentWidget;
    if (panel.node.querySelector("[data-mime-type='application/vnd.jupyter.error']")) return true;  // it stops there
    const skipped = cell => cell.model.getMetadata('tags')?.some(tag => ['optional', 'nbval-skip'].includes(tag));
    const cells = panel.content.widgets.filter(cell => cell.model.type === 'code'
        && cell.model.sharedModel.getSource().trim() && !skipped(cell));
    return panel.sessionContext.session?.kernel?.status === 'idle'
        && cells.every(cell => cell.model.executionCount !== null && cell.model.executionState !== 'running');
}"""
ASK_KERNEL = """async code => {
    const kernel = window.jupyterapp.shell.currentWidget.sessionContext.session.kernel;
    let answer = '';
    const future = kernel.requestExecute({code, store_history: false});
    future.onIOPub = message => {
        if (message.header.msg_type === 'stream') answer += message.content.text;
        if (message.header.msg_type === 'error') throw new Error(message.content.evalue);
    };
    const reply = await future.done;
    if (reply.content.status !== 'ok') throw new Error(reply.content.evalue);
    return answer.trim();
}"""


class Lab:
    """A page of JupyterLab, or of Notebook 7 (`front_end="notebooks"`), with one notebook open at a time."""

    def __init__(self, page, url, front_end="lab/tree"):
        self.page, self.url, self.front_end = page, url, front_end
        self.console_errors = []
        page.on("console", lambda message: message.type == "error" and self.console_errors.append(message.text))
        page.on("pageerror", lambda error: self.console_errors.append(str(error)))

    def open(self, path):
        """Open the notebook at `path` and wait until its kernel is ready."""
        self.page.goto(f"{self.url}/{self.front_end}/{path}?reset")
        self.page.wait_for_function(READY, timeout=60_000)
        self.page.wait_for_function(KERNEL_IDLE, timeout=60_000)
        self.page.evaluate("() => window.jupyterapp.shell.collapseLeft?.()")  # the file browser: room for the notebook
        return self

    def show(self, path):
        """Open the notebook at `path` in the page that is there, beside others, without a kernel."""
        self.page.evaluate("path => { window.jupyterapp.commands.execute('docmanager:open',"
                           " {path, kernelPreference: {autoStartDefault: false}}) }", path)
        self.page.wait_for_function("path => window.jupyterapp.shell.currentWidget?.context?.path === path", arg=path)
        self.page.wait_for_function(READY, timeout=60_000)

    def run_all(self):
        """Clear all outputs, run every cell, and wait until the kernel has nothing left to do."""
        self.page.evaluate("() => window.jupyterapp.commands.execute('notebook:clear-all-cell-outputs')")
        self.page.evaluate("() => { window.jupyterapp.commands.execute('notebook:run-all-cells') }")
        self.page.wait_for_function(ALL_RUN, timeout=120_000)
        return self

    def python(self, code):
        """Run `code` in the notebook's kernel, beside its cells, and return what it printed."""
        return self.page.evaluate(ASK_KERNEL, code)

    def error_outputs(self):
        """Return the texts of all error outputs (tracebacks) that are to be seen."""
        selector = ".jp-OutputArea-output[data-mime-type='application/vnd.jupyter.error']"
        return self.page.locator(selector).all_inner_texts()

    def broken_images(self):
        """Return the alternative texts of images that did not load."""
        return self.page.evaluate("() => [...document.querySelectorAll('.jp-Notebook img')]"
                                  ".filter(image => image.complete && !image.naturalWidth).map(image => image.alt)")


def write_notebook(path, *cells):
    """Write a notebook of code cells at `path`."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    nbformat.write(notebook, path)
