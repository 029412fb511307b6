"""Says what stands in the way of the lessons on this machine, each finding with its remedy; it changes nothing.

`pigeon-lessons doctor` runs it, and `python doctor.py` where even that does not start: only the standard library is
imported, and what is written here even a very old Python can read, since it has to be able to say that it is too old.
With --before-installing it looks only at what an installation needs, and is silent where nothing is amiss.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess  # nosec
import sys

_HERE = os.path.dirname(os.path.abspath(__file__))
OLDEST = (3, 11)
GIGABYTE = 10 ** 9
NEEDED = 7 * GIGABYTE  # torch's default wheels for Linux alone unpack to more than 5 GB
KERNEL = GIGABYTE  # what the longest chapter takes


def find_problem(version, has_venv=True, free=NEEDED, installed=False):
    """Return what stands in the way of an installation, with its remedy, or None.

    `version`: (major, minor) of Python. `has_venv`: whether it can make virtual environments. `free`: bytes
    left on the disk. `installed`: whether an environment is already there, which needs no more disk.
    """
    if version < OLDEST:
        return ("Pigeon Lessons needs Python %d.%d or newer; this is Python %d.%d.\n"
                "Install a newer one, then name it: make lab PYTHON=python3.12" % (OLDEST + version))
    if not has_venv:
        return ("This Python cannot make virtual environments (its module venv or ensurepip is missing).\n"
                "On Debian or Ubuntu: sudo apt install python3-venv")
    if free < NEEDED and not installed:
        return ("Only %.1f GB are free here; the first installation needs %d GB.\n"
                "Make room, or install by hand with the CPU build of PyTorch, 4 GB smaller (see README.md)."
                % (float(free) / GIGABYTE, NEEDED // GIGABYTE))
    return None


def moved_environment(prefix=sys.prefix):
    """Yield a finding if the programs of the environment `prefix` start a Python that is elsewhere, or nowhere."""
    program = os.path.join(prefix, "bin", "jupyter")
    if os.path.exists(program):
        with open(program, "rb") as file:
            python = file.readline()[2:].strip().decode("utf-8", "replace").strip('"')
        if python.startswith("/") and "python" in python and not _same(os.path.dirname(python), prefix + "/bin"):
            yield ("The environment was moved: its programs look for %s.\n"
                   "Delete the folder %s and install again." % (python, prefix))


def missing_packages(distribution="pigeon-lessons"):
    """Yield a finding for ours if it is missing, and for each package of it and the lab that is, or is too old."""
    if not _installed(distribution):
        yield ("The package %s is not installed in this Python, %s.\n"
               "Activate the environment of the lessons first, or install as README.md says."
               % (distribution, sys.executable))
        return
    for requirement in _installed(distribution).requires or ():
        name, least, extra = re.match(r"([\w.-]+)[^>;]*(?:>=([\d.]+))?(?:.*extra == .(\w+))?", requirement).groups()
        found = _installed(name)
        if extra in (None, "lab") and (found is None or _numbers(found.version) < _numbers(least or "0")):
            yield ("%s is %s; %s or newer is needed.\nSay: python -m pip install '%s>=%s'"
                   % (name, "version " + found.version if found else "missing", least or "any", name, least or "0"))


def hidden_modules(here="."):
    """Yield a finding for each file beside notebooks that Python would import in the place of another's module."""
    from importlib.machinery import PathFinder
    for folder in (here, os.path.join(here, "notebooks")):
        elsewhere = [path for path in sys.path if path and not _same(path, folder) and not _same(path, _HERE)]
        for name in sorted(os.listdir(folder)) if os.path.isdir(folder) else ():
            if name.endswith(".py") and PathFinder.find_spec(name[:-3], elsewhere):
                yield ("%s hides the module %s that others import: notebooks beside it may not start.\n"
                       "Give the file another name." % (os.path.normpath(os.path.join(folder, name)), name[:-3]))


def torch_pair():
    """Yield a finding if torch, or torchvision beside it, cannot be imported: two builds, or a half installation."""
    run = subprocess.run([sys.executable, "-c", "import torch, torchvision"],  # noqa: S603 # nosec
                         stderr=subprocess.PIPE, stdout=subprocess.PIPE)
    if run.returncode:
        lines = run.stderr.decode("utf-8", "replace").strip().splitlines() or ["it stopped without a word"]
        yield ("torch and torchvision do not start together: %s\nThey have to be of one build. Say: python -m pip "
               "install --force-reinstall torch torchvision" % lines[-1])


