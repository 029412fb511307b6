"""How long a chapter takes, worked out from its text: words to read, lines of code, questions and exercises.

What stands under a heading that ends in "(optional)" comes on top and is not counted; nor is a cell that never runs.
"""

import re
from collections import Counter

from pigeon_lessons.authoring.prose import headings
from pigeon_lessons.authoring.reading import NEVER_RUN, tags

A_MINUTE = {"words": 175, "lines of code": 10, "questions": 1, "exercises": 1 / 4}
"""Words: adults read 238 of non-fiction in silence, most of them 175 to 300 (Brysbaert, Journal of Memory and Language
109, 2019); text with formulas and figures goes at the lower end. Lines: a careful review takes 200 an hour (Kemerer &
Paulk, IEEE Transactions on Software Engineering 35, 2009); these are explained around them, so three times as many.
Questions, with their explanations, and exercises: our estimates, to be replaced when a class has been timed."""
MOST, LEEWAY = 60, 5
OPTIONAL = "(optional)"
UNSEEN = re.compile(r"(?s)<!--.*?-->")
COUNTED = {"words": re.compile(r"\S*\w\S*"), "lines of code": re.compile(r"(?m)^\s*[^\s#].*"),
           "questions": re.compile(r"(?m)^(?:quiz|predict)\("), "exercises": re.compile(r"(?m)^check\(")}


def work(cells):
    """Return how much of each kind, as in A_MINUTE, the cells of a notebook ask of a student.

    >>> from nbformat.v4 import new_code_cell, new_markdown_cell
    >>> work([new_markdown_cell("# Two words"), new_code_cell("check(1)"), new_markdown_cell("## More (optional)")])
    {'words': 2, 'lines of code': 1, 'questions': 0, 'exercises': 1}
    """
    found, optional = Counter(dict.fromkeys(A_MINUTE, 0)), None  # or the level of the heading that makes it so
    for cell in cells:
        if cell.cell_type == "markdown":
            starts = {heading.line: heading for heading in headings(cell.source)}
            seen = UNSEEN.sub(lambda comment: "\n" * comment[0].count("\n"), cell.source)
            for number, line in enumerate(seen.splitlines(), start=1):
                if (heading := starts.get(number)) and heading.level <= (optional or heading.level):
                    optional = heading.level if heading.words.endswith(OPTIONAL) else None
                found["words"] += 0 if optional else len(COUNTED["words"].findall(line))
        elif not optional and NEVER_RUN not in tags(cell):
            found.update({kind: len(COUNTED[kind].findall(cell.source)) for kind in A_MINUTE if kind != "words"})
    return dict(found)


def minutes_problems(text):
    """Yield (line, sentence) where the header's minutes are not those of the text, or where these are too many."""
    found, lesson = work(text.notebook.cells), text.notebook.metadata.get("lesson")
    said = lesson.get("minutes") if isinstance(lesson, dict) else None
    minutes = sum(number / A_MINUTE[kind] for kind, number in found.items())
    takes = f"{minutes:.0f} minutes ({', '.join(f'{number:,} {kind}' for kind, number in found.items())})"
    if round(minutes) > MOST:
        yield text.line_of("minutes"), f"it takes {takes}, more than {MOST}; cut it, or end a heading in {OPTIONAL}"
    elif type(said) is int and abs(said - minutes) > LEEWAY:
        yield text.line_of("minutes"), f"lesson.minutes must be what it takes, {takes}, got {said}"
