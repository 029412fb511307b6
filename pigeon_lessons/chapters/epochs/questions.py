"""What chapter 02 asks: iterations and epochs."""

from pigeon_lessons.questions.content import Choice, Exercise, Number, Option, Quiz
from pigeon_lessons.questions.marking import not_a_function, not_a_number, number_check

QUIZZES = {
    "recall-1": Quiz("Batches of 32 instead of single images: what happens to the spread of the gradient?", [
        Option("It shrinks to 1/32.", "That would be 1/n. Independent errors cancel only in part: the law is 1/√n."),
        Option("It shrinks to about 1/6.", "1/√32 is 0.18, a little more than 1/6.", right=True),
        Option("It stays, the mean only makes it faster.", "The mean of 32 gradients is calmer than one of them."),
    ]),
    "recall-2": Quiz("`torch.nn.BCEWithLogitsLoss()(logits, targets)` for 32 images: what must be divided by 32?", [
        Option("Nothing.", "This loss is already the mean over the batch.", right=True),
        Option("The loss.", "Then it is divided twice, and its curve looks 32 times lower than it is."),
        Option("The learning rate.", "The gradient of a mean does not grow with the number of images."),
    ]),
    "recall-3": Quiz("1,000 images in batches of 32: what is the shape of the last batch of images?", [
        Option("[32, 1, 28, 28]", "1,000 is not a multiple of 32: after 31 full batches, 992 images are used."),
        Option("[8, 1, 28, 28]", "31 full batches take 992 images, and 8 are left.", right=True),
        Option("[31, 1, 28, 28]", "31 is the number of full batches, not the images in the last one."),
    ]),
}

PREDICTIONS = {
    "ten-updates": Number("One thousand updates on single images bring the Pigeon to about 95 % accuracy on the "
                          "training digits. Where do ten updates on batches of 32 bring it?",
                          low=0, high=100, unit="%"),
    "equal-updates": Choice("Three Pigeons make 128 updates each, with batches of 8, of 32 and of 128. "
                            "Whose training loss is lowest at the end?",
                            ["batch 8, clearly", "batch 128, clearly", "nobody's, they end close together"]),
    "sorted": Choice("The training digits are sorted by label, and nothing shuffles them. "
                     "After five epochs, how good is the Pigeon on its training digits?",
                     ["as good as with shuffling", "a few points worse", "no better than always answering \"no\""]),
}


def check_epochs_done(answer):
    """Judge a function (iteration, num_images, batch_size) → whole epochs done."""
    complaint = not_a_function(answer)
    if complaint:
        return complaint
    cases = [((0, 1024, 32), 0), ((31, 1024, 32), 0), ((32, 1024, 32), 1), ((31, 1000, 32), 0), ((32, 1000, 32), 1),
             ((310, 1000, 32), 9), ((320, 1000, 32), 10), ((3200, 1000, 32), 100)]
    for arguments, right in cases:
        given = answer(*arguments)
        complaint = not_a_number(given)
        if complaint:
            return complaint
        if float(given) != right:
            return _wrong_epochs(arguments, float(given), right)
    return None


def _wrong_epochs(arguments, given, right):
    iteration, num_images, batch_size = arguments
    call = f"{iteration:,} iterations over {num_images:,} images with batch size {batch_size}"
    if given == iteration // max(1, num_images // batch_size):
        return f"{call} end {right} epochs, yours says {given:g}. The short last batch is an iteration too."
    if given == iteration * batch_size // num_images:
        return f"{call} end {right} epochs, yours says {given:g}. Not every batch holds {batch_size} images."
    if given != int(given):
        return f"{call}: yours says {given:g}. Count whole epochs only: `//` leaves out the part that is not finished."
    return f"{call} end {right} epochs, yours says {given:g}. How many iterations make one epoch?"


