"""The `pigeon-lessons` command: what it accepts and what it prints. The work is done by its neighbors.

Each of COMMANDS is a function: its parameters are what it accepts, its docstring is what `--help` says, and it returns
whether something is to be mended. It imports its neighbor itself: what students call needs no author's packages.
"""

import argparse
import inspect
import io
import json
import os
import sys
import time
from pathlib import Path

from pigeon_lessons.authoring import AuthoringError
from pigeon_lessons.authoring.pairing import find_chapters, find_project, stray_files
from pigeon_lessons.words import count

DESCRIPTION = """`report` and `doctor` are for students, the rest for those who edit the lessons or teach with them. The
text in lessons/ is what you edit; the notebooks in notebooks/ are made from it by `pigeon-lessons refresh`."""
ARGUMENTS = {
    "chapters": {"metavar": "CHAPTER", "nargs": "*", "default": (),
                 "help": 'a chapter as "01" or "01_batching"; all of them if none is named'},
    "name": {"metavar": "NN_NAME", "help": "the chapter's number and name, such as 10_dropout"},
    "out": {"metavar": "OUT", "type": Path, "help": "the folder to write; made if it is not there"},
    "folder": {"metavar": "FOLDER", "type": Path, "help": "where the reports are, in folders or not"},
    "update": {"action": "store_true",
               "help": "OUT is an edition from before: renew its chapters, add those named, keep all edits"},
    "without_solutions": {"action": "store_true",
                          "help": "leave out what solution() shows; the answers are written beside OUT, for you"}}


def main(arguments=None):
    """Run the command with `arguments`, a list of strings (sys.argv by default); return the exit code.

    0: done. 1: something is to be mended, and the message says what. 2: the command was not understood.

    >>> main(["check", "99"])
    no chapter '99' in lessons/; there are ...
    1
    """
    options = vars(_parser().parse_args(arguments))
    run = options.pop("run")
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a name may hold signs that this terminal cannot show
    try:
        code = int(run(**options) or 0)
        print(end="", flush=True)
        return code
    except ModuleNotFoundError as error:
        print(f"{error.name} is not installed; install what authors need: pip install -e '.[author]'")
    except AuthoringError as error:
        print(error)
    except BrokenPipeError:  # whoever reads, `head` say, has enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        print(f"{error.filename}: {error.strerror}" if error.filename else error, file=sys.stderr)
    return 1


def refresh(chapters):
    """Make notebooks anew from their texts: run every cell and keep the outputs."""
    from pigeon_lessons.authoring.refreshing import refresh

    for chapter in find_chapters(find_project(), chapters):
        start = time.perf_counter()
        said = "new outputs" if refresh(chapter) else "unchanged"
        print(f"{chapter.name}: {said} ({time.perf_counter() - start:.0f} s)", flush=True)


def adopt(chapters):
    """Bring what was edited in a notebook, in VS Code for example, into its text."""
    from pigeon_lessons.authoring.merging import adopt

    conflicts = 0
    for chapter in find_chapters(find_project(), chapters):
        if (difference := adopt(chapter)) is None:
            continue
        print(f"lessons/{chapter.text.name}: has what the notebook had alone; see `git diff`, then "
              f"`pigeon-lessons refresh {chapter.number}`")
        if found := difference.merged[1]:
            print(f"    places where both had changed: {found}; both versions stand there between git's markers; keep "
                  f"one, and delete lessons/{chapter.beside.name}, the notebook's version")
        conflicts += found
    return conflicts > 0


def check(chapters):
    """Say what is wrong with the lessons, without running them."""
    from pigeon_lessons.authoring.contract import find_problems

    found = find_chapters(find_project(), chapters)
    problems = [problem for chapter in found for problem in find_problems(chapter)]
    problems += stray_files(found[0].root) if not chapters else []
    print(*problems, f"{count(len(found), 'chapter')} checked, {count(len(problems), 'problem')}", sep="\n")
    return bool(problems)


def new(name):
    """Write all that a new chapter needs, to be filled in."""
    from pigeon_lessons.authoring.new import new_chapter

    root = find_project()
    print(*(path.relative_to(root) for path in new_chapter(root, name)), sep="\n")
    print(f"Fill them in, and run `pigeon-lessons refresh {name[:2]}`. CONTRIBUTING.md says more.")


def diff(chapters):
    """Show in one page which outputs changed since git's last commit."""
    from pigeon_lessons.authoring.comparing import before_and_after, write_page

    for chapter in find_chapters(find_project(), chapters):
        if found := before_and_after(chapter):
            page = Path(f"{chapter.name}.diff.html")
            print(*write_page(page, chapter.name, found), page.resolve(), sep="\n")
        else:
            print(f"{chapter.name}: no output differs")


def student_edition(out, chapters, update, without_solutions):
    """Write a folder for handing out, outside the project: the released chapters, and all that they need."""
    from pigeon_lessons.authoring.edition import student_edition

    print(*student_edition(find_project(), out, chapters, update=update, solutions=not without_solutions), sep="\n")


def nbgrader(out, chapters):
    """Write chapters as assignments of an nbgrader course."""
    from pigeon_lessons.authoring.grading import nbgrader_source

    found = find_chapters(find_project(), chapters)
    nbgrader_source(found, out)
    print(f"{count(len(found), 'assignment')} in {out / 'source'}; go there with: cd {out}; "
          "nbgrader generate_assignment NN_name")


def report():
    """Write pigeon-report.json, what you have answered, for handing in."""
    from pigeon_lessons.questions.reporting import NAME, report

    Path(NAME).write_text(json.dumps(report(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"Your answers are in {Path(NAME).resolve()}; nothing else is.")


def collect(folder):
    """Make tables of a class from the reports in a folder."""
    from pigeon_lessons.questions.reporting import collect

    done, complaints = collect(folder)
    print(*done, *complaints, sep="\n")
    return bool(complaints)


def doctor():
    """Say what stands in the way of the lessons here, and what to do about it."""
    from pigeon_lessons.doctor import main

    return main()


COMMANDS = (refresh, adopt, check, new, diff, student_edition, nbgrader, report, collect, doctor)


def _parser():
    parser = argparse.ArgumentParser("pigeon-lessons", description=DESCRIPTION)
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    for run in COMMANDS:
        command = commands.add_parser(run.__name__.replace("_", "-"), help=run.__doc__, description=run.__doc__)
        command.set_defaults(run=run)
        for name in inspect.signature(run).parameters:
            is_flag = "action" in ARGUMENTS[name]
            command.add_argument(f"--{name.replace('_', '-')}" if is_flag else name, **ARGUMENTS[name])
    return parser
