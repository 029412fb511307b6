"""Wrong answers to the exercises of chapter 03, each with a phrase of the message that it must get."""

MISTAKES = {
    "by-hand": [
        ("answer = 2.0 + 0.1 * 0.05", "uphill"),
        ("answer = 2.0 - 0.1 * -0.4", "without momentum"),
        ("answer = 2.0 - 0.05", "learning rate is missing"),
        ("answer = 0.9 * 0.5 - 0.4", "new velocity"),
        ("answer = 2.0 - 0.1 * (0.9 * 0.5 + 0.4)", "sign of the gradient"),
        ("answer = 3", "First the velocity"),
    ],
    "scaled-rate": [
        ("def answer(lr, batch_size, new_batch_size):\n    return lr * batch_size / new_batch_size", "each be shorter"),
        ("def answer(lr, batch_size, new_batch_size):\n    return lr", "should the learning rate stay"),
        ("def answer(lr, batch_size, new_batch_size):\n    return lr * (new_batch_size / batch_size) ** 0.5",
         "square root"),
        ("def answer(lr, batch_size, new_batch_size):\n    return new_batch_size / batch_size",
         "How many times as large"),
        ("def answer(lr, batch_size, new_batch_size):\n    return lr * (new_batch_size // batch_size)",
         "cuts the fraction off"),
        ("answer = 0.16", "should be a function"),
    ],
    "schedule": [
        ("def answer(iteration, total, lr):\n    return lr * (1 - iteration / total)", "still 0.4"),
        ("def answer(iteration, total, lr):\n    return lr if iteration < total / 2 else lr * (1 - iteration / total)",
         "starts from lr in the middle"),
        ("def answer(iteration, total, lr):\n    return lr if iteration <= total / 2 else 0.0", "Halfway down"),
        ("def answer(iteration, total, lr):\n    return lr * min(1, 2 - 3 * iteration / total + 0.5)", "never below"),
        ("def answer(iteration, total, lr):\n    return lr", "At the end"),
        ("def answer(iteration, total, lr):\n    return 1.0", "should be lr, here 0.4"),
    ],
    "alive": [
        ("def answer(pigeon, images):\n    return (pigeon.hidden(images.flatten(1)) > 0).all(dim=0).sum()",
         "every image"),
        ("def answer(pigeon, images):\n    return (pigeon.hidden(images.flatten(1)) > 0).sum().item()",
         "Count each unit once"),
        ("def answer(pigeon, images):\n    return (pigeon.hidden(images.flatten(1)) <= 0).all(dim=0).sum()",
         "dead ones"),
        ("def answer(pigeon, images):\n    return len(pigeon.hidden.bias)", "number of hidden units"),
        ("def answer(pigeon, images):\n    return (pigeon.hidden(images.flatten(1)) > 0).any(dim=1).sum() - 3",
         "4 are alive here"),
        ("def answer(pigeon, images):\n    return (pigeon(images) > 0).sum().item()", "answers of the whole Pigeon"),
    ],
}
