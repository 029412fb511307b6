"""Quizzes and predictions: a question with real radio buttons or a text field, and what is said to the answer.

Every question is one widget that also has words (for terminals and regression tests) and HTML without
the answers (for a notebook that is only read).
"""

from html import escape
from weakref import WeakValueDictionary

import ipywidgets as widgets
from IPython.display import display

from pigeon_lessons.front_end import close, show
from pigeon_lessons.questions.content import Choice, find
from pigeon_lessons.questions.feedback import CheckResult, block, marked_up, with_trouble
from pigeon_lessons.questions.revealing import guess_of, reveal_again
from pigeon_lessons.questions.storage import progress

_open_questions = WeakValueDictionary()
_WRAPPED = ("<style>.pigeon-question .widget-radio-box label {height: auto; padding-left: 22px; position: relative}"
            ".pigeon-question .widget-radio-box input {position: absolute; left: 2px; top: 1px}</style>")
"""Lets a long option go on in a second line, where ipywidgets would cut it off."""

LIVE = "Run this cell in Jupyter, or “Run All Cells”, to answer here."


def quiz(name):
    """Ask a quiz question; a chosen option is explained, and once the right one is found, all are.

    `name`: "<chapter>/<key>". Raises ValueError if there is no such quiz. Returns a CheckResult: whether the
    right option has been found, None if none was tried yet.

    >>> result = quiz("batching/recall-1")
    Question: ...
    """
    question = QuizQuestion(name, find("quizzes", name))
    return _ask(question, progress.record("quizzes", name).get("right"))


def predict(name):
    """Ask for a guess before a run and keep it; `reveal` puts it beside what was measured.

    `name`: "<chapter>/<key>". Raises ValueError if there is no such prediction. Returns a CheckResult, which
    is true once there is a guess.

    >>> result = predict("meet_the_pigeon/untrained")
    Your prediction: ...
    """
    question = GuessQuestion(name, find("predictions", name))
    return _ask(question, None if guess_of(name, question.prediction) is None else True)


def _ask(question, passed):
    """Show a question; the one that an earlier run of the cell had made is closed."""
    if question.name in _open_questions:
        _open_questions[question.name].close()
    _open_questions[question.name] = question
    display(question)
    return CheckResult(passed if isinstance(passed, bool) else None, question.words)


class _Question:
    """A question as IPython displays it. `field` takes the answer, the first button commits it, `said` replies."""

    def __init__(self, title, question, options, field, buttons):
        self.words = "\n".join([f"{title}: {question}".replace("`", ""), *(f"( ) {option}" for option in options)])
        items = "".join(f"<li>{escape(option)}</li>" for option in options)
        heading = f'<div style="max-width: 720px; line-height: 1.5"><b>{title}.</b> {marked_up(question)}</div>'
        self.html = heading + (f"<ul>{items}</ul>" if items else "")
        self.field = field
        self.buttons = [widgets.Button(description=one, layout=widgets.Layout(width="auto")) for one in buttons]
        self.said = widgets.HTML()
        self.box = widgets.VBox([widgets.HTML(_WRAPPED + heading), field, widgets.HBox(self.buttons), self.said],
                                layout=widgets.Layout(align_items="flex-start"))
        self.box.add_class("pigeon-question")
        self._save_again = None
        self.buttons[0].on_click(lambda _: self.answer())

    def __repr__(self):
        return self.words

    def _repr_mimebundle_(self, include=None, exclude=None):
        bundle = self.box._repr_mimebundle_() or {}
        return {**bundle, "text/plain": self.words, "text/html": self.html}

    def _ipython_display_(self):
        """Show the question in Jupyter, and in the notebook as it is saved what it asked and said."""
        self._save_again = show(self.box, self._last)

    def _last(self):
        return f"{self.html}<p><i>{LIVE}</i></p>{self.said.value}"

    def say(self, kind, text):
        self.said.value = block(kind, with_trouble(text))
        if self._save_again is not None:
            self._save_again()

    def close(self):
        """Close all widgets of the question, which nothing but them keeps alive."""
        close(self.box)


class QuizQuestion(_Question):
    """A `Quiz` on the screen."""

    def __init__(self, name, quiz):
        self.name, self.quiz = name, quiz
        texts = [option.text.replace("`", "") for option in quiz.options]
        super().__init__("Question", quiz.question, texts, _radio_buttons(texts), ["Check my answer"])

    def answer(self):
        """Explain the chosen option; all of them once it is right."""
        if self.field.index is None:
            return self.say("note", "Choose one of the answers first.")
        chosen = self.quiz.options[self.field.index]
        before = progress.record("quizzes", self.name).get("tries")
        tries = before + 1 if isinstance(before, int) else 1
        progress.put("quizzes", self.name, {"answer": chosen.text, "right": chosen.right, "tries": tries,
                                            "wrong": [] if chosen.right else [chosen.text]})
        if not chosen.right:
            return self.say("wrong", f"Not quite. {chosen.why}\nChoose again.")
        others = [f"“{option.text}”: {option.why}" for option in self.quiz.options if option is not chosen]
        return self.say("right", "\n".join([f"Right. {chosen.why}", *others]))


class GuessQuestion(_Question):
    """A prediction on the screen: radio buttons for a `Choice`, a text field for a `Number`."""

    def __init__(self, name, prediction):
        self.name, self.prediction = name, prediction
        question, options = prediction.question, getattr(prediction, "options", [])
        if isinstance(prediction, Choice):
            field = _radio_buttons(options)
        else:
            question = f"{question} ({prediction.span})"
            field = widgets.Text(placeholder=prediction.span, description="Your guess", description_allow_html=False)
        super().__init__("Your prediction", question, options, field, ["Record my guess", "Skip"])
        self.buttons[1].on_click(lambda _: self.skip())
        guess = guess_of(name, prediction)
        if guess is not None:
            self.say("note", f"You guessed before: {prediction.told(guess)}. You may change it.")

    def answer(self):
        """Keep the guess, or say what is missing."""
        try:
            guess = self.prediction.read(self.field.value)
        except ValueError as reason:
            return self.say("note", str(reason))
        progress.put("predictions", self.name, {"guess": guess})
        self.say("note", f"Recorded: {self.prediction.told(guess)}. Now run on and see.")
        return reveal_again(self.name)

    def skip(self):
        """Make no guess, and let what was measured be seen."""
        progress.put("predictions", self.name, {"skipped": True})
        self.say("note", "Skipped. What is measured will be shown below, where it is.")
        reveal_again(self.name)


def _radio_buttons(texts):
    """Return radio buttons in the given order, none chosen."""
    return widgets.RadioButtons(options=list(texts), value=None, layout=widgets.Layout(width="100%", max_width="720px"))
