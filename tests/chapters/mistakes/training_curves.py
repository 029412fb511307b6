"""Wrong answers to the exercises of chapter 04, each with a phrase of the message that it must get."""

from pigeon_lessons.questions.content import solution_of

AVERAGE = """
def answer(values, window):
    return [{item} for i in range({start}, len(values))]
"""
REPAIR = solution_of("training_curves/repair")
TREAT = solution_of("training_curves/treat")
ILL = {"A": "labels of others", "B": "sigmoid twice", "C": "dead units", "D": "wrong shapes", "E": "lost optimizer",
       "F": "pixels to 255"}
RIGHT = {"A": "too large", "B": "dead", "C": "no zero_grad", "D": "sorted", "E": "too small", "F": "healthy"}

MISTAKES = {
    "repair": [
        (REPAIR.replace("        loss.backward()",
         "        if len(images) < 32:\n            break\n        loss.backward()"),
         "One of the three is still there. The short last batch"),
        (REPAIR.replace("targets)\n", "targets) / len(images)\n"), "The loss is a mean already"),
        (REPAIR.replace("        optimizer.zero_grad()\n", ""), "The old gradient is still there"),
        (REPAIR.replace("        optimizer.zero_grad()\n", "").replace("    return",
         "    optimizer.zero_grad()\n    return"),
         "One of the three is still there. The gradients of several"),
        (REPAIR.replace("        optimizer.zero_grad()\n", "").replace("    return",
         "    optimizer.zero_grad()\n    return")
         .replace("targets)\n", "targets) / len(images)\n"), "Two of the three faults are still there."),
        (REPAIR.replace("return losses", "return losses[:1]"), "your list has 1 number"),
        ("answer = [0.69]", "should be a function"),
    ],
    "windows": [
        ("answer = (256, 256)", "counts iterations, not images"),
        ("answer = (4, 32)", "in the wrong order"),
        ("answer = (8, 64)", "the batch sizes"),
        ("answer = (16, 2)", "window × batch size should be 256"),
        ("answer = 32", "2 numbers in brackets"),
        ("answer = ('32', '4')", "should be a number"),
    ],
    "average": [
        (AVERAGE.format(item="sum(values[max(0, i - window + 1):i + 1]) / window", start=0),
         "Divide by how many there are"),
        (AVERAGE.format(item="sum(values[i:i + window]) / len(values[i:i + window])", start=0), "looks ahead"),
        (AVERAGE.format(item="sum(values[i - window + 1:i + 1]) / window", start="window - 1"),
         "One average for each value"),
        (AVERAGE.format(item="sum(values[i - window + 1:i + 1]) / window", start=0), "Begin at max(0, …)"),
        (AVERAGE.format(item="None", start=0), "Each item of average([4, 2, 0, 0], 2) should be a number"),
        (AVERAGE.format(item="sum(values[:i + 1]) / (i + 1)", start=0), "You average all values so far"),
        (AVERAGE.format(item="(values[max(0, i - 1)] + values[i]) / 2", start=0),
         "average([3, 6, 9, 12], 3) should be [3, 4.5, 6, 9]"),
        ("def answer(values, window):\n    return sum(values) / window", "should be a list of numbers"),
        ("answer = [4, 3, 1, 0]", "should be a function"),
    ],
    "gallery": [
        (f"answer = {RIGHT | {'A': 'healthy', 'F': 'too large'}}", "4 of 6 are right. A is not 'healthy'"),
        (f"answer = {RIGHT | {'B': 'no zero_grad', 'C': 'dead'}}", "swings up higher and higher"),
        (f"answer = {RIGHT | {'A': 'dead'}}", "'dead' stands there more than once"),
        (f"answer = {RIGHT | {'A': 'ill'}}", "A: the string 'ill' is not one of these"),
        ("answer = {'A': 'healthy'}", "a dictionary with the letters A"),
    ],
    "clinic": [
        (f"answer = {ILL | {'A': 'wrong shapes', 'D': 'labels of others'}}", "4 of 6 are right. A: Wrong shapes show"),
        (f"answer = {ILL | {'C': 'pixels to 255', 'F': 'dead units'}}", "4 of 6 are right. C: Pixels up to 255 show"),
        (f"answer = {ILL | {'F': 'dead units'}}", "5 of 6 are right. F: Dead units are off for every image"),
        (f"answer = {ILL | {'B': 'lost optimizer'}}", "5 of 6 are right. B: An optimizer of other parameters"),
        (f"answer = {ILL | {'B': 'cold'}}", "B: the string 'cold' is not one of these"),
    ],
    "treat": [
        (TREAT.replace("images / images.max()", "images"), "with pixels from 0 to 255, it reads 67.6 %"),
        (TREAT.replace("images / images.max()", "images / 255"), "with pixels from 0 to 1, it reads 67.6 %"),
        (TREAT.replace("(model(images)", "(torch.sigmoid(model(images))"), "pushed far below 0"),
        (TREAT.replace("lr=0.05", "lr=2"), "as with all units off"),
        (TREAT.replace("SGD(model", "SGD(Pigeon(seed=1)"), "Does the optimizer hold them"),
        (TREAT.replace("            optimizer.zero_grad()\n", ""), "Does the optimizer hold them"),
        (TREAT.replace("targets.reshape(-1, 1)", "targets"), "logits and targets are [n, 1]"),
        (TREAT.replace("range(5)", "range(0)"), "It has learned too little"),
        (TREAT.replace("return model", "return"), "Return the trained Pigeon"),
    ],
}
