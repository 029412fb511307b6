"""Wrong answers to the exercises of chapter 08, each with a phrase of the message that it must get."""

FUNCTION = '''
def answer(one, other):
    return {body}
'''

MISTAKES = {
    "what_changed": [
        (FUNCTION.format(body="sorted(name for name in one if one[name] != other.get(name))"),
         "only the second one names"),
        (FUNCTION.format(body="sorted(name for name in other if one.get(name) != other[name])"),
         "only the first one names"),
        (FUNCTION.format(body="sorted(name for name in set(one) | set(other) if (one.get(name) or 0) != "
                             "(other.get(name) or 0))"), "Named as 0 and not named at all"),
        (FUNCTION.format(body="sorted(name for name in set(one) | set(other) if one.get(name) != other.get(name))"),
         "Named as None"),
        (FUNCTION.format(body="[]"), "the same whatever it is given"),
        (FUNCTION.format(body="[name for name in one if one[name] != other.get(name)] or None"), "Is a return missing"),
        (FUNCTION.format(body="sorted(set(one) | set(other))"), "Only settings that were changed"),
    ],
    "challenge-1": [
        ('answer = {"lr": 0.005, "epochs": 6}', "The highest validation accuracy within 200 updates is"),
        ('answer = {"lr": 0.02, "epochs": 40}', "does reach"),
        ('answer = {"learning_rate": 0.05}', "There is no setting 'learning_rate'"),
        ('answer = {"lr": -1}', "lr must be"),
        ('answer = {"lr": 0.05, "epochs": 300}', "at most 200"),
        ('answer = "lr 0.05"', "should be a dict of settings"),
    ],
    "challenge-2": [
        ('answer = {"lr": 0.05}', "learns from 1,024 images"),
        ('answer = {"train_images": 128}', "on the way is"),
        ('answer = {"train_images": 0}', "train_images must be at least 1"),
        ('answer = {"train_images": 128, "batch_size": 1, "epochs": 200, "repeats": 10}', "256,000 updates in all"),
    ],
    "challenge-3": [
        ('answer = {"lr": 0.1}', "has 30 hidden units"),
        ('answer = {"num_hidden": 2, "lr": 0.1, "seed": 1}', "This is 1 of ten seeds"),
        ('answer = {"num_hidden": 2, "repeats": 10}', "On average the ten seeds end at 91.9 %"),
        ('answer = {"num_hidden": 2.5, "lr": 0.1}', "num_hidden must be a whole number"),
    ],
    "challenge-4": [
        ('answer = {"lr": 10, "epochs": 1}', "The momentum is 0.9"),
        ('answer = {"momentum": 0, "lr": 3, "epochs": 1}', "which is not enough"),
        ('answer = {"momentum": 0, "lr": 0.1, "epochs": 1}', "Take longer steps"),
    ],
    "challenge-5": [
        ('answer = {"lr": 0.05}', "1 of ten seeds"),
        ('answer = {"lr": 0.01, "repeats": 10}', "On average the ten seeds end at"),
        ('answer = {"lr": 0.05, "repeats": 20}', "repeats should be at most 10"),
    ],
    "defend": [
        ('answer = {"lr": 0.05, "epochs": 6}', "of the ten new seeds end at 96 %"),
        ('answer = {"lr": 0.1, "batch_size": 64, "num_hidden": 120}', "more than 200 updates"),
        ('answer = [0.1, 64, 120]', "should be a dict of settings"),
    ],
}
