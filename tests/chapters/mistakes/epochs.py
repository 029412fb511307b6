"""Wrong answers to the exercises of chapter 02, each with a phrase of the message that it must get."""

MISTAKES = {
    "iterations": [
        ("answer = 10 * (60_000 // 64)", "left out the short last batch"),
        ("answer = 600_000 / 64", "reach into the next epoch"),
        ("answer = 938", "one epoch"),
        ("answer = 600_000", "images seen"),
        ("answer = 64", "Round up"),
        ("answer = '9380'", "should be a number"),
    ],
    "epochs-done": [
        ("def answer(iteration, num_images, batch_size):\n    return iteration // max(1, num_images // batch_size)",
         "short last batch is an iteration too"),
        ("def answer(iteration, num_images, batch_size):\n    return iteration * batch_size // num_images",
         "Not every batch holds 32 images"),
        ("def answer(iteration, num_images, batch_size):\n    return iteration / -(-num_images // batch_size)",
         "whole epochs only"),
        ("def answer(iteration, num_images, batch_size):\n    return -(-num_images // batch_size)",
         "How many iterations make one epoch?"),
        ("answer = 10", "should be a function"),
    ],
    "epoch-loss": [
        ("def answer(losses, sizes):\n    return sum(losses) / len(losses)", "stands for 4 images"),
        ("def answer(losses, sizes):\n    return sum(losses)", "sum of the batch losses"),
        ("def answer(losses, sizes):\n    return sum(a * b for a, b in zip(losses, sizes))", "summed over all images"),
        ("def answer(losses, sizes):\n    return sum(a * b for a, b in zip(losses, sizes)) / len(losses)",
         "number of batches"),
        ("def answer(losses, sizes):\n    return losses[-1]", "yours gives 2.000"),
    ],
    "one-epoch": [
        ("def answer(num_images, batch_size, epoch):\n    return torch.arange(num_images).split(batch_size)",
         "stored order"),
        ("def answer(num_images, batch_size, epoch):\n    return torch.randperm(num_images).split(batch_size)",
         "another order each time"),
        ("def answer(num_images, batch_size, epoch):\n"
         "    order = torch.randperm(num_images, generator=torch.Generator().manual_seed(1))\n"
         "    return order.split(batch_size)", "same order"),
        ("def answer(num_images, batch_size, epoch):\n"
         "    order = torch.randperm(num_images, generator=torch.Generator().manual_seed(epoch))\n"
         "    return order[:96].split(batch_size)", "short last batch"),
        ("def answer(num_images, batch_size, epoch):\n"
         "    order = torch.randint(num_images, [num_images], generator=torch.Generator().manual_seed(epoch))\n"
         "    return order.split(batch_size)", "come twice"),
        ("def answer(num_images, batch_size, epoch):\n"
         "    order = torch.randperm(num_images, generator=torch.Generator().manual_seed(epoch))\n"
         "    return order.split(25)", "yours are of [25, 25, 25, 25]"),
        ("def answer(num_images, batch_size, epoch):\n"
         "    return torch.randperm(num_images, generator=torch.Generator().manual_seed(epoch))",
         "Cut it into batches"),
        ("def answer(num_images, batch_size, epoch):\n    torch.randperm(num_images).split(batch_size)",
         "yours is None. Return a list of batches."),
    ],
}