def check_one_epoch(answer):
    """Judge a function (num_images, batch_size, epoch) → list of batches of positions, shuffled anew each epoch."""
    complaint = not_a_function(answer)
    if complaint:
        return complaint
    given = answer(100, 32, 0)
    if not hasattr(given, "__iter__"):
        return f"The batches of an epoch should come as a list; yours is {given!r}. Return a list of batches."
    given = list(given)
    if not all(hasattr(batch, "__len__") and getattr(batch, "ndim", 1) for batch in given):
        return "That is one long list of positions. Cut it into batches: a list of lists, or of tensors."
    first, again, second = ([[int(place) for place in batch] for batch in batches]
                            for batches in (given, answer(100, 32, 0), answer(100, 32, 1)))
    places = [place for batch in first for place in batch]
    sizes = [len(batch) for batch in first]
    if len(places) != len(set(places)):
        return f"Some images come twice in one epoch: {len(places)} positions, only {len(set(places))} different ones."
    if sorted(places) != list(range(100)):
        return (f"100 images make the positions 0 to 99, all of them used in an epoch; yours uses {len(places)}. "
                "Is the short last batch there?")
    if sizes != [32, 32, 32, 4]:
        return f"100 images in batches of 32 make batches of 32, 32, 32 and 4 images; yours are of {sizes}."
    if places == sorted(places):
        return "Every image is used once, but in the stored order: this does not shuffle."
    if first != again:
        return "Epoch 0 has another order each time it is asked for. Seed the generator with `epoch`, to repeat a run."
    if first == second:
        return "Epochs 0 and 1 have the same order. Let the order depend on `epoch`."
    return None


def check_epoch_loss(answer):
    """Judge a function (losses, sizes) → the mean loss per image of an epoch."""
    complaint = not_a_function(answer)
    if complaint:
        return complaint
    losses, sizes = [0.5, 0.5, 2.0], [32, 32, 4]
    given = answer(losses, sizes)
    complaint = not_a_number(given)
    if complaint:
        return complaint
    for wrong, message in [
        (1.0, "1.0 is the plain mean of the three losses. The last one stands for 4 images, not for 32."),
        (sum(losses), "3.0 is the sum of the batch losses. A mean is wanted: divide."),
        (40.0, "40 is the loss summed over all images. Divide by how many images there are."),
        (40 / 3, "That divides the sum over images by the number of batches. Divide by the number of images."),
    ]:
        if abs(float(given) - wrong) < 1e-6:
            return f"For losses {losses} of batches of {sizes} images: {message}"
    if abs(float(given) - 40 / 68) > 1e-6:
        return (f"Losses {losses} of batches of {sizes} images have the mean 40/68 = 0.588; "
                f"yours gives {float(given):.3f}.")
    return None


EXERCISES = {
    "iterations": Exercise(
        check=number_check(9380, [
            (9370, "You left out the short last batch of every epoch: 937 full batches, and one of 32 images."),
            (9375, "600,000 / 64 would be right if a batch could reach into the next epoch. It cannot."),
            (938, "That is one epoch. How many do ten make?"),
            (600_000, "That is the number of images seen. An iteration uses up to 64 of them."),
        ], otherwise="Round up 60,000 / 64 to get the iterations of one epoch, then take ten of them."),
        hints=["How many full batches of 64 are in 60,000? What is left?",
               "937 full batches and one of 32 images: 938 iterations an epoch."],
        solution="from math import ceil\n\nanswer = 10 * ceil(60_000 / 64)  # 9,380",
    ),
    "epochs-done": Exercise(
        check=check_epochs_done,
        hints=["First find the iterations of one epoch, with the short last batch.",
               "`-(-num_images // batch_size)` rounds up; `math.ceil(num_images / batch_size)` does the same.",
               "Divide `iteration` by that with `//`."],
        solution="def epochs_done(iteration, num_images, batch_size):\n"
                 "    iterations_per_epoch = -(-num_images // batch_size)  # rounded up\n"
                 "    return iteration // iterations_per_epoch\n\n\n"
                 "answer = epochs_done",
    ),
    "epoch-loss": Exercise(
        check=check_epoch_loss,
        hints=["A batch loss is a mean. Times the size of its batch, it is the sum over the images of the batch.",
               "Add these sums, and divide by the number of all images."],
        solution="def epoch_loss(losses, sizes):\n"
                 "    return sum(loss * size for loss, size in zip(losses, sizes)) / sum(sizes)\n\n\n"
                 "answer = epoch_loss",
    ),
    "one-epoch": Exercise(
        check=check_one_epoch,
        hints=["`torch.randperm(n, generator=g)` is a random order of 0 … n-1.",
               "`torch.Generator().manual_seed(epoch)` gives each epoch an order of its own, the same in every run.",
               "`order.split(batch_size)` cuts a tensor into batches, the last one shorter."],
        solution="import torch\n\n\n"
                 "def one_epoch(num_images, batch_size, epoch):\n"
                 "    order = torch.randperm(num_images, generator=torch.Generator().manual_seed(epoch))\n"
                 "    return order.split(batch_size)\n\n\n"
                 "answer = one_epoch",
    ),
}
