"""Wrong answers to the exercises of chapter 09, each with a phrase of the message that it must get."""

from pigeon_lessons.questions.content import solution_of

MODULE, LOOP, READS, DRAW = (solution_of(f"leaving_the_nest/{key}") for key in ("module", "loop", "reads", "draw"))
AS_GIVEN = {  # each fault of the loop in the lesson, as a change of the solution
    "softmax": ("loss_function(model(images), labels)\n            loss.backward",
                "loss_function(torch.softmax(model(images), dim=1), labels)\n            loss.backward"),
    "late": ("            optimizer.zero_grad()\n", ""),
    "eval": ("        model.train()\n", ""),
    "live": ("copy.deepcopy(model.state_dict())", "model.state_dict()"),
}


def with_faults(*names):
    """Return the loop with these of the faults that the lesson gave it."""
    code = LOOP
    for name in names:
        assert AS_GIVEN[name][0] in code
        code = code.replace(*AS_GIVEN[name])
    return code


def network(forward, layers="self.a, self.b = nn.Linear(784, 5), nn.Linear(5, 10)"):
    """Return the code of a model that has learned nothing, in evaluation mode."""
    return (f"class Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n        {layers}\n\n"
            f"    def forward(self, images):\n        {forward}\n\n\nanswer = Net().eval()")


MISTAKES = {
    "module": [
        (MODULE.replace("torch.relu(self.first(images.flatten(1)))", "self.first(images.flatten(1))"),
         "Behind the first layer the ReLU is missing"),
        (MODULE.replace("torch.relu(self.second(x))", "self.second(x)"), "Behind the second layer the ReLU is missing"),
        (MODULE.replace("torch.relu", ""), "one straight line"),
        (MODULE.replace("torch.relu", "torch.sigmoid"), "come ReLUs, not sigmoids"),
        (MODULE.replace("return self.output(x)", "return torch.softmax(self.output(x), dim=1)"),
         "The loss holds the softmax already"),
        (MODULE.replace("return self.output(x)", "return torch.relu(self.output(x))"), "leaves no logit below 0"),
        (MODULE.replace("return self.output(x)", "return self.output(x).argmax(dim=1)"),
         "should give logits of shape [5, 10]; yours gives a Tensor of shape [5]"),
        (MODULE.replace("Linear(second, 10)", "Linear(second, 1)"), "yours gives a Tensor of shape [5, 1]"),
        (MODULE.replace("first, second)\n        self.out", "first, second, bias=False)\n        self.out"),
         "and a bias?"),
        (MODULE.replace("Linear(784, first)", "Linear(784, 20)").replace("Linear(first,", "Linear(20,"),
         "A network 784 → 7 → 31 → 10 has"),
        (MODULE.replace("        super().__init__()\n", ""), "super().__init__()"),
        (MODULE.replace("images.flatten(1)", "images"), "makes [n, 784] of n images"),
        ("answer = nn.Linear(784, 10)", "Write a class"),
    ],
    "loop": [
        *[(with_faults(*(name for name in AS_GIVEN if name != mended)), f"Three of the four faults are left. {phrase}")
          for mended, phrase in (("softmax", "The gradients"), ("late", "CrossEntropyLoss takes"),
                                 ("eval", "CrossEntropyLoss takes"), ("live", "CrossEntropyLoss takes"))],
        (with_faults("eval", "live"), "Two of the four faults are left. After the first epoch"),
        (with_faults("softmax"), "One of the four faults is left. CrossEntropyLoss takes logits"),
        (with_faults("late"), "One of the four faults is left. The gradients of all batches"),
        (with_faults("eval"), "One of the four faults is left. After the first epoch"),
        (with_faults("live"), "One of the four faults is left. The model ends with its last weights"),
        (LOOP.replace("    model.load_state_dict(best)\n", ""), "The model ends with its last weights"),
        (LOOP.replace("        model.eval()\n", ""), "Validation happens in training mode"),
        (LOOP.replace("sum(sums) / len(val_loader.dataset)", "sum(sums) / len(sums)").replace(" * len(labels)", ""),
         "The short last batch"),
        (LOOP.replace("== 3", "== 2"), "It stops too early"),
        (LOOP.replace("== 3", "== 4"), "It stops too late"),
        (LOOP.replace("            break", "            pass"), "It does not stop early"),
        (LOOP.replace("            optimizer.step()\n", ""), "It makes no step"),
        (LOOP.replace("    return losses", ""), "should be a list of numbers; yours is None"),
        (LOOP.replace("range(20)", "range(10)"), "In a run of 20 epochs"),
        ("answer = [2.3, 2.2]", "should be a function"),
    ],
    "reads": [
        (READS.replace("answer.eval()", ""), "Your model is in training mode"),
        (READS.replace("range(10)", "range(0)"), "90% are asked for"),
        (network("return torch.softmax(self.b(self.a(images.flatten(1))), dim=1)"), "Your model gives probabilities"),
        (network("return torch.log_softmax(self.b(self.a(images.flatten(1))), dim=1)"),
         "Your model gives probabilities"),
        (network("return self.b(self.a(images.flatten(1))).argmax(dim=1)"), "should give logits of shape [1, 10]"),
        (network("return self.b(nn.functional.dropout(self.a(images.flatten(1)), 0.5))"), "gives two answers"),
        (network("return 0 * self.b(self.a(images.flatten(1))) + torch.arange(10.0)"), "takes every image for a 9"),
        ("answer = nn.Sequential(nn.Flatten(), nn.Linear(784, 1)).eval()", "should give logits of shape [1, 10]"),
        ("answer = nn.Sequential(nn.Linear(784, 10)).eval()", "makes [n, 784] of n images"),
        ("class answer(nn.Module):\n    pass", "should be a trained model"),
    ],
    "draw": [
        (DRAW.replace("    return ax", ""), "Return the Axes"),
        (DRAW.replace("imshow(table)", "imshow(table.T)"), "Rows and columns are exchanged"),
        (DRAW.replace("imshow(table)", "imshow(table.float() / table.sum())"), "do not show the numbers"),
        (DRAW.replace("    ax.imshow(table)\n", ""), "There is no picture"),
        (DRAW.replace('set_xlabel("answer")', 'set_xlabel("digit")'), 'with the word "answer"'),
        (DRAW.replace('    ax.set_ylabel("true digit")\n', ""), 'with the word "true"'),
        (DRAW.replace("    ax.set_xticks(range(10))\n", ""), "along the x-axis"),
        (DRAW.replace("set_yticks(range(10))", "set_yticks(range(9))"), "along the y-axis"),
        ("answer = 7", "should be a function"),
    ],
    "defend": [
        ('answer = {"A": "holds", "B": "holds", "C": "does not follow", "D": "holds", "E": "does not follow"}',
         "4 of 5 are right. B does not follow"),
        ('answer = dict.fromkeys("ABCDE", "holds")', "2 of 5 are right. B does not follow"),
        ('answer = dict.fromkeys("ABCDE", "does not follow")', "3 of 5 are right. A holds"),
        ('answer = {"A": "holds", "B": "does not follow", "C": "holds", "D": "holds", "E": "does not follow"}',
         "C does not follow"),
        ('answer = {"A": "holds", "B": "does not follow", "C": "does not follow", "D": "holds", "E": "holds"}',
         "E does not follow"),
        ('answer = {"A": True, "B": False, "C": False, "D": True, "E": False}', "is not one of these"),
        ('answer = "A, D"', "Give a dictionary"),
    ],
}
