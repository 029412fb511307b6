"""Wrong answers that students give in chapter 01, each with a phrase of the message it must get."""

from pigeon_lessons.chapters.batching.questions import EXERCISES

MEAN, PASS = (EXERCISES[key].solution for key in ("mean-loss", "pass"))  # each mistake spoils one thing in them

MISTAKES = {
    "updates": [
        ("answer = 1000 // 64", "The other 40 make a batch too"),
        ("answer = 1000 / 64", "no five eighths of an update"),
        ("answer = 1000", "the number of images"),
        ("answer = 17", "think about the rest"),
    ],
    "third": [
        ("answer = 3 * 32", "√3 times smaller"),
        ("answer = 32 / 3", "Smaller batches scatter more"),
        ("answer = 3 ** 2", "That is the factor"),
        ("answer = 1024", "falls as 1/√n"),
    ],
    "mean-loss": [
        (MEAN.replace(".mean()", ".sum()"), "the sum of the losses"),
        (MEAN.replace(".mean()", ".mean() / len(logits)"), "divided a mean by the batch size"),
        (MEAN.replace(".mean()", ".sum() / 8"), "This batch has another size"),
        (MEAN.replace("-(targets", "(targets"), "the sign is wrong"),
        (MEAN.replace("torch.sigmoid(logits)", "torch.sigmoid(-logits)"), "the mean loss should be"),
        (MEAN.replace(".mean()", ""), "Take the mean over the batch."),
        ("def answer(logits, targets):\n    p = torch.sigmoid(logits)\n"
         "    return -torch.log(p if targets == 1 else 1 - p).mean()", "looks at one target"),
    ],
    "pass": [
        (PASS.replace("    return", "        return"), "not inside it"),
        (PASS.replace("        optimizer.step()\n", ""), "a Pigeon that never changes"),
        (PASS.replace("        optimizer.zero_grad()\n", ""), "the later ones are not"),
        (PASS.replace("targets)\n", "targets) / len(images)\n"), "do not divide by the batch size"),
        (PASS.replace("return losses", "return sum(losses)"), "Return a list"),
        (PASS.replace("loss.item())", "str(loss))"), "append loss.item()"),
        (PASS.replace("loss.item())", "loss)"), "append loss.item()"),
    ],
}
