"""What a student hands in of their progress, and what a class has answered: tables for the instructor.

A report holds answers to questions of this book and nothing else. Nothing here trusts what stands in a file.
"""

import csv
import json
from collections import Counter
from pathlib import Path

from pigeon_lessons import rooms
from pigeon_lessons.questions import storage
from pigeon_lessons.questions.overview import KINDS, is_done, named
from pigeon_lessons.words import count

NAME = "pigeon-report.json"
FIELDS = {"right": (bool,), "tries": (int,), "wrong": (list,), "guess": (str, int, float), "skipped": (bool,),
          "passed": (bool,), "hints": (int,), "met": (bool,)}
LARGEST = 1_000_000
"""Bytes of a report; that of a student who has answered everything is some 20,000."""


def report():
    """Return what this student has answered, as a dict for JSON: by kind, by name, the fields of FIELDS that are there.

    >>> report()["format"]
    1
    """
    answers = {kind: {name: storage.progress.record(kind, name) for name in _names(kind)} for kind in KINDS}
    return {"format": 1, **{kind: {name: known for name, record in records.items() if (known := {
        key: value for key, value in record.items() if type(value) in FIELDS.get(key, ())})}
        for kind, records in answers.items()}}


def read_report(path):
    """Return the report in a file. Raises ValueError, with the reason, for a file that is none, whatever it holds."""
    if path.stat().st_size > LARGEST:
        raise ValueError(f"has {path.stat().st_size:,} bytes, more than any report")
    try:
        found = json.loads(path.read_bytes())
    except (ValueError, RecursionError):
        raise ValueError("is not JSON") from None
    if not isinstance(found, dict) or found.get("format") != 1:
        raise ValueError("is no report of `pigeon-lessons report`")
    for kind in KINDS:
        records = found.setdefault(kind, {})
        for name, record in records.items() if isinstance(records, dict) else [("", None)]:
            odd = not isinstance(record, dict) or next(
                (key for key, value in record.items() if type(value) not in FIELDS.get(key, ())), None)
            if odd:
                place = ".".join(filter(None, (kind, name, odd if isinstance(odd, str) else "")))
                raise ValueError(f"holds at {place[:80]!r} what no report holds")
    return found


def collect(folder):
    """Read every report under `folder`; write its class.csv and wrong.csv; return what was done, and what was odd.

    class.csv has a row for each student: how much of each chapter is done. wrong.csv has a row for each way in which a
    question was answered wrongly: the answer to a quiz, what was said of it, and how many students gave it. Of an
    exercise it has the diagnosis alone. A student is called as their file, or as its folder.
    """
    folder, reports, complaints = Path(folder), {}, []
    for path in sorted(folder.rglob("*.json")):
        name = "/".join(path.relative_to(folder).with_suffix("").parts).removesuffix("/" + Path(NAME).stem)
        try:
            if path.is_file():
                reports[name] = read_report(path)
        except (ValueError, OSError) as error:
            complaints.append(f"{path}: left out, since it {getattr(error, 'strerror', None) or error}")
    if not reports:
        complaints.append(f"{folder}: there is no report in it; students write one with `pigeon-lessons report`")
        return [], complaints
    _write(folder / "class.csv", _class(reports))
    _write(folder / "wrong.csv", _wrong(reports))
    return [f"{count(len(reports), 'report')} in {folder / 'class.csv'} and {folder / 'wrong.csv'}"], complaints


def _class(reports):
    """Yield the rows of class.csv: the heads, of how many, then the students."""
    columns = [(chapter, kind) for chapter in rooms.chapters() for kind in KINDS]
    yield ["student", *(f"{rooms.chapters().index(chapter):02} {kind}" for chapter, kind in columns)]
    yield ["(of)", *(len(named(kind, chapter)) for chapter, kind in columns)]
    for student, found in reports.items():
        yield [student, *(sum(is_done(kind, one, found[kind].get(name, {}))
                              for name, one in named(kind, chapter).items()) for chapter, kind in columns)]


def _wrong(reports):
    """Yield the rows of wrong.csv, the most frequent way first."""
    ways = Counter()
    for found in reports.values():
        for name, quiz in _names("quizzes").items():
            tried = found["quizzes"].get(name, {}).get("wrong", [])
            ways.update((name, quiz.question, one.text, one.why) for one in quiz.options if one.text in tried)
        for name in _names("exercises"):
            record = found["exercises"].get(name, {})
            said = {words for words in record.get("wrong", []) if isinstance(words, str)}
            ways.update((name, "", "", words) for words in said)
            ways.update([(name, "", "", "not passed yet")] if record.get("passed") is False else [])
    yield ["question", "asked", "answered", "diagnosis", "students"]
    yield from ([*way, count] for way, count in ways.most_common())


def _names(kind):
    """Return what all chapters ask of a kind, by name."""
    return {name: one for chapter in rooms.chapters() for name, one in named(kind, chapter).items()}


def _write(path, rows):
    """Write a table that spreadsheets open as text, a name such as "=1+1" too."""
    with path.open("w", encoding="utf-8-sig", errors="replace", newline="") as file:
        for row in rows:
            csv.writer(file).writerow([f"'{cell}" if str(cell).startswith(("=", "+", "-", "@", "\t", "\r")) else cell
                                       for cell in row])
