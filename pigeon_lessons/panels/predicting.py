"""The prediction: a question to commit to before the run that answers it is shown."""

from html import escape

from pigeon_lessons.panels import html


class PredictionBox:
    """Asks `prediction`'s question; a click on an answer records it and calls `on_guess()`, which runs what was asked.

    `widget` is what a panel shows; `reveal(scene)` puts guess and outcome side by side, once that run is done.
    """

    def __init__(self, prediction, on_guess):
        self._prediction, self._on_guess = prediction, on_guess
        self.guess = None
        self._answer = html.note("pigeon-answer")
        self._buttons = []
        question = ""
        if prediction is not None:
            question = f"<b>Predict first.</b> {escape(prediction.question)}"
            self._buttons = [html.button("answer", answer, "commit to this answer, and run it", self._on_click)
                             for answer in prediction.answers]
        asked = html.row([html.note("", question), *self._buttons], "pigeon-predict")
        self.widget = html.column([asked, self._answer], "pigeon-prediction")

    def _on_click(self, button):
        self.guess = button.description
        for one in self._buttons:
            one.disabled = True
        self._on_guess()

    def reveal(self, scene):
        """Show guess and outcome if what `scene` shows is the run that was asked about, and finished."""
        asked, result = self._prediction, scene.now
        if self.guess is None or self._answer.value or not result.is_complete:
            return
        if any(result.settings[name] != value for name, value in asked.settings.items()):
            return
        outcome = asked.outcome(scene)
        verdict = "As you said" if outcome == self.guess else f"You said “{self.guess}”; it came out otherwise"
        self._answer.value = (f'<div class="pigeon-note">{escape(verdict)}: <b>{escape(outcome)}</b>. '
                              f"{escape(asked.answers[outcome])}</div>")
