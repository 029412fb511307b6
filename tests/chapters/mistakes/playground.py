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
        (FUNCTION.format(body="[]"), "the same in every case"),
        (FUNCTION.format(body="[name for name in one if one[name] != other.get(name)] or None"), "Is a return missing"),
        (FUNCTION.format(body="sorted(set(one) | set(other))"), "Only settings that were changed"),
    ],
    "challenge-1": [
        ('answer = {"lr": 0.05, "batch_size": 64, "epochs": 10, "repeats": 10}', "The mean of the ten seeds is 9"),
        ('answer = {"lr": 0.05, "repeats": 10}', "updates should be at most 200; yours is 480"),
        ('answer = {"lr": 0.05, "epochs": 6}', "yours has 1; set repeats to 10"),
        ('answer = {"lr": 10, "momentum": 0.99, "batch_size": 512, "repeats": 10}', "of the ten seeds"),
        ('answer = {"learning_rate": 0.05}', "There is no setting 'learning_rate'"),
        ('answer = {"lr": -1}', "lr must be"),
        ('answer = {"lr": 0.05, "epochs": 300}', "at most 200, as in the playground"),
        ('answer = "lr 0.05"', "should be a dict of settings"),
    ],
    "challenge-2": [
        ('answer = {"lr": 0.05, "repeats": 10}', "train_images should be at most 128; yours is 1024"),
        ('answer = {"train_images": 128, "repeats": 10}', "The mean of the ten seeds is 8"),
        ('answer = {"train_images": 0}', "train_images must be at least 1"),
        ('answer = {"train_images": 128, "batch_size": 1, "epochs": 200, "repeats": 10}', "256,000 updates in all"),
    ],
    "challenge-3": [
        ('answer = {"lr": 0.005, "momentum": 0.99, "repeats": 10}', "lr should be at most 0.001; yours is 0.005"),
        ('answer = {"lr": 0.001, "batch_size": 1, "epochs": 1, "repeats": 10}', "updates should be at most 500"),
        ('answer = {"lr": 0.001, "repeats": 10}', "The mean of the ten seeds is 89.3"),
        ('answer = {"lr": 0.001, "num_hidden": 2.5}', "num_hidden must be a whole number"),
    ],
    "challenge-4": [
        ('answer = {"lr": 0.1, "momentum": 0, "repeats": 10}', "lr should be at least 1; yours is 0.1"),
        ('answer = {"lr": 1, "repeats": 10}', "The mean of the ten seeds is"),
        ('answer = {"lr": 1, "momentum": 0}', "set repeats to 10"),
    ],
    "challenge-5": [
        ('answer = {"lr": 0.05, "repeats": 10}', "epochs should be at least 50; yours is 15"),
        ('answer = {"lr": 0.05, "epochs": 50, "repeats": 10}', "The mean of the ten seeds is 0.1"),
        ('answer = {"lr": 0.05, "epochs": 50, "repeats": 20}', "repeats should be at most 10"),
    ],
    "defend": [
        ('answer = {"lr": 0.05, "epochs": 6}', "of the ten new seeds end at 96 %"),
        ('answer = {"lr": 0.1, "batch_size": 64, "num_hidden": 120}', "more than 200 updates"),
        ('answer = [0.1, 64, 120]', "should be a dict of settings"),
    ],
    "envelope": [
        ('answer = {"lr": 0.05}', 'with them your "promise"'),
        ('answer = {"lr": 0.05, "promise": 96}', "should be a share of the test digits, such as 0.9; yours is 96"),
        ('answer = {"lr": 0.05, "promise": "96 %"}', "The promise should be a number"),
        ('answer = {"rate": 0.05, "promise": 0.9}', "There is no setting 'rate'"),
        ('answer = 0.96', "Give a dict of settings"),
    ],
}
