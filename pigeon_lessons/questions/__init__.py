"""Questions to the student: quizzes, predictions and exercises, on the student's own machine.

`asking` shows a question and takes the answer, `revealing` puts it beside what was measured; `checking` judges
exercises, of which `marking` makes the usual ones from `kinds` of answers and training `loops`; `storage` keeps
what was answered, `overview` counts it. What is asked stands in the rooms of the chapters, as `content` defines.
"""

from pigeon_lessons.questions.asking import predict, quiz
from pigeon_lessons.questions.checking import check, hint, solution
from pigeon_lessons.questions.overview import progress
from pigeon_lessons.questions.revealing import reveal

__all__ = ["check", "hint", "predict", "progress", "quiz", "reveal", "solution"]
