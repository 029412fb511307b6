"""Wrong answers that students give in chapter 01, each with a phrase of the message it must get."""

from pigeon_lessons.questions.content import solution_of

MEAN, PASS, MODULE = (solution_of(f"batching/{key}") for key in ("mean-loss", "updates", "module"))  # each is spoiled

MISTAKES = {
    "third": [
        ("answer = 3 * 32", "√3 times smaller"),
        ("answer = 32 / 3", "Smaller batches scatter more"),
        ("answer = 3 ** 2", "That is the factor"),
        ("answer = 1024", "falls as 1/√n"),
    ],
    "mean-loss": [
        (MEAN.replace(".mean()", ".sum()"), "the sum of the losses"),
        (MEAN.replace(".mean()", ".mean() / len(logits)"), "divided a mean by the batch size"),
        (MEAN.replace(".mean()", ".sum() / 32"), "Batches have other sizes"),
        (MEAN.replace("-(targets", "(targets"), "The sign is wrong"),
        (MEAN.replace("torch.sigmoid(logits)", "torch.sigmoid(-logits)"), "the loss of the other answers"),
        (MEAN.replace("(1 - targets)", "targets"), "mean_loss("),
        (MEAN.replace(".mean()", ""), "Take the mean over the batch."),
        ("def answer(logits, targets):\n    p = torch.sigmoid(logits)\n"
         "    return -torch.log(p if targets == 1 else 1 - p).mean()", "Instead of an if, multiply"),
    ],
    "updates": [
        (PASS.replace("    return", "        return"), "not inside it"),
        (PASS.replace("        optimizer.step()\n", ""), "optimizer.step() uses it"),
        (PASS.replace("        optimizer.zero_grad()\n", ""), "The old gradient is still there"),
        (PASS.replace("        optimizer.zero_grad()\n", "").replace("    return",
         "    optimizer.zero_grad()\n    return"),
         "Are all of backward, step and zero_grad inside"),
        (PASS.replace("targets)\n", "targets) / len(images)\n"), "Do not divide by the batch size"),
        (PASS.replace("return losses", "return sum(losses)"), "Return a list"),
        (PASS.replace("loss.item())", "str(loss))"), "loss.item() of each batch"),
        (PASS.replace("loss.item())", "loss)"), "loss.item() of each batch"),
        ("answer = 16", "should be a function"),
    ],
    "module": [
        (MODULE.replace("torch.relu(self.hidden(images.flatten(1)))", "self.hidden(images.flatten(1))"),
         "one straight line"),
        (MODULE.replace("torch.relu(self.hidden", "torch.sigmoid(self.hidden"), "come ReLUs, not sigmoids"),
        (MODULE.replace("return self.output", "return torch.sigmoid(self.output").replace("))))", ")))))"),
         "Return logits"),
        (MODULE.replace("return self.output", "return torch.relu(self.output").replace("))))", ")))))"),
         "leaves no logit below 0"),
        (MODULE.replace("flatten(1))))", "flatten(1))))[:, 0]"),
         "should give logits of shape [5, 1]; yours gives a Tensor"),
        (MODULE.replace("images.flatten(1)", "images"), "makes [n, 784] of n images"),
        (MODULE.replace("784, num_hidden", "784, 30").replace("Linear(num_hidden", "Linear(30"),
         "A network 784 → 7 → 1 has"),
        (MODULE.replace("num_hidden)", "num_hidden, bias=False)"),
         "784 → 30 → 1 has 23,581 parameters; yours has 23,551"),
        (MODULE.replace("        super().__init__()\n", ""), "super().__init__()"),
        (MODULE.replace("forward", "predict"), "in its method forward(self, images)"),
        (MODULE.replace("flatten(1))))", "flatten(1)))).detach()"), "No gradient comes through"),
        (MODULE.replace("self.hidden = nn.Linear(784, num_hidden)", "self.layers = [nn.Linear(784, num_hidden), "
                        "nn.Linear(num_hidden, 1)]").replace("        self.output = nn.Linear(num_hidden, 1)\n", "")
         .replace("self.output(", "self.layers[1](").replace("self.hidden(", "self.layers[0]("), "finds no parameters"),
        ("class answer:\n    def __init__(self, num_hidden=30):\n        pass",
         "should begin with class MyPigeon(nn.Module)"),
        ("answer = Pigeon()", "Write a class"),
    ],
}
