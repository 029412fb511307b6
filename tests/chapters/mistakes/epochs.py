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
         "Not every batch holds batch_size images"),
        ("def answer(iteration, num_images, batch_size):\n    return iteration / -(-num_images // batch_size)",
         "whole epochs only"),
        ("def answer(iteration, num_images, batch_size):\n    return -(-num_images // batch_size)",
         "That is how many iterations make one epoch"),
        ("def answer(iteration, num_images, batch_size):\n    return iteration // (num_images // batch_size + 1)",
         "not always a short last batch"),
        ("from math import ceil\ndef answer(iteration, num_images, batch_size):\n"
         "    return ceil(iteration / ceil(num_images / batch_size))", "round down"),
        ("answer = 10", "should be a function"),
    ],
    "epoch-loss": [
        ("def answer(losses, sizes):\n    return sum(losses) / len(losses)", "stands for fewer images"),
        ("def answer(losses, sizes):\n    return sum(losses)", "sum of the batch losses"),
        ("def answer(losses, sizes):\n    return sum(a * b for a, b in zip(losses, sizes))", "summed over all images"),
        ("def answer(losses, sizes):\n    return sum(a * b for a, b in zip(losses, sizes)) / len(losses)",
         "number of batches"),
        ("def answer(losses, sizes):\n    return losses[-1]", "yours gives 2."),
        ("def answer(losses, sizes):\n    return 40 / 68", "the same in every case"),
        ("def answer(losses, sizes):\n    return sum(a * b for a, b in zip(losses, sizes)) / (len(sizes) * sizes[0])",
         "as if every batch were as large as the first"),
    ],
    "one-epoch": [
        ("def answer(num_images, batch_size, epoch):\n"
         "    order = torch.randperm(num_images, generator=torch.Generator().manual_seed(epoch))\n"
         "    return (order + 1).split(batch_size)", "run from 0 to 99; yours from 1 to 100"),
        ("def answer(num_images, batch_size, epoch):\n    return torch.arange(num_images).split(batch_size)",
         "stored order"),
        ("def answer(num_images, batch_size, epoch):\n"
         "    batches = torch.arange(num_images).split(batch_size)\n"
         "    order = torch.randperm(len(batches), generator=torch.Generator().manual_seed(epoch + 1))\n"
         "    return [batches[i] for i in order if len(batches[i]) == batch_size] + [batches[i] for i in order "
         "if len(batches[i]) < batch_size]", "the same images always meet"),
        ("def answer(num_images, batch_size, epoch):\n"
         "    return torch.arange(num_images).roll(epoch + 1).split(batch_size)",
         "neighbors stay neighbors"),
        ("def answer(num_images, batch_size, epoch):\n"
         "    order = torch.randperm(num_images, generator=torch.Generator().manual_seed(1))\n"
         "    return order.roll(epoch).split(batch_size)", "neighbors stay neighbors"),
        ("import random\ndef answer(num_images, batch_size, epoch):\n"
         "    draw = random.Random(epoch)\n    order = sorted(range(num_images), key=lambda i: i + 9 * draw.random())\n"
         "    return [order[i:i + batch_size] for i in range(0, num_images, batch_size)]", "near their stored place"),
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
         "should come as a list; yours is None"),
    ],
}
