"""What chapter 04 asks: training curves, what they show and what they hide."""

from pigeon_lessons.questions.content import Choice, Exercise, Number, Option, Quiz
from pigeon_lessons.questions.marking import not_a_function, not_a_number, number_check

QUIZZES = {
    "recall-1": Quiz("You double the learning rate and change nothing else. What happens to the very first step?", [
        Option("Its direction turns.", "The gradient gives the direction, and it does not know the learning rate."),
        Option("It becomes twice as long.", "The step is the learning rate times the gradient.", right=True),
        Option("The loss falls twice as much.",
               "Only while the step is short. A long step can pass the lowest point and climb on the other side."),
    ]),
    "recall-2": Quiz("The learning rate is huge, the loss stays near 0.6, every answer is \"no\". What has happened?", [
        Option("The step is too short to move anything.", "Then the loss would stay near its start, 0.69, and creep."),
        Option("All ReLU units are off.",
               "They give 0 for every image and get no gradient. Only the last bias still learns.",
               right=True),
        Option("The Pigeon has found the best answer there is.",
               "Always \"no\" is right for about 70 % of the digits. Other runs passed 90 %."),
    ]),
    "recall-3": Quiz("You go from batches of 32 to batches of 64. What is a good first guess for the learning rate?", [
        Option("About twice as large.", "Half as many updates, each with less noise: let each go further.", right=True),
        Option("About half as large.", "An epoch now has half as many updates. Shorter ones would get you nowhere."),
        Option("The same; the loss is a mean anyway.",
               "The gradient stays as long, true. But half as many steps of the same length cover half the way."),
    ]),
}

PREDICTIONS = {
    "calm": Choice("Learning rate 0.005, one epoch over the same 1,024 images. Which run ends with the lower loss on "
                   "all training images?", ["batch 1", "batch 32"]),
    "accuracy": Number("After that epoch in batches of 32: how many percent of the training digits does the Pigeon get "
                       "right?", low=0, high=100, unit="%"),
}

CAUSES = ("healthy", "too small", "too large", "dead", "sorted", "no zero_grad")
GALLERY = {"A": "too large", "B": "dead", "C": "no zero_grad", "D": "sorted", "E": "too small", "F": "healthy"}

SIGNS = {
    "healthy": "A healthy curve falls quickly, then slowly, with noise but without high peaks.",
    "too small": "With too small a learning rate the curve hardly moves, and is calm: find the flattest one near 0.69.",
    "too large": "With too large a learning rate the Pigeon learns, is thrown back, and learns again: look for a curve "
                 "that gets low but never settles.",
    "dead": "A dead network had a high peak early on. After it, nothing is learned any more.",
    "sorted": "With sorted digits the same pattern comes back every 32 iterations, once an epoch.",
    "no zero_grad": "When gradients pile up, each step is longer than the last: the loss swings up higher and higher.",
}


def _check_windows(answer):
    if not isinstance(answer, (tuple, list)) or len(answer) != 2:
        return "Give two numbers in brackets: (window for batch 8, window for batch 64)."
    complaint = not_a_number(answer[0]) or not_a_number(answer[1])
    if complaint:
        return complaint
    known = {
        (256, 256): "A window counts iterations, not images. How many iterations of batch 8 make 256 images?",
        (4, 32): "The right numbers in the wrong order: small batches need more of them.",
        (8, 64): "These are the batch sizes. How many such batches make 256 images?",
    }
    if tuple(answer) == (32, 4):
        return None
    return known.get(tuple(answer), "window × batch size should be 256 for both.")


def _check_average(answer):
    complaint = not_a_function(answer)
    if complaint:
        return complaint
    got = answer([4.0, 2.0, 0.0, 0.0], 2)
    if not hasattr(got, "__len__"):
        return "The function should return a list with one average for each value."
    if len(got) != 4:
        return f"Four values go in, so four averages should come out; yours gives {len(got)}."
    if any(not_a_number(value) for value in got):
        return "Each item of the list should be a number, the average of its window."
    got = [float(value) for value in got]
    if got == [0.0, 3.0, 1.0, 0.0]:
        return ("The first average should be 4, yours is 0. At the start `i - window + 1` is below 0, and a slice "
                "counts that from the end of the list. Begin at `max(0, …)`.")
    if got == [2.0, 3.0, 1.0, 0.0]:
        return "At the start you divide by the window although fewer values are there. Divide by how many there are."
    if got == [3.0, 1.0, 0.0, 0.0]:
        return "Your average looks ahead: item i may use only values up to i, not the one after it."
    if got != [4.0, 3.0, 1.0, 0.0]:
        return f"The average of [4, 2, 0, 0] over 2 should be [4, 3, 1, 0]; yours is {got}."
    longer = [float(value) for value in answer([3.0, 6.0, 9.0, 12.0], 3)]
    if longer != [3.0, 4.5, 6.0, 9.0]:
        return f"Right for a window of 2. For 3, [3, 6, 9, 12] should give [3, 4.5, 6, 9]; yours gives {longer}."
    return None


def _check_gallery(answer):
    if not isinstance(answer, dict) or set(answer) != set(GALLERY):
        return 'Give a dictionary with the six letters: {"A": "healthy", "B": …}.'
    for letter, cause in answer.items():
        if cause not in CAUSES:
            return f"{letter}: {cause!r} is not one of the causes: {', '.join(CAUSES)}."
    if len(set(answer.values())) < len(CAUSES):
        twice = next(cause for cause in answer.values() if list(answer.values()).count(cause) > 1)
        return f"Each cause belongs to one letter; {twice!r} stands there more than once."
    wrong = [letter for letter in answer if answer[letter] != GALLERY[letter]]
    if not wrong:
        return None
    return f"{6 - len(wrong)} of 6 are right. {wrong[0]} is not {answer[wrong[0]]!r}. {SIGNS[answer[wrong[0]]]}"


EXERCISES = {
    "undo": Exercise(
        check=number_check(0.496, [(0.0155 / 32, "You divided once more. The loss was divided by mistake; undo it."),
                                   (0.0155, "That is the number as reported, after the mistaken division.")],
                           otherwise="The reported number is the mean loss divided by 32. Undo that one step.",
                           tolerance=2e-3),
        hints=["What did the code do to the mean loss before it was reported?", "Multiply by 32."],
        solution="answer = 0.0155 * 32",
    ),
    "windows": Exercise(
        check=_check_windows,
        hints=["One iteration sees as many images as there are in a batch.", "256 images are 256 / 8 batches of 8."],
        solution="answer = (256 // 8, 256 // 64)",
    ),
    "average": Exercise(
        check=_check_average,
        hints=["For item i, which positions belong to its window? Where must the window stop at the left end?",
               "The window of item i is `values[max(0, i - window + 1):i + 1]`.",
               "Divide its sum by its length, not by `window`."],
        solution="""
def average(values, window):
    averages = []
    for i in range(len(values)):
        last = values[max(0, i - window + 1):i + 1]
        averages.append(sum(last) / len(last))
    return averages


answer = average
""",
    ),
    "gallery": Exercise(
        check=_check_gallery,
        hints=["Start with the clearest: which curve is the only one that is calm all along? Which has a pattern that "
               "repeats every 32 iterations?",
               "Two of the curves go off the scale. One of them comes back to about 0.64 and stays, the other swings "
               "ever higher.",
               "Two are left, both low. One keeps falling, the other is thrown back again and again."],
        solution="answer = " + repr(GALLERY),
    ),
}
