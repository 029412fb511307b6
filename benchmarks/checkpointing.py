"""What a checkpoint costs beyond what the disk takes to keep as many bytes safe."""

import os
import tempfile
from pathlib import Path

from benchmarks.contestants import EPOCHS, TRAIN, VAL
from benchmarks.measuring import Row, medians
from pigeon_lessons import Pigeon, Trainer, load_checkpoint, save_checkpoint


def measure():
    trainer = Trainer(Pigeon(seed=1), TRAIN, VAL)
    trainer.fit(EPOCHS)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "latest.ckpt")
        save_checkpoint(path, trainer)
        content = path.read_bytes()

        def write_and_sync():
            with open(Path(folder, "plain.bin"), "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())

        seconds = medians({"disk": write_and_sync, "save": lambda: save_checkpoint(path, trainer),
                           "load": lambda: load_checkpoint(path, trainer)}, rounds=15)
    for name in ("save", "load"):
        beyond = seconds[name] - (seconds["disk"] if name == "save" else 0)
        yield Row(f"{name}_checkpoint, {len(content) / 2**20:.1f} MB", seconds[name],
                  f"{1000 * beyond:.0f} ms beyond the disk's own", "≤ 20 ms")
