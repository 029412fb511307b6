"""The `pigeon-lessons` command: what it accepts and what it prints. The work is done by its neighbors."""

import argparse
import sys
import time
from pathlib import Path

from pigeon_lessons.authoring import AuthoringError

DESCRIPTION = """\
For those who edit the lessons. The text in lessons/ is what you edit;
the notebooks in notebooks/ are made from it by `pigeon-lessons refresh`."""


def main(arguments=None):
    """Run the command with `arguments`, a list of strings (sys.argv by default); return the exit code.

    0: done. 1: something is to be mended, and the message says what. 2: the command was not understood.

    >>> main(["check", "99"])
    no chapter '99' in lessons/; there are ...
    1
    """
    options = _parser().parse_args(arguments)
    try:
        return options.run(options)
    except ModuleNotFoundError as error:
        print(f"{error.name} is not installed; install what authors need: pip install -e '.[author]'")
    except AuthoringError as error:
        print(error)
    except OSError as error:
        print(f"{error.filename}: {error.strerror}" if error.filename else error)
    return 1


def _parser():
    parser = argparse.ArgumentParser("pigeon-lessons", description=DESCRIPTION,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    refresh = commands.add_parser(
        "refresh", help="make notebooks anew from their texts, outputs included",
        description="Make notebooks anew from their texts: run every cell and keep the outputs. A second run changes "
                    "nothing. If a cell fails, its notebook stays as it was.")
    _accept_chapters(refresh)
    refresh.set_defaults(run=_refresh)

    check = commands.add_parser(
        "check", help="say what is wrong with the lessons, without running them",
        description="Say what is wrong with the lessons, without running them: notebooks that differ from their text, "
                    "and chapters that break the contract (sections, front matter, long cells, dead links).")
    _accept_chapters(check)
    check.set_defaults(run=_check)

    edition = commands.add_parser(
        "student-edition", help="write the notebooks for handing out: no outputs, no solutions",
        description="Write the notebooks into a new folder for handing out, without outputs and solutions.")
    edition.add_argument("out", metavar="OUT", type=Path, help="the folder to write; it must be new or empty")
    edition.set_defaults(run=_student_edition, chapters=[])
    return parser


def _accept_chapters(parser):
    parser.add_argument("chapters", metavar="CHAPTER", nargs="*",
                        help='a chapter as "01" or "01_batching"; all of them if none is named')


def _refresh(options):
    from pigeon_lessons.authoring.refreshing import refresh

    for chapter in _chosen(options):
        start = time.perf_counter()
        _show_progress(f"{chapter.name}: starting")
        changed = refresh(chapter, on_cell=lambda number, name=chapter.name: _show_progress(f"{name}: cell {number}"))
        _show_progress("")
        print(f"{chapter.name}: {'new outputs' if changed else 'unchanged'} ({time.perf_counter() - start:.0f} s)",
              flush=True)
    return 0


def _check(options):
    from pigeon_lessons.authoring.contract import find_problems
    from pigeon_lessons.authoring.pairing import stray_files

    chapters = _chosen(options)
    problems = [problem for chapter in chapters for problem in find_problems(chapter)]
    if not options.chapters:
        problems += stray_files(chapters[0].root)
    for problem in problems:
        print(problem)
    print(f"{len(chapters)} chapters checked, {len(problems)} problems")
    return 1 if problems else 0


def _student_edition(options):
    from pigeon_lessons.authoring.refreshing import student_edition

    chapters = _chosen(options)
    student_edition(chapters, options.out)
    print(f"{len(chapters)} notebooks written to {options.out / 'notebooks'}")
    return 0


def _chosen(options):
    from pigeon_lessons.authoring.pairing import find_chapters, find_project

    return find_chapters(find_project(Path.cwd()), options.chapters)


def _show_progress(text):
    """Rewrite the terminal's last line; where there is no terminal, say nothing."""
    if sys.stdout.isatty():
        print(f"\r\033[K{text}", end="", flush=True)
