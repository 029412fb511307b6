"""Wrong answers that students give in chapter 00, each with a phrase of the message it must get."""

UPDATE = """
def answer(model, optimizer, images, targets):
    loss = nn.BCEWithLogitsLoss()(model(images), targets)
    loss.backward()
    optimizer.step()
    optimizer.zero_grad()
    return loss.item()
"""
ACCURACY = """
def answer(logits, targets):
    return ((logits > 0) == (targets > 0.5)).float().mean()
"""

MISTAKES = {
    "parameters": [
        ("answer = 784 * 60 + 60", "You counted the weights."),
        ("answer = 2 * 23581", "counts the output unit's bias twice"),
        ("answer = 784 * 60 + 60 + 60", "one number is missing"),
        ("answer = 784 * 60", "three more groups"),
        ("answer = 784 * 60 + 30 + 60 + 1", "not 30 of them"),
        ("answer = 60", "Add four groups"),
    ],
    "loss": [
        ("import math\ndef answer(logit, target):\n    p = 1 / (1 + math.exp(-logit))\n"
         "    return math.log(p if target else 1 - p)", "A loss is positive"),
        ("import math\ndef answer(logit, target):\n    p = 1 / (1 + math.exp(-logit))\n"
         "    return -math.log2(p if target else 1 - p)", "the base of your logarithm"),
        ("import math\ndef answer(logit, target):\n    p = 1 / (1 + math.exp(-logit))\n    return -math.log(p)",
         "the probability of the other answer"),
        ("def answer(logit, target):\n    return (target - logit) ** 2", "First the sigmoid of the logit"),
        ("answer = 0.693", "should be a function"),
        ("def answer(logit, target):\n    loss = logit - target", "The answer should be a number"),
    ],
    "accuracy": [
        (ACCURACY.replace("logits > 0", "logits > 0.5"), "Did you compare the logit with 0.5?"),
        (ACCURACY.replace(".float().mean()", ".sum()"), "Divide it by the number"),
        (ACCURACY.replace(".float().mean()", ""), "Take the mean over all images."),
        (ACCURACY.replace(".float().mean()", ".mean()"), "no mean of True and False"),
        (ACCURACY.replace("==", "!="), "share of wrong"),
        (ACCURACY.replace("return", "return 100 *"), "percentage"),
        (ACCURACY.replace("logits > 0", "logits").replace("targets > 0.5", "targets"), "it should be 0.75"),
    ],
    "update": [
        (UPDATE.replace("    optimizer.zero_grad()\n", ""), "the old gradient was still there"),
        (UPDATE.replace("    optimizer.step()\n    optimizer.zero_grad()\n", ""), "no parameter has changed"),
        (UPDATE.replace("    loss.backward()\n", ""), "no gradient is left"),
        (UPDATE.replace("model(images)", "torch.sigmoid(model(images))"), "without a sigmoid"),
        (UPDATE.replace("    return loss.item()\n", ""), "Return the loss as a float"),
        (UPDATE.replace("loss.item()", "1.0"), "but you return 1.0000"),
        (UPDATE.replace("loss.item()", "loss"), "Return the loss as a float"),
    ],
}
