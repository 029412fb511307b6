"""Quizzes and predictions: a question with real radio buttons or a text field, and what is said to the answer.

Every question is one widget that also has words (for terminals and regression tests) and HTML without
the answers (for a notebook that is only read).
"""

from html import escape

import ipywidgets as widgets
from IPython.display import display

from pigeon_lessons import checks
from pigeon_lessons.pictures.measured import plot_guess
from pigeon_lessons.questions.content import Choice, find
from pigeon_lessons.questions.feedback import Message, block, marked_up, with_trouble
from pigeon_lessons.questions.storage import progress
from pigeon_lessons.words import number as written

_open_questions = {}
_WRAPPED = ("<style>.pigeon-question .widget-radio-box label {height: auto; padding-left: 22px; position: relative}"
            ".pigeon-question .widget-radio-box input {position: absolute; left: 2px; top: 1px}</style>")
"""Lets a long option go on in a second line, where ipywidgets would cut it off."""


def quiz(name):
    """Ask a quiz question; a chosen option is explained, and once the right one is found, all are.

    `name`: "<chapter>/<key>". Raises ValueError if there is no such quiz. Nothing is returned.

    >>> quiz("batching/recall-1")
    Question: ...
    """
    _ask(name, QuizQuestion(name, find("QUIZZES", name)))


def predict(name):
    """Ask for a guess before a run and keep it; `reveal` puts it beside what was measured.

    `name`: "<chapter>/<key>". Raises ValueError if there is no such prediction. Nothing is returned.

    >>> predict("meet_the_pigeon/untrained")
    Your prediction: ...
    """
    _ask(name, GuessQuestion(name, find("PREDICTIONS", name)))


def reveal(name, measured):
    """Show the student's guess beside what was `measured`, or only the latter if there is no guess.

    `measured`: one of the options of a `Choice`, or a number for a `Number`. Raises ValueError or TypeError
    for anything else.

    >>> reveal("meet_the_pigeon/untrained", "all near 0.5")
    Measured: all near 0.5. No guess was recorded.
    """
    prediction = find("PREDICTIONS", name)
    guess = progress.get("predictions", name)
    if isinstance(prediction, Choice):
        if measured not in prediction.options:
            raise ValueError(f"measured must be one of {list(prediction.options)}, got {measured!r}")
        display(_choice_message(guess, measured))
    else:
        measured = checks.real_number("measured", measured, remedy="give the number that was guessed at")
        display(plot_guess(guess, measured, low=prediction.low, high=prediction.high, unit=prediction.unit))


def _choice_message(guess, measured):
    if guess is None:
        return Message("note", f"Measured: {measured}. No guess was recorded.")
    if guess == measured:
        return Message("right", f"You guessed: {guess}. Measured: {measured}. As you said.")
    return Message("wrong", f"You guessed: {guess}. Measured: {measured}. What did you not expect?")


def _ask(name, question):
    """Show a question; the one that an earlier run of the cell had made is closed."""
    if name in _open_questions:
        _open_questions[name].box.close()
    _open_questions[name] = question
    display(question)


class _Question:
    """A question as IPython displays it. `field` takes the answer, `button` commits it, `said` replies."""

    def __init__(self, title, question, options, field, button):
        self.words = "\n".join([f"{title}: {question}".replace("`", ""), *(f"( ) {option}" for option in options)])
        items = "".join(f"<li>{escape(option)}</li>" for option in options)
        heading = f'<div style="max-width: 720px; line-height: 1.5"><b>{title}.</b> {marked_up(question)}</div>'
        self.html = heading + (f"<ul>{items}</ul>" if items else "")
        self.field = field
        self.button = widgets.Button(description=button, layout=widgets.Layout(width="auto"))
        self.said = widgets.HTML()
        self.box = widgets.VBox([widgets.HTML(_WRAPPED + heading), field, self.button, self.said],
                                layout=widgets.Layout(align_items="flex-start"))
        self.box.add_class("pigeon-question")
        self.button.on_click(lambda _: self.answer())

    def __repr__(self):
        return self.words

    def _repr_mimebundle_(self, include=None, exclude=None):
        bundle = self.box._repr_mimebundle_() or {}
        return {**bundle, "text/plain": self.words, "text/html": self.html}

    def say(self, kind, text):
        self.said.value = block(kind, with_trouble(text))


class QuizQuestion(_Question):
    """A `Quiz` on the screen."""

    def __init__(self, name, quiz):
        self.name, self.quiz = name, quiz
        texts = [_plain(option.text) for option in quiz.options]
        super().__init__("Question", quiz.question, texts, _radio_buttons(texts), "Check my answer")

    def answer(self):
        """Explain the chosen option; all of them once it is right."""
        if self.field.index is None:
            return self.say("note", "Choose one of the answers first.")
        chosen = self.quiz.options[self.field.index]
        tries = progress.record("quizzes", self.name).get("tries", 0) + 1
        progress.put("quizzes", self.name, {"answer": chosen.text, "right": chosen.right, "tries": tries})
        if not chosen.right:
            return self.say("wrong", f"Not quite. {chosen.why}\nChoose again.")
        others = [f"“{option.text}”: {option.why}" for option in self.quiz.options if option is not chosen]
        return self.say("right", "\n".join([f"Right. {chosen.why}", *others]))


class GuessQuestion(_Question):
    """A prediction on the screen: radio buttons for a `Choice`, a text field for a `Number`."""

    def __init__(self, name, prediction):
        self.name, self.prediction = name, prediction
        if isinstance(prediction, Choice):
            super().__init__("Your prediction", prediction.question, prediction.options,
                             _radio_buttons(prediction.options), "Record my guess")
        else:
            field = widgets.Text(placeholder=self._range, description="Your guess", description_allow_html=False)
            super().__init__("Your prediction", f"{prediction.question} ({self._range})", [], field, "Record my guess")
        guess = progress.get("predictions", name)
        if guess is not None:
            self.say("note", f"You guessed before: {self._told(guess)}. You may change it.")

    @property
    def _range(self):
        low, high, unit = written(self.prediction.low), written(self.prediction.high), self.prediction.unit
        return f"a number from {low} to {high}{' ' + unit if unit else ''}"

    def answer(self):
        """Keep the guess, or say what is missing."""
        guess = self._guess()
        if guess is None:
            what = "one of the answers" if isinstance(self.prediction, Choice) else self._range
            return self.say("note", f"Give {what}, then record it.")
        progress.put("predictions", self.name, guess)
        return self.say("note", f"Recorded: {self._told(guess)}. Now run on and see.")

    def _guess(self):
        if isinstance(self.prediction, Choice):
            return self.field.value
        try:
            guess = float(self.field.value.replace(",", ".").rstrip("% "))
        except ValueError:
            return None
        return guess if self.prediction.low <= guess <= self.prediction.high else None

    def _told(self, guess):
        if isinstance(self.prediction, Choice):
            return guess
        return f"{written(guess)} {self.prediction.unit}".rstrip()


def _radio_buttons(texts):
    """Return radio buttons in the given order, none chosen."""
    return widgets.RadioButtons(options=list(texts), value=None, layout=widgets.Layout(width="100%", max_width="720px"))


def _plain(text):
    return text.replace("`", "")
