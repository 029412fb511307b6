"""Wrong answers to the exercises of chapter 07, each with a phrase of the message that it must get."""

KEEP = """
def answer(val_losses):
    best, last = {best}, len(val_losses) - 1
    return {kept}
"""
EARLIEST = "val_losses.index(min(val_losses))"

MISTAKES = {
    "twice": [
        ("answer = 50", "worst case"),
        ("answer = 1200", "the last save"),
        ("answer = 1234", "nothing would have been saved"),
        ("answer = 16", "Count from the last save"),
        ("answer = 1234 // 50", "how often it saved"),
        ("answer = 33", "last multiple of 50"),
        ("answer = '34'", "should be a number"),
    ],
    "interval": [
        ("answer = (2 * 8 * 10) ** 0.5", "10 hours are 36,000 seconds"),
        ("answer = (2 * 8 * 600) ** 0.5", "in minutes, and 8 in seconds"),
        ("answer = (8 * 36000) ** 0.5", "factor 2"),
        ("answer = 2 * 8 * 36000", "the root is missing"),
        ("answer = (2 * 8 * 36000) ** 0.5 / 60", "asked for in seconds"),
        ("answer = 30", "all in seconds"),
    ],
    "up_to": [
        ("def answer(trainer, epochs):\n    trainer.fit(epochs)", "3 more epochs, after 2"),
        ("def answer(trainer, epochs):\n    pass", "did not train at all"),
        ("def answer(trainer, epochs):\n    trainer.epochs(max(0, epochs - trainer.epoch))", "while a for loop walks"),
        ("def answer(trainer, epochs):\n    trainer.fit(epochs - trainer.epoch)", "epochs must be at least 0"),
        ("def answer(trainer, epochs):\n    list(trainer.iterations(epochs))", "yours left it after 1.5"),
        ("def answer(trainer, epochs):\n    trainer.fit(max(0, epochs - trainer.epoch - 1))", "yours left it after 2"),
        ("answer = 3", "should be a function"),
    ],
    "keep": [
        (KEEP.format(best=EARLIEST, kept="[best]"), "The last epoch is missing"),
        (KEEP.format(best="min(val_losses)", kept="[best, val_losses[-1]]"), "You return the losses"),
        (KEEP.format(best=EARLIEST, kept="[best + 1, last + 1]"), "belongs to epoch 0"),
        (KEEP.format(best=EARLIEST, kept="[last, best]"), "should be sorted"),
        (KEEP.format(best=EARLIEST, kept="[best, last]"), "name it once"),
        (KEEP.format(best="max(i for i, v in enumerate(val_losses) if v == min(val_losses))",
                     kept="sorted({best, last})"), "the earlier counts"),
        (KEEP.format(best=EARLIEST, kept="(best, last)"), "should return a list"),
        (KEEP.format(best="0", kept="[best, last]"), "the best epoch is 2"),
        ("answer = [2, 3]", "should be a function"),
    ],
}