def kernel():
    """Yield a finding if Jupyter would run the lessons in another Python than this."""
    try:
        from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel
    except ImportError:
        yield "Jupyter is not installed.\nSay: python -m pip install 'pigeon-lessons[lab]'"
        return
    again = "Say: python -m ipykernel install --sys-prefix"
    try:
        python = KernelSpecManager().get_kernel_spec("python3").argv[0]
    except NoSuchKernel:
        yield "There is no kernel for Python.\n" + again
        return
    if os.path.isabs(python) and not _same(os.path.dirname(python), os.path.dirname(sys.executable)):
        yield "Notebooks run in another Python, %s, not in %s.\n%s" % (python, sys.executable, again)


def widgets():
    """Yield a finding for each front end that is not where JupyterLab looks: sliders would be only text."""
    try:
        from jupyter_core.paths import jupyter_path
    except ImportError:
        return
    for package, place in (("jupyterlab_widgets", "@jupyter-widgets/jupyterlab-manager"), ("anywidget", "anywidget")):
        seen = any(os.path.isdir(os.path.join(path, place)) for path in jupyter_path("labextensions"))
        if _installed(package) and not seen:
            yield ("JupyterLab cannot find the front end of %s: sliders would be only text.\n"
                   "Say: python -m pip install --force-reinstall --no-deps %s" % (package, package))


def folders(progress=None, here="."):
    """Yield a finding for a folder that cannot be written to: that of the answers, and this one."""
    progress = progress or os.path.expanduser(os.environ.get("PIGEON_LESSONS_HOME") or "~/.pigeon_lessons")
    for folder, use, remedy in ((progress, "your answers", "Set PIGEON_LESSONS_HOME to a folder you can write to."),
                                (here, "your notebooks", "Copy the lessons into a folder of your own.")):
        there = folder = os.path.abspath(folder)
        while not os.path.exists(there):
            there = os.path.dirname(there)
        if not os.path.isdir(there) or not os.access(there, os.W_OK):
            yield "The folder of %s cannot be written to: %s\n%s" % (use, folder, remedy)


def stale(here="."):
    """Yield a finding if the installed package is not that of the wheel, or of the clone, in the folder `here`."""
    installed = _installed("pigeon-lessons")
    origin = json.loads(installed and installed.read_text("direct_url.json") or "{}")
    for wheel in sorted(name for name in os.listdir(here) if re.match(r"pigeon_lessons-.*\.whl$", name)):
        with open(os.path.join(here, wheel), "rb") as file:
            given = hashlib.sha256(file.read()).hexdigest()
        if installed and origin.get("archive_info", {}).get("hashes", {}).get("sha256") != given:
            yield ("The installed package is not the one that these lessons came with.\n"
                   "Say: python -m pip install --force-reinstall --no-deps ./%s" % wheel)
    source = os.path.join(here, "pigeon_lessons", "__init__.py")
    if installed and os.path.isfile(source):
        with open(source, "rb") as file:
            found = re.search(r'__version__ = "(.+)"', file.read().decode("utf-8", "replace"))
        if found and found.group(1) != installed.version:
            yield ("The lessons here are of version %s, the installed package is %s.\n"
                   "Say: python -m pip install -e '.[lab]'" % (found.group(1), installed.version))


def memory(available=None):
    """Yield a finding if there is less memory, in bytes, than a chapter takes; psutil, which Jupyter brings, tells."""
    if available is None and _installed("psutil"):
        import psutil
        available = psutil.virtual_memory().available
    if available is not None and available < KERNEL:
        yield ("Only %.1f GB of memory are free; a chapter takes up to %.0f GB.\nShut down the kernels of other "
               "notebooks: \"Kernel\", \"Shut Down All Kernels\"." % (float(available) / GIGABYTE, KERNEL / GIGABYTE))


def main(arguments=()):
    """Print the findings; return 1 if there are any."""
    version = tuple(sys.version_info[:2])
    before_installing = "--before-installing" in arguments
    if version < OLDEST:  # nothing more is asked: Python 2 has none of what follows
        found = [find_problem(version)]
    elif before_installing:
        from importlib.util import find_spec
        has_venv = find_spec("venv") and find_spec("ensurepip")
        installed = os.path.exists(".venv/bin/python") or os.path.exists(".venv/Scripts/python.exe")
        found = [find_problem(version, has_venv, shutil.disk_usage(".").free, installed)]
    else:
        looks = (moved_environment, missing_packages, hidden_modules, torch_pair, kernel, widgets, folders, stale,
                 memory)
        found = [finding for look in looks for finding in look()]
    found = [finding.replace("\n", "\n    ") for finding in found if finding]
    if found or not before_installing:
        print("\n".join(found) or "Nothing stands in the way.")
    return 1 if found else 0


def _installed(package):
    from importlib import metadata
    try:
        return metadata.distribution(package)
    except metadata.PackageNotFoundError:
        return None


def _numbers(version):
    return [int(part) for part in re.findall(r"\d+", version)[:3]]


def _same(one, other):
    return os.path.exists(one) and os.path.realpath(one) == os.path.realpath(other)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
