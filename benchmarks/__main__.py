"""`python -m benchmarks` measures everything and writes benchmarks/latest.md, latest.svg and the README's table.

`python -m benchmarks training growing` measures only these modules and writes nothing.

A new measurement is a module here with a generator `measure()` of Rows, named in MODULES.
"""

import importlib
import os
import platform
import sys
from datetime import date
from pathlib import Path

import torch

from pigeon_lessons.pictures.style import new_axes

MODULES = ("training", "searching", "checkpointing", "starting", "growing")
FOLDER = Path(__file__).parent
README = FOLDER.parent / "README.md"
BEGIN, END = "<!-- written by make bench -->\n", "<!-- end of what make bench writes -->"


def machine():
    """Return the machine in one line: processor, cores, versions; no names."""
    processor = platform.processor() or platform.machine()
    information = Path("/proc/cpuinfo")
    if information.exists():
        processor = next((line.partition(":")[2].strip() for line in information.read_text().splitlines()
                          if line.startswith("model name")), processor)
    return (f"{processor}, {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}, "
            f"torch {torch.__version__} on {torch.get_num_threads()} threads")


def table(rows):
    lines = ["| what | seconds | result | goal |", "|---|---:|---|---|"]
    for row in rows:
        seconds = "" if row.seconds is None else f"{row.seconds:.3g}"
        lines.append(f"| {row.what} | {seconds} | {row.ratio} | {row.goal} |")
    return "\n".join(lines)


def draw(rows):
    timed = [row for row in rows if row.seconds is not None][::-1]
    ax = new_axes(height=0.8 + 0.28 * len(timed))
    ax.barh([row.what for row in timed], [row.seconds for row in timed])
    ax.set(xscale="log", xlabel="seconds (median)")
    ax.figure.savefig(FOLDER / "latest.svg")


def write_readme(text):
    """Put the text between the README's two marks."""
    before, _, rest = README.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    README.write_text(before + BEGIN + text + END + after, encoding="utf-8")


def main(names):
    rows = []
    for name in names or MODULES:
        for row in importlib.import_module(f"benchmarks.{name}").measure():
            rows.append(row)
            print(table([row]).splitlines()[-1], flush=True)
    if names:
        return
    heading = f"Measured on {date.today()}: {machine()}. Repeat it with `make bench`."
    (FOLDER / "latest.md").write_text(f"{heading}\n\n{table(rows)}\n", encoding="utf-8")
    write_readme(f"{heading}\n\n{table([row for row in rows if row.goal])}\n")
    draw(rows)


if __name__ == "__main__":
    main(sys.argv[1:])
