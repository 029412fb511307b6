"""What was measured, beside the student's guess: folded until there is one, or until they skip it.

The measured value stands in the plain text in any case: the regression tests of the notebooks compare it.
"""

from html import escape

from IPython.display import display

from pigeon_lessons import checks
from pigeon_lessons.pictures.measured import plot_guess
from pigeon_lessons.pictures.picture import IN_LATEX
from pigeon_lessons.questions.content import Choice, find
from pigeon_lessons.questions.feedback import Message, Shown
from pigeon_lessons.questions.storage import progress

SUMMARY = "Make your guess above first, or open this to see what was measured"
_shown = {}
"""The last `reveal` of each prediction, (its place on the page, what was measured): a later guess opens it."""


def reveal(name, measured):
    """Show what was `measured` beside the student's guess; folded if there is neither a guess nor a skip.

    `name`: "<chapter>/<key>". `measured`: one of the options of a `Choice`, or a number for a `Number`.
    Raises ValueError or TypeError for anything else. A guess that is made later opens it.

    >>> reveal("meet_the_pigeon/untrained", "all near 0.5")
    Measured: all near 0.5. No guess was recorded.
    """
    prediction = find("predictions", name)
    if isinstance(prediction, Choice):
        checks.one_of("measured", measured, prediction.options)
    else:
        measured = checks.real_number("measured", measured, remedy="give the number that was guessed at")
    _shown[name] = display(Revealed(name, prediction, measured), display_id=True), measured


def reveal_again(name):
    """Show the last `reveal` of a prediction as it is now, in its place."""
    place, measured = _shown.get(name, (None, None))
    if place is not None:
        place.update(Revealed(name, find("predictions", name), measured))


def guess_of(name, prediction):
    """Return what the student guessed, None if nothing that fits the prediction is stored."""
    guess = progress.record("predictions", name).get("guess")
    return guess if prediction.has(guess) else None


class Revealed(Shown):
    """A measurement, open or folded."""

    def __init__(self, name, prediction, measured):
        guess = guess_of(name, prediction)
        self.is_open = guess is not None or progress.record("predictions", name).get("skipped") is True
        if isinstance(prediction, Choice):
            shown = _choice_message(guess, measured)
            words, html = shown.words, shown.html
        else:
            shown = plot_guess(guess, measured, low=prediction.low, high=prediction.high, unit=prediction.unit)
            words, html = shown.words, shown.html()
        super().__init__(words, html if self.is_open else (
            f'<details class="pigeon-reveal" data-prediction="{escape(name)}"><summary>{SUMMARY}</summary>{html}'
            "</details>"))

    def _repr_mimebundle_(self, include=None, exclude=None):
        return {"text/plain": self.words, "text/html": self.html, "text/latex": self.words.translate(IN_LATEX)}


def _choice_message(guess, measured):
    if guess is None:
        return Message("note", f"Measured: {measured}. No guess was recorded.")
    if guess == measured:
        return Message("right", f"You guessed: {guess}. Measured: {measured}. As you said.")
    return Message("wrong", f"You guessed: {guess}. Measured: {measured}. What did you not expect?")
