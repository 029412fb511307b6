"""Spoil the package in one place at a time and see who notices: the notebooks and tests have to be able to fail.

    python -m tests.mutants                          all of them
    python -m tests.mutants momentum-trainer best    these

It works on a copy in a temporary folder; the working tree is only read. Each mutant names the few tests, or the
notebook, that state what it breaks. First all of these must pass on the unspoiled copy. Whether each mutant still
applies to today's source is checked by `test_mutants`, in the ordinary run.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
COPIED = ("pigeon_lessons", "tests", "lessons", "notebooks", "conftest.py", "pyproject.toml")
CLAIMS = {number: f"tests/chapters/test_claims_{number}_{name}.py" for number, name in (
    ("02", "epochs"), ("03", "learning_rate"), ("04", "training_curves"), ("05", "validation"),
    ("06", "hyperparameters"), ("07", "checkpointing"), ("08", "playground"), ("09", "leaving_the_nest"))}
SAVING = "tests/test_checkpoint_atomicity.py"
NUMBERS = "tests/authoring/test_numbers.py"


@dataclass(frozen=True)
class Mutant:
    """One change: in the module `file`, `old`, which stands there once, becomes `new`; one of `watchers` must fail."""

    change: str
    file: str
    old: str
    new: str
    watchers: tuple

    def applied_to(self, source):
        """Return the spoiled source; raise ValueError unless `old` stands in it exactly once."""
        count = source.count(self.old)
        if count != 1:
            raise ValueError(f"{self.change}: {self.file} holds {count} times, not once, {self.old!r}; "
                             "bring the mutant up to date")
        return source.replace(self.old, self.new)


MUTANTS = {
    "divide-trainer": Mutant(
        "divide the mean loss by the batch size again", "training.py",
        "loss = self.loss_function(logits, targets)  #", "loss = self.loss_function(logits, targets) / len(targets)  #",
        (f"{CLAIMS['04']}::test_trainer_is_the_loop_that_students_wrote",
         f"{CLAIMS['05']}::test_after_the_usual_run_new_digits_are_three_points_worse_than_training_digits")),
    "divide-trainer-record": Mutant(
        "divide the recorded mini-batch loss by the batch size", "training.py",
        "return loss.item()", "return loss.item() / len(targets)",
        (f"{CLAIMS['04']}::test_trainer_is_the_loop_that_students_wrote",)),
    "divide-sweep": Mutant(
        "divide the mean loss by the batch size again", "stack.py",
        "self.rates / -size", "self.rates / -size / size",
        (f"{CLAIMS['04']}::test_at_equal_images_seen_the_order_of_the_five_is_the_same_in_all_eight_seeds",)),
    "divide-sweep-record": Mutant(
        "divide the recorded mini-batch loss by the batch size", "stack.py",
        "self.batch_size).mean(-1)", "self.batch_size).mean(-1) / self.batch_size",
        (f"{CLAIMS['04']}::test_an_untrained_pigeon_starts_near_ln_2_at_every_batch_size",)),
    "momentum-trainer": Mutant(
        "drop momentum", "training.py",
        'momentum=self.settings["momentum"],', "momentum=0,",
        (f"{CLAIMS['04']}::test_trainer_is_the_loop_that_students_wrote",
         f"{CLAIMS['05']}::test_after_the_usual_run_new_digits_are_three_points_worse_than_training_digits")),
    "momentum-sweep": Mutant(
        "drop momentum", "stack.py",
        "self.momenta = tuple(setting.momentum", "self.momenta = tuple(0.0",
        (f"{CLAIMS['03']}::test_momentum_acts_like_ten_times_the_rate",
         f"{CLAIMS['08']}::test_ten_times_the_rate_brings_back_what_the_missing_momentum_had_cost")),
    "shuffle-trainer": Mutant(
        "never shuffle", "training.py",
        'shuffle=self.settings["shuffle"])', "shuffle=False)",
        (f"{CLAIMS['02']}::test_trained_on_sorted_digits_the_pigeon_says_no_to_everything_and_shuffling_mends_it",)),
    "shuffle-sweep": Mutant(
        "never shuffle", "sweeping.py",
        "seed=seed, epoch=epoch)", "seed=seed, epoch=epoch, shuffle=False)",
        (f"{CLAIMS['04']}::test_at_equal_images_seen_the_order_of_the_five_is_the_same_in_all_eight_seeds",
         f"{CLAIMS['06']}::test_one_run_each_ranks_the_sizes_and_another_seed_ranks_them_otherwise")),
    "threshold-evaluate": Mutant(
        "say yes from a probability of 0.4", "evaluating.py",
        "is_right = (logits > 0)", "is_right = (logits.sigmoid() > 0.4)",
        ("notebooks/01_batching.ipynb",
         f"{CLAIMS['05']}::test_after_the_usual_run_new_digits_are_three_points_worse_than_training_digits")),
    "threshold-sweep": Mutant(
        "say yes from a probability of 0.4", "stack.py",
        "is_right = (logits > 0)", "is_right = (logits.sigmoid() > 0.4)",
        (f"{CLAIMS['04']}::test_batch_32_after_one_epoch_answers_no_to_every_digit",)),
    "validation-trainer": Mutant(
        "validate on the training digits", "training.py",
        '("val", self.val))', '("val", self.val and self.train))',
        (f"{CLAIMS['05']}::test_after_the_usual_run_new_digits_are_three_points_worse_than_training_digits",)),
    "validation-sweep": Mutant(
        "validate on the training digits", "sweeping.py",
        '"val": val}', '"val": train}',
        (f"{CLAIMS['05']}::test_over_eight_seeds_validation_is_worse_than_training_after_the_usual_run",)),
    "best": Mutant(
        "take the last epoch for the best", "history.py",
        "return pick(numbers, key=values.__getitem__, default=None)", "return numbers[-1]",
        (f"{CLAIMS['05']}::test_validation_loss_turns_while_training_loss_falls_to_almost_nothing",
         f"{CLAIMS['07']}::test_the_best_epoch_is_8_of_20_and_can_still_be_had_after_the_run")),
    "hidden-pigeon": Mutant(
        "ignore num_hidden", "model.py",
        "generator = None if seed is None", "num_hidden = 30\n        generator = None if seed is None",
        (f"{CLAIMS['06']}::test_one_run_each_ranks_the_sizes_and_another_seed_ranks_them_otherwise",
         f"{CLAIMS['06']}::test_one_hidden_unit_does_nearly_as_well_as_15_unless_its_only_relu_is_off")),
    "hidden-sweep": Mutant(
        "ignore num_hidden", "sweeping.py",
        "[Pigeon(setting.num_hidden,", "[Pigeon(30,",
        (f"{CLAIMS['06']}::test_one_run_each_ranks_the_sizes_and_another_seed_ranks_them_otherwise",)),
    "checksum": Mutant(
        "load without comparing the checksum", "checkpoint.py",
        "if checksum != _checksum(payload):", "if not checksum:",
        ("tests/test_checkpoint_corruption.py::"
         "test_each_of_many_mutations_gives_the_identical_state_or_one_clear_error",)),
    "momentum-state": Mutant(
        "save no momentum", "training.py",
        '**self.optimizer.state_dict()}', '**self.optimizer.state_dict() | {"state": {}}}',
        (f"{CLAIMS['07']}::test_a_run_cut_off_at_update_137_and_resumed_equals_the_whole_run_to_the_last_bit",
         "tests/test_checkpoint_resume.py::test_without_any_one_part_the_resumed_run_is_another")),
    "copy": Mutant(
        "write over the old checkpoint instead of renaming", "files.py",
        "os.replace(file.name, target)", "target.write_bytes(content), os.unlink(file.name)",
        (f"{SAVING}::test_a_step_that_the_system_refuses_leaves_the_earlier_checkpoint",
         f"{SAVING}::test_file_and_folder_are_synced_before_and_after_the_renaming",
         f"{SAVING}::test_a_process_killed_at_any_moment_leaves_a_whole_checkpoint_and_the_next_save_cleans_up")),
    "leftover": Mutant(
        "leave the unfinished file when saving fails", "files.py",
        "path.unlink(missing_ok=True)", "pass",
        (f"{SAVING}::test_a_full_disk_leaves_the_earlier_checkpoint_byte_for_byte",
         f"{SAVING}::test_a_step_that_the_system_refuses_leaves_the_earlier_checkpoint")),
    "other-settings": Mutant(
        "accept a checkpoint of other settings", "resuming.py",
        'check_same("settings", saved["settings"], own["settings"], SAME_SETTINGS)', "pass",
        ("tests/test_checkpoint_mismatch.py::"
         "test_a_conflicting_setting_or_size_shows_both_values_and_changes_nothing",)),
    "numbers-unasked": Mutant(
        "check no number in prose", "authoring/contract.py",
        "quotes_of(chapter))", "None)", (f"{NUMBERS}::test_check_names_file_and_line",)),
    "numbers-anywhere": Mutant(
        "take a number for printed that is printed under another heading", "authoring/numbers.py",
        "known[bisect_right(heads, number.start)][number.is_percent]",
        "frozenset().union(*(part[number.is_percent] for part in known))",
        (f"{NUMBERS}::test_a_number_is_missed_when_the_output_changes_or_stands_under_another_heading",)),
    "numbers-near": Mutant(
        "take a number for printed that is printed nearly so", "authoring/numbers.py",
        "_rounded(known[bisect_right(heads, number.start)][number.is_percent], number.decimals)",
        "{f'{value + step / 10**number.decimals:.{number.decimals}f}' for step in (-1, 0, 1) for value in\n"
        "                known[bisect_right(heads, number.start)][number.is_percent]}",
        (f"{NUMBERS}::test_a_changed_number_is_missed_with_its_line",)),
    "numbers-others": Mutant(
        "try no other numbers in a number's place", "authoring/numbers.py",
        "elif number not in fast and", "elif number in fast and",
        (f"{NUMBERS}::test_a_changed_number_is_missed_with_its_line",)),
    "numbers-marks": Mutant(
        "let a mark hold numbers that its paragraph does not", "authoring/numbers.py",
        "if len(same) != count:", "if len(same) < 0:",
        (f"{NUMBERS}::test_a_changed_number_is_missed_with_its_line",)),
    "numbers-quotes": Mutant(
        "let a claim quote what is not said", "authoring/numbers.py",
        "if not places:", "if places is None:",
        (f"{NUMBERS}::test_a_changed_number_is_missed_with_its_line",)),
    "numbers-varying": Mutant(
        "take a measured time for printed", "authoring/numbers.py",
        "if OUTPUT_VARIES not in tags(cell) else ()", "if True else ()",
        (f"{NUMBERS}::test_an_output_that_differs_each_time_proves_nothing",)),
    "any-pickle": Mutant(
        "let a checkpoint run code", "checkpoint.py",
        'map_location="cpu", weights_only=True', 'map_location="cpu", weights_only=False',
        ("tests/test_checkpoint_safety.py::test_an_attack_works_elsewhere_and_does_nothing_here",)),
}


def main(names):
    unknown = [name for name in names if name not in MUTANTS]
    if unknown:
        sys.exit(f"no mutant {unknown[0]!r}; there are {', '.join(MUTANTS)}")
    chosen = [MUTANTS[name] for name in names or MUTANTS]
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        copy_project(folder)
        broken = failures(folder, sorted({watcher for mutant in chosen for watcher in mutant.watchers}))
        if broken:
            sys.exit(f"these fail without any change, so they prove nothing: {', '.join(broken)}")
        print("| change | in | noticed by |\n|---|---|---|", flush=True)
        unnoticed = 0
        for mutant in chosen:
            noticed = failures_of(mutant, folder)
            unnoticed += not noticed
            print(f"| {mutant.change} | {mutant.file} | {', '.join(noticed) or '**nobody**'} |", flush=True)
    return 1 if unnoticed else 0


def copy_project(folder):
    """Copy what the tests need; compiled files stay behind, as they might outlive the source they were made from."""
    for name in COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", ".*"))
        else:
            shutil.copy(ROOT / name, folder)


def failures_of(mutant, folder):
    """Return which watchers fail on the copy in `folder` while this mutant is applied to it."""
    path = folder / "pigeon_lessons" / mutant.file
    source = path.read_text(encoding="utf-8")
    path.write_text(mutant.applied_to(source), encoding="utf-8")
    try:
        return failures(folder, mutant.watchers)
    finally:
        path.write_text(source, encoding="utf-8")


def failures(folder, watchers):
    """Run the tests and notebooks named `watchers` in `folder`; return the names of those that fail, each once.

    PYTHONPATH comes before the installed package, in the kernels of notebooks too. A run that does not even
    start, by a wrong name or a file that cannot be imported, has noticed nothing: RuntimeError.
    """
    # a change within the second that keeps the length would leave a compiled file valid
    environment = os.environ | {"PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    run = subprocess.run([sys.executable, "-m", "pytest", "-q", "--tb=no", "-rfE", "-p", "no:cacheprovider", *watchers],
                         cwd=folder, env=environment, capture_output=True, text=True)
    if run.returncode not in (0, 1):
        raise RuntimeError(f"pytest could not run {', '.join(watchers)}:\n{run.stdout}{run.stderr}")
    lines = re.findall(r"^(?:FAILED|ERROR) (\S+?)::(\w+)", run.stdout, flags=re.MULTILINE)
    return list(dict.fromkeys(Path(file).name if file.endswith(".ipynb") else test for file, test in lines))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
