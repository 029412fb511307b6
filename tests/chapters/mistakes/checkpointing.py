"""Wrong answers to the exercises of chapter 07, each with a phrase of the message that it must get."""

from pigeon_lessons.questions.content import solution_of

SAVE = solution_of("checkpointing/save")
KEEP = """
def answer(val_losses):
    best, last = {best}, len(val_losses) - 1
    return {kept}
"""
EARLIEST = "val_losses.index(min(val_losses))"

MISTAKES = {
    "save": [
        (SAVE.replace('"optimizer": optimizer.state_dict(), ',
         "").replace('    optimizer.load_state_dict(state["optimizer"])\n',
                                                                           ""), "the optimizer's velocity is missing"),
        (SAVE.replace('    model.load_state_dict(state["model"])\n', ""), "Did its weights come back"),
        (SAVE.replace('return state["epoch"]', "return 7"), "saved after epoch 3; your load returns the int 7"),
        (SAVE.replace('return state["epoch"]', ""), "should be a number; yours is None"),
        (SAVE.replace('"model": model.state_dict()', '"model": model').replace("weights_only=True",
         "weights_only=False")
         .replace('state["model"]', 'state["model"].state_dict()'), "holds whole objects, which are code"),
        (SAVE.replace('"model": model.state_dict()', '"model": model').replace('state["model"]',
         'state["model"].state_dict()'),
         "Save numbers only: state_dict()"),
        (SAVE.replace("epoch}, path)", 'epoch}, str(path) + "x")'), "Does save write to the path"),
        (SAVE.replace("answer = (save, load)", "answer = save"), "your two functions in brackets"),
        (SAVE.replace("answer = (save, load)", "answer = (3, load)"), "Each part of the answer should be a function"),
    ],
    "interval": [
        ("answer = (2 * 8 * 10) ** 0.5", "10 hours are 36,000 seconds"),
        ("answer = (2 * 8 * 600) ** 0.5", "in minutes, and 8 in seconds"),
        ("answer = (8 * 36000) ** 0.5", "factor 2"),
        ("answer = 2 * 8 * 36000", "the root is missing"),
        ("answer = (2 * 8 * 36000) ** 0.5 / 60", "seconds are asked for too"),
        ("answer = 30", "all in seconds"),
    ],
    "up_to": [
        ("def answer(trainer, epochs):\n    trainer.fit(epochs)", "You train that many more epochs"),
        ("def answer(trainer, epochs):\n    pass", "does not train at all"),
        ("def answer(trainer, epochs):\n    trainer.epochs(max(0, epochs - trainer.epoch))", "while a for loop walks"),
        ("def answer(trainer, epochs):\n    trainer.fit(epochs - trainer.epoch)", "epochs must be at least 0"),
        ("def answer(trainer, epochs):\n    list(trainer.iterations(epochs))", "You count updates"),
        ("def answer(trainer, epochs):\n    trainer.fit(max(0, epochs - trainer.epoch - 1))",
         "The last epoch is missing"),
        ("answer = 3", "should be a function"),
    ],
    "keep": [
        (KEEP.format(best=EARLIEST, kept="[best]"), "The last epoch is missing"),
        (KEEP.format(best="min(val_losses)", kept="[best, val_losses[-1]]"), "You return losses"),
        (KEEP.format(best=EARLIEST, kept="sorted({best + 1, last + 1})"), "belongs to epoch 0"),
        (KEEP.format(best=EARLIEST, kept="[last, best]"), "but sorted"),
        (KEEP.format(best=EARLIEST, kept="[best, last]"), "name it once"),
        (KEEP.format(best="max(i for i, v in enumerate(val_losses) if v == min(val_losses))",
                     kept="sorted({best, last})"), "the earlier counts"),
        (KEEP.format(best=EARLIEST, kept="(best, last)"), "should be a list of numbers"),
        (KEEP.format(best="0", kept="[best, last]"), "the earliest with the lowest loss"),
        ("answer = [2, 3]", "should be a function"),
    ],
}
