"""Run by a Python that has the package as a wheel and nothing of the repository: all that it must bring is used."""

import pigeon_lessons as lessons
from pigeon_lessons.questions.content import solution_of

digits = lessons.load_mnist()
train, val, _ = lessons.split(digits, train=64, val=64)
lessons.plot_history(lessons.Trainer(lessons.Pigeon(seed=1), train, val).fit(1))
lessons.quiz("batching/recall-1")
lessons.explore("batching", train, val)
print(len(digits), "digits,", len(solution_of("batching/updates").splitlines()), "lines,", lessons.__version__)
