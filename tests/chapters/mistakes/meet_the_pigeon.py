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
         "    return -math.log2(p if target else 1 - p)", "The base of your logarithm"),
        ("import math\ndef answer(logit, target):\n    p = 1 / (1 + math.exp(-logit))\n    return -math.log(p)",
         "right where the target is 1"),
        ("import math\ndef answer(logit, target):\n    p = 1 / (1 + math.exp(-logit))\n"
         "    return -math.log(1 - p if target else p)", "the loss of the other answer"),
        ("import math\ndef answer(logit, target):\n    p = 1 / (1 + math.exp(-logit))\n"
         "    return -math.log10(p if target else 1 - p)", "The base of your logarithm"),
        ("def answer(logit, target):\n    return 0.1269280110429725", "the same in every case"),
        ("def answer(logit, target):\n    return (target - logit) ** 2", "First the sigmoid of the logit"),
        ("answer = 0.693", "should be a function"),
        ("def answer(logit, target):\n    loss = logit - target", "should be a number; yours is None"),
    ],
    "accuracy": [
        (ACCURACY.replace("logits > 0", "logits > 0.5"), "Did you compare the logit with 0.5?"),
        (ACCURACY.replace(".float().mean()", ".sum()"), "Divide it by the number"),
        (ACCURACY.replace(".float().mean()", ""), "Take the mean over all images."),
        (ACCURACY.replace(".float().mean()", ".mean()"), "no mean of True and False"),
        (ACCURACY.replace("==", "!="), "share of wrong"),
        (ACCURACY.replace("return", "return 100 *"), "percentage"),
        (ACCURACY.replace("logits > 0", "logits").replace("targets > 0.5", "targets"), "should be 0.5; yours gives 0"),
        (ACCURACY.replace(".float().mean()", ".sum() / 8"), "there are not always 8 images"),
        ("def answer(logits, targets):\n    return 0.75", "the same in every case"),
        ("def answer(logits, targets):\n    return (targets < 0.5).float().mean()", "how often \"no\" is right"),
    ],
    "update": [
        (UPDATE.replace("    optimizer.zero_grad()\n", ""), "The old gradient is still there"),
        (UPDATE.replace("    optimizer.step()\n    optimizer.zero_grad()\n", ""),
         "after loss.backward() comes optimizer.step()"),
        (UPDATE.replace("    loss.backward()\n", ""), "No gradient is left either"),
        (UPDATE.replace("model(images)", "torch.sigmoid(model(images))"), "without a sigmoid"),
        (UPDATE.replace("    return loss.item()\n", ""), "Return the loss as a float"),
        (UPDATE.replace("loss.item()", "1.0"), "The steps are right, but the loss before each was"),
        (UPDATE.replace("loss.item()", "loss"), "Return the loss as a float"),
        (UPDATE.replace("    loss = ",
         "    optimizer = torch.optim.SGD(model.parameters(), lr=0.005, momentum=0.9)\n    loss = "),
         "made no step. A new optimizer has forgotten its velocity"),
        (UPDATE.replace("    loss = ", "    optimizer = torch.optim.Adam(model.parameters())\n    loss = "),
         "The optimizer that is given has made no step"),
        (UPDATE.replace("    optimizer.step()\n    optimizer.zero_grad()",
         "    optimizer.zero_grad()\n    optimizer.step()"),
         "only then is it cleared"),
        (UPDATE.replace("Loss()", "Loss(reduction=\"sum\")"), "Take the mean over the images, not the sum"),
        (UPDATE.replace("targets)\n", "targets) / len(images)\n"), "Do not divide by the batch size"),
        (UPDATE.replace("loss.item()", "nn.BCEWithLogitsLoss()(model(images), targets).item()"),
         "Take the loss before"),
    ],
}
