"""Wrong answers to the exercises of chapter 05, each with a phrase of the message that it must get."""

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
    "split": [
        ("answer = (70, 15, 15)", "These are shares"),
        ("answer = (0.7, 0.15, 0.15)", "These are shares"),
        ("answer = (3500, 1500, 1500)", "add up to 6,500"),
        ("answer = (3000, 1000, 1000)", "70 % of 5,000"),
        ("answer = 3500", "three numbers in brackets"),
        ("answer = ('3500', '750', '750')", "should be a number"),
    ],
    "best": [
        ("def answer(val_losses):\n    return min(val_losses)", "at which epoch"),
        ("def answer(val_losses):\n    return val_losses.index(min(val_losses)) + 1", "belongs to epoch 0"),
        ("def answer(val_losses):\n    return len(val_losses) - 1", "the last epoch"),
        ("def answer(val_losses):\n    return val_losses.index(max(val_losses))", "the best epoch is 2"),
        ("def answer(val_losses):\n    return max(i for i, v in enumerate(val_losses) if v == min(val_losses))",
         "the earlier counts"),
        ("def answer(val_losses):\n"
         "    return next(i for i, (a, b) in enumerate(zip(val_losses, val_losses[1:])) if b > a)",
         "a first rise is not the end"),
        ("def answer(val_losses):\n    best = val_losses.index(min(val_losses))", "Is a return missing"),
        ("answer = 2", "should be a function"),
    ],
    "stop": [
        (STOP.format(**USUAL | {"returned": "best"}), "You return the best epoch"),
        (STOP.format(**USUAL | {"compared_with": "epoch - 1"}), "improvement on the epoch before"),
        (STOP.format(**USUAL | {"limit": "patience - 1"}), "one epoch early"),
        (STOP.format(**USUAL | {"limit": "patience + 1"}), "one epoch late"),
        (STOP.format(**USUAL | {"at_the_end": "None"}), "ends with the last epoch"),
        (STOP.format(**USUAL).replace("best, waited = epoch, 0", "best = epoch"), "starts the count anew"),
        (STOP.format(**USUAL).replace("loss < ", "epoch and loss <= "), "no new best"),
        ("def answer(val_losses, patience):\n    pass", "Does it reach a return"),
        ("answer = 5", "should be a function"),
    ],
    "leaks": [
        ("def answer(train, val):\n    return len(val)", "yours counts all"),
        ("def answer(train, val):\n    return int(sum(label in train.labels for label in val.labels))",
         "yours counts all"),
        ("def answer(train, val):\n    return int((train.labels[:len(val)] == val.labels).sum())", "comparing labels"),
        ("def answer(train, val):\n    return sum(bool((a == b).all()) for a, b in zip(train.images, val.images))",
         "share 10 images"),
        ("def answer(train, val):\n    known = {i.numpy().tobytes() for i in train.images}\n"
         "    return len(known & {i.numpy().tobytes() for i in val.images})", "is two leaks"),
        ("def answer(train, val):\n    known = {i.numpy().tobytes() for i in train.images}\n"
         "    return [i.numpy().tobytes() in known for i in val.images]", "Are you adding them up"),
        ("def answer(train, val):\n    return len(set(train.images) & set(val.images))", "two objects to a set"),
        ("answer = 888", "should be a function"),
    ],
}
