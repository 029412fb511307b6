"""Wrong answers to the exercises of chapter 05, each with a phrase of the message that it must get."""

from pigeon_lessons.questions.content import solution_of

DRAW = solution_of("validation/draw")
STOP = """
def answer(val_losses, patience):
    best = waited = 0
    for epoch, loss in enumerate(val_losses):
        if loss < val_losses[{compared_with}]:
            best, waited = epoch, 0
        elif epoch:
            waited += 1
        if waited >= {limit}:
            return {returned}
    return {at_the_end}
"""
USUAL = {"compared_with": "best", "limit": "patience", "returned": "epoch", "at_the_end": "len(val_losses) - 1"}

MISTAKES = {
    "draw": [
        (DRAW.replace("    return ax", ""), "end with return ax"),
        (DRAW.replace("return ax", "return figure"), "Return the Axes"),
        (DRAW.replace('["train_loss"]', '["train_accuracy"]'), "no line through the training losses"),
        (DRAW.replace('["val_loss"]', '["train_loss"]'), "no line through the validation losses"),
        (DRAW.replace('history["epoch"], history["val_loss"]', 'history["val_loss"]'), "stands at the wrong places"),
        (DRAW.replace('set_xlabel("epoch")', 'set_xlabel("iteration")'), "The x-axis should say"),
        (DRAW.replace('    ax.set_ylabel("loss")\n', ""), "The y-axis should say"),
        (DRAW.replace("    ax.legend()\n", ""), "which line is which"),
        (DRAW.replace('label="validation"', 'label="training"'), "which line is which"),
        (DRAW.replace('    ax.axvline(history.best("val_loss")["epoch"], color="gray", linestyle=":")\n', ""),
         "Mark the epoch"),
        (DRAW.replace('best("val_loss")', 'best("train_loss")'), "Your mark is at"),
        (DRAW.replace('["epoch"], color', '["iteration"], color'), "Your mark is at"),
        ("answer = 3", "should be a function"),
    ],
    "best": [
        ("def answer(val_losses):\n    return min(val_losses)", "at which epoch"),
        ("def answer(val_losses):\n    return val_losses.index(min(val_losses)) + 1", "belongs to epoch 0"),
        ("def answer(val_losses):\n    return len(val_losses) - 1", "the last epoch"),
        ("def answer(val_losses):\n    return val_losses.index(max(val_losses))", "the highest loss"),
        ("def answer(val_losses):\n    return max(i for i, v in enumerate(val_losses) if v == min(val_losses))",
         "the earlier counts"),
        ("def answer(val_losses):\n"
         "    return next(i for i, (a, b) in enumerate(zip(val_losses, val_losses[1:])) if b > a)",
         "A first rise is not the end"),
        ("def answer(val_losses):\n    best = val_losses.index(min(val_losses))", "Is a return missing"),
        ("answer = 2", "should be a function"),
    ],
    "stop": [
        (STOP.format(**USUAL | {"returned": "best"}), "You return the best epoch"),
        (STOP.format(**USUAL | {"compared_with": "epoch - 1"}), "need not be a new best"),
        (STOP.format(**USUAL | {"limit": "patience - 1"}), "one epoch early"),
        (STOP.format(**USUAL | {"limit": "patience + 1"}), "one epoch late"),
        (STOP.format(**USUAL | {"at_the_end": "None"}), "ends with the last epoch"),
        (STOP.format(**USUAL).replace("best, waited = epoch, 0", "best = epoch"), "starts the count anew"),
        (STOP.format(**USUAL).replace("loss < ", "epoch and loss <= "), "no new best"),
        ("def answer(val_losses, patience):\n    pass", "Is a return missing?"),
        ("answer = 5", "should be a function"),
    ],
    "leaks": [
        ("def answer(train, val):\n    known = [float(image.sum()) for image in train.images]\n"
         "    return sum(float(image.sum()) in known for image in val.images)", "as much ink need not be the same"),
        ("def answer(train, val):\n    return len(val)", "You count all of val"),
        ("def answer(train, val):\n    return int(sum(label in train.labels for label in val.labels))",
         "same label are not the same image"),
        ("def answer(train, val):\n    return int((train.labels[:len(val)] == val.labels).sum())",
         "You compare labels"),
        ("def answer(train, val):\n    return sum(bool((a == b).all()) for a, b in zip(train.images, val.images))",
         "at the same position"),
        ("def answer(train, val):\n    known = {i.numpy().tobytes() for i in train.images}\n"
         "    return len(known & {i.numpy().tobytes() for i in val.images})", "is two leaks"),
        ("def answer(train, val):\n    known = {i.numpy().tobytes() for i in train.images}\n"
         "    return [i.numpy().tobytes() in known for i in val.images]", "should be a number; yours is the list"),
        ("def answer(train, val):\n    return len(set(train.images) & set(val.images))", "are two objects"),
        ("answer = 888", "should be a function"),
    ],
}
