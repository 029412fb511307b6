"""What chapter 01 asks: mini-batches."""

from pigeon_lessons.exercises.content import Choice, Exercise, Option, Quiz
from pigeon_lessons.exercises.marking import number_check

QUIZZES = {
    "recall-1": Quiz("In the update loop, what does `loss.backward()` do?", [
        Option("It moves every weight a step downhill.", "That is `optimizer.step()`, which comes after it."),
        Option("It computes the gradient of the loss for every weight.",
               "It leaves the gradient in each parameter's `.grad` and changes no weight.", right=True),
        Option("It sets all gradients to zero.", "That is `optimizer.zero_grad()`, the last line of the loop."),
    ]),
}

PREDICTIONS = {"noise": Choice("Q?", ["faster", "slower"])}

EXERCISES = {
    "updates": Exercise(
        check=number_check(32, [(1024, "That is the number of images.")],
                           otherwise="Divide the number of images by the images of one batch."),
        hints=["How many batches of 32 fit into 1,024 images?", "1,024 / 32"],
        solution="answer = 1024 // 32",
    ),
}
