"""Questions to the student: quizzes, predictions and exercises, on the student's own machine.

`asking` shows a question and takes the answer; `checking` judges exercises; `storage` keeps both;
`marking` has the parts that checks are made of. What is asked stands in one content module for each
chapter (`batching`, `epochs`, …), plain data in the shape that `content` defines.
Some checks train a small Pigeon to try an answer; nothing here draws a figure.
"""

from pigeon_lessons.questions.asking import predict, quiz, reveal
from pigeon_lessons.questions.checking import check, hint, solution

__all__ = ["check", "hint", "predict", "quiz", "reveal", "solution"]
