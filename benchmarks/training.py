"""One run and many at once, against the loop a student writes, two training libraries and a limit."""

from benchmarks.contestants import (
    EPOCHS,
    TRAIN,
    VAL,
    bare_loop,
    lightning,
    lightning_lean,
    skorch,
    skorch_lean,
    stacked_limit,
    trainer,
)
from benchmarks.measuring import Row, medians
from pigeon_lessons import sweep

PEERS = {
    "skorch, as its guide has it": skorch,
    "skorch, made lean with a callback of one's own": skorch_lean,
    "Lightning, as its guide has it": lightning,
    "Lightning, made lean with one batch an evaluation": lightning_lean,
}
RATES = [0.001 * 1.3**step for step in range(16)]


def many(count, batch_size=32, epochs=EPOCHS, scale=1.0):
    settings = [{"lr": scale * RATES[index % 16], "batch_size": batch_size, "seed": 1 + index // 16}
                for index in range(count)]
    return lambda: sweep(settings, TRAIN, VAL, epochs=epochs)


def measure():
    seconds = medians({
        "bare loop": bare_loop, "Trainer": trainer, **PEERS,
        "limit": lambda: stacked_limit(RATES),
        **{f"sweep {count}": many(count) for count in (1, 4, 16, 64)},
    }, rounds=15)
    bare = seconds["bare loop"]
    yield Row("bare PyTorch loop, 15 epochs, batch 32", bare)
    yield Row("Trainer", seconds["Trainer"], f"{seconds['Trainer'] / bare:.2f} × a bare loop's time", "≤ 1.10")
    for peer in PEERS:
        yield Row(peer, seconds[peer], f"Trainer is {seconds[peer] / seconds['Trainer']:.1f} × faster",
                  "≥ 3" if "lean" in peer else "≥ 4")
    for count, goal in ((1, "≥ 2.5"), (4, ""), (16, "≥ 11"), (64, "")):
        taken = seconds[f"sweep {count}"]
        yield Row(f"sweep of {count}", taken, f"{count * bare / taken:.1f} × faster than {count} bare loops", goal)
    yield Row("16 by hand, stacked and in place", seconds["limit"],
              f"sweep takes {seconds['sweep 16'] / seconds['limit']:.2f} × as long", "≤ 1.5")
    seconds = medians({"bare loop": lambda: bare_loop(0.0005, 1, 1), "sweep": many(16, 1, 1, scale=0.1)}, rounds=3)
    yield Row("bare PyTorch loop, 1 epoch, batch 1", seconds["bare loop"])
    yield Row("sweep of 16, batch 1", seconds["sweep"],
              f"{16 * seconds['bare loop'] / seconds['sweep']:.1f} × faster than 16 bare loops", "≥ 50")
