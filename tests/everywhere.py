"""The tests in surroundings that are not the maker's: `python -m tests.everywhere [NAME…]`, beside `make test`.

Each surrounding gets a copy of the checkout in a folder of its own and this Python, and runs the tests in QUICK, which
read and write files, print, draw, start kernels and servers, or ask for the time. Linux, as root: a surrounding that
cannot be made here is named with the reason. It prints one line each, and on failure the end of pytest's output.
"lowest versions" is an installation of its own, with each package in the lowest version that pyproject.toml allows: it
wants the network, 6 GB and a quarter of an hour.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
import venv
from pathlib import Path

ROOT = Path(__file__).parents[1]
QUICK = ["tests/authoring/test_reading.py", "tests/test_doctor.py", "tests/test_checkpoint_paths.py",
         "tests/test_data_sample.py", "tests/questions/test_storage.py", "tests/pictures/test_plots.py"]
INTERRUPTED = "tests/test_checkpoint_interruption.py"
OTHERS = ["tests/test_other_places.py", "tests/test_searching_engines.py"]
BROWSER = ["tests/browser/test_app.py"]
NOBODY = "65534"


def surroundings():
    """Return {name: (folder's name, words before the command, environment, tests)}."""
    return {
        "folder of mode 0700": ("private", [], {}, QUICK),
        "spaces and Unicode in the path": ("Täubchen lernt 鸽", [], {}, QUICK),
        "ordinary user": ("ordinary", ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"],
                          {"HOME": "{folder}"}, QUICK if is_for_all(sys.executable) else QUICK[2:]),
        "umask 077": ("umask", ["sh", "-c", 'umask 077; exec "$@"', "sh"], {}, QUICK),
        "in the background": ("background", ["sh", "-c", "trap '' INT; exec \"$@\"", "sh"], {}, [*QUICK, INTERRUPTED]),
        "no HOME": ("homeless", ["env", "--unset=HOME"], {}, QUICK),
        "TMPDIR elsewhere": ("tmpdir", [], {"TMPDIR": "{folder}/tmp dir"}, QUICK),
        "LANG=C": ("c", [], {"LANG": "C", "LC_ALL": "C"}, QUICK),
        "LANG=tr_TR.UTF-8": ("turkish", [], {"LANG": "tr_TR.UTF-8", "LC_ALL": "tr_TR.UTF-8"}, QUICK),
        "another time zone": ("zone", [], {"TZ": "Pacific/Kiritimati"}, QUICK),
        "one core": ("core", ["taskset", "--cpu-list", "0"], {}, QUICK),
        "network off": ("offline", ["unshare", "--net", "sh", "-c", 'ip link set lo up; exec "$@"', "sh"], {}, QUICK),
        "no Chromium": ("blind", [], {"PATH": "{python}", "CI": ""}, BROWSER),
        "lowest versions": ("lowest", [], {}, [*QUICK, *OTHERS]),
    }


def is_for_all(python):
    """Whether an ordinary user may start this Python, and so a kernel; not if it is in root's own folder."""
    return all(folder.stat().st_mode & 0o001 for folder in Path(python).resolve().parents)


def main(names):
    print(f"{' '.join(QUICK)}\nwith {sys.executable}, Python {sys.version.split()[0]}", flush=True)
    if not is_for_all(sys.executable):
        print(f"An ordinary user may not start this Python: then without {' '.join(QUICK[:2])}", flush=True)
    failed = 0
    for name, surrounding in surroundings().items():
        if not names or name in names:
            failed += not try_in(name, *surrounding)
    return failed


def try_in(name, folder_name, before, environment, tests):
    if before and not shutil.which(before[0]):
        print(f"{name}: cannot be tried, there is no {before[0]}", flush=True)
        return True
    with tempfile.TemporaryDirectory() as parent:  # of mode 0700
        folder = Path(parent) / folder_name
        shutil.copytree(ROOT, folder, ignore=shutil.ignore_patterns(".git", ".venv", "__pycache__", "_build"))
        (folder / "tmp dir").mkdir()
        if name == "ordinary user":
            Path(parent).chmod(0o755)
            subprocess.run(["chown", "-R", NOBODY, folder], check=True)  # noqa: S607
        values = {"folder": folder, "python": Path(sys.executable).parent}
        own = {key: value.format(**values) for key, value in environment.items()}
        start = time.perf_counter()
        environment = os.environ | {"PYTHONPATH": str(folder)} | own
        python = lowest_versions(folder) if name == "lowest versions" else sys.executable
        run = subprocess.run([*before, python, "-m", "pytest", "-q", "-p", "no:cacheprovider", *tests],
                             cwd=folder, env=environment, capture_output=True, encoding="utf-8", errors="replace")
    last = run.stdout.strip().splitlines()[-6:] or run.stderr.strip().splitlines()[-6:]
    shown = last if run.returncode or tests is BROWSER else last[-1:]
    print(f"{name}: {'passed' if run.returncode == 0 else 'FAILED'} in {time.perf_counter() - start:.0f} s;",
          *shown, sep="\n    " if len(shown) > 1 else " ", flush=True)
    return run.returncode == 0


def lowest_versions(folder):
    """Install the project in `folder` with the lowest version of each package that it names; return that Python."""
    project = tomllib.loads((folder / "pyproject.toml").read_text())["project"]
    named = [*project["dependencies"], *sum(project["optional-dependencies"].values(), [])]
    lowest = folder / "lowest.txt"
    lowest.write_text("\n".join(package.replace(">=", "==") for package in named if ">=" in package))
    venv.create(folder / ".venv", with_pip=True)
    python = folder / ".venv" / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "-q", "-c", lowest, "-e", f"{folder}[test]"], check=True)
    return python


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
