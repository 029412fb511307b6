"""The `pigeon-lessons` command: what it accepts and what it prints. The work is done by its neighbors."""

import argparse
import json
import sys
import time
from pathlib import Path

from pigeon_lessons.authoring import AuthoringError

DESCRIPTION = """For those who edit the lessons. The text in lessons/ is what you edit; the notebooks in notebooks/ are
made from it by `pigeon-lessons refresh`."""


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
    parser = argparse.ArgumentParser("pigeon-lessons", description=DESCRIPTION)
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    def add(run, summary, **positional):
        command = commands.add_parser(run.__name__[1:].replace("_", "-"), help=summary, description=summary)
        for name, settings in positional.items():
            command.add_argument(name, **settings)
        command.set_defaults(run=run)
        return command

    chapters = {"metavar": "CHAPTER", "nargs": "*",
                "help": 'a chapter as "01" or "01_batching"; all of them if none is named'}
    add(_refresh, "make notebooks anew from their texts: run every cell and keep the outputs", chapters=chapters)
    add(_adopt, "bring what was edited in a notebook, in VS Code for example, into its text", chapters=chapters)
    add(_check, "say what is wrong with the lessons, without running them", chapters=chapters)
    add(_new, "write all that a new chapter needs, to be filled in",
        name={"metavar": "NN_NAME", "help": "the chapter's number and name, such as 10_dropout"})
    add(_diff, "show in one page which outputs changed since git's last commit", chapters=chapters)
    edition = add(_student_edition, "write a folder for handing out: the released chapters, and all that they need",
                  out={"metavar": "OUT", "type": Path, "help": "the folder to write, outside the project"},
                  chapters=chapters)
    edition.add_argument("--update", action="store_true",
                         help="OUT is an edition from before: renew its chapters, add those named, keep all edits")
    edition.add_argument("--without-solutions", dest="solutions", action="store_false",
                         help="leave out what solution() shows; the answers are written beside OUT, for you")
    add(_nbgrader, "write chapters as assignments of an nbgrader course",
        out={"metavar": "OUT", "type": Path, "help": "the folder of the course; made if it is not there"},
        chapters=chapters)
    add(_report, "write pigeon-report.json, what you have answered, for handing in")
    add(_collect, "make tables of a class from the reports in a folder",
        folder={"metavar": "FOLDER", "type": Path, "help": "where the reports are, in folders or not"})
    add(_doctor, "say what stands in the way of the lessons here, and what to do about it")
    return parser


def _refresh(options):
    from pigeon_lessons.authoring.refreshing import refresh

    for chapter in _chosen(options):
        start = time.perf_counter()
        print(f"running {chapter.name} …", file=sys.stderr)
        said = "new outputs" if refresh(chapter) else "unchanged"
        print(f"{chapter.name}: {said} ({time.perf_counter() - start:.0f} s)", flush=True)
    return 0


def _adopt(options):
    from pigeon_lessons.authoring.merging import adopt

    conflicts = 0
    for chapter in _chosen(options):
        if (difference := adopt(chapter)) is None:
            continue
        print(f"lessons/{chapter.text.name}: has what the notebook had alone; see `git diff`, then "
              f"`pigeon-lessons refresh {chapter.name[:2]}`")
        if found := difference.merged[1]:
            print(f"    in {found} places both had changed: they stand there between git's markers; keep one, and "
                  f"delete lessons/{chapter.beside.name}, the notebook's version")
        conflicts += found
    return 1 if conflicts else 0


def _check(options):
    from pigeon_lessons.authoring.contract import find_problems
    from pigeon_lessons.authoring.pairing import stray_files

    chapters = _chosen(options)
    problems = [problem for chapter in chapters for problem in find_problems(chapter)]
    problems += stray_files(chapters[0].root) if not options.chapters else []
    print(*problems, f"{len(chapters)} chapters checked, {len(problems)} problems", sep="\n")
    return 1 if problems else 0


def _diff(options):
    from pigeon_lessons.authoring.comparing import before_and_after, write_page

    for chapter in _chosen(options):
        if found := before_and_after(chapter):
            page = Path(f"{chapter.name}.diff.html")
            print(*write_page(page, chapter.name, found), page.resolve(), sep="\n")
        else:
            print(f"{chapter.name}: no output differs")
    return 0


def _new(options):
    from pigeon_lessons.authoring.new import new_chapter

    root = _project()
    print(*(path.relative_to(root) for path in new_chapter(root, options.name)), sep="\n")
    print(f"Fill them in, and run `pigeon-lessons refresh {options.name[:2]}`. CONTRIBUTING.md says more.")
    return 0


def _student_edition(options):
    from pigeon_lessons.authoring.edition import student_edition

    print(*student_edition(_project(), options.out, options.chapters, update=options.update,
                           solutions=options.solutions), sep="\n")
    return 0


def _nbgrader(options):
    from pigeon_lessons.authoring.grading import nbgrader_source

    chapters = _chosen(options)
    nbgrader_source(chapters, options.out)
    print(f"{len(chapters)} assignments in {options.out / 'source'}; go there with: cd {options.out}; "
          "nbgrader generate_assignment NN_name")
    return 0


def _report(options):
    from pigeon_lessons.questions.reporting import NAME, report

    Path(NAME).write_text(json.dumps(report(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"Your answers are in {Path(NAME).resolve()}; nothing else is.")
    return 0


def _collect(options):
    from pigeon_lessons.questions.reporting import collect

    done, complaints = collect(options.folder)
    print(*done, *complaints, sep="\n")
    return 1 if complaints else 0


def _doctor(options):
    from pigeon_lessons import doctor

    return doctor.main()


def _project():
    from pigeon_lessons.authoring.pairing import find_project

    return find_project(Path.cwd())


def _chosen(options):
    from pigeon_lessons.authoring.pairing import find_chapters

    return find_chapters(_project(), options.chapters)
