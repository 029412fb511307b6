# Each target is a command one could type; .venv is made once and made anew only when these files change.
PYTHON ?= python3
PORT ?= 8888
HOST ?= 127.0.0.1
BIN = .venv/$(if $(filter Windows_NT,$(OS)),Scripts,bin)
RUN = $(BIN)/python -m
AS_ROOT = $(shell test "$$(id -u)" = 0 && echo --allow-root)  # Jupyter asks for it, and containers run as root

.PHONY: help lab app test lessons book bench stress mutants lint clean

help:
	@echo "make lab      set everything up and open JupyterLab at the first lesson (PORT=8888)"
	@echo "make test     set everything up and pass all tests"
	@echo "make lessons  run every notebook again and keep the new outputs (for authors)"
	@echo "make app      build the book and serve it: live panels, no kernels (HOST=0.0.0.0 for all in the room)"
	@echo "make book     build the HTML edition into book/_build/html"
	@echo "make bench    measure, side by side with other tools"
	@echo "make stress   kill a saving process 2,000 times, damage a checkpoint in 10,000 ways, try panels at random, reopen Notebook 7, be an instructor"
	@echo "make mutants  spoil a copy of the package, one change at a time, and see which tests notice"
	@echo "make lint     check style, spelling and layers"

# OMP_NUM_THREADS=1: a second thread is no help to so small a network, and waits whenever a core is busy.
lab: .venv/lab.ready
	OMP_NUM_THREADS=1 $(BIN)/jupyter lab $(AS_ROOT) --notebook-dir . --port $(PORT) notebooks/00_meet_the_pigeon.ipynb

test: .venv/test.ready  # in the order of the files: long ones, in the browser, first, short ones, docstrings, last
	$(RUN) pytest -n 2 --dist loadfile --no-loadscope-reorder

lessons: .venv/test.ready
	$(BIN)/pigeon-lessons refresh

app: book
	@echo "Open http://$(HOST):$(PORT)/notebooks/08_playground.html"
	$(RUN) http.server --bind $(HOST) --directory book/_build/html $(PORT)

book: .venv/book.ready
	$(RUN) sphinx -W -b html -c book . book/_build/html

bench: .venv/bench.ready
	$(RUN) benchmarks

stress: .venv/test.ready
	$(RUN) tests.stress_checkpoint 2000
	PIGEON_MUTATIONS=10000 $(RUN) pytest -q tests/test_checkpoint_corruption.py
	PIGEON_STRESS=30 $(RUN) pytest -q tests/panels/test_any_sequence.py
	PIGEON_STRESS=1 $(RUN) pytest -q tests/authoring/test_edition.py tests/browser/test_day_two.py
	$(RUN) tests.instructor_trial

mutants: .venv/test.ready
	$(RUN) tests.mutants

lint: .venv/test.ready
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/codespell

clean:
	rm -rf .venv

# TORCH=default: PyTorch as pip gives it; else, where no NVIDIA card is, the build without CUDA, if it can be had
INSTALL = $(BIN)/python -m pip install --quiet --constraint constraints.txt --editable ".[$*]"

# .venv/lab.ready, .venv/test.ready, …: one stamp for each extra of pyproject.toml
.venv/%.ready: pyproject.toml constraints.txt
	@$(PYTHON) pigeon_lessons/doctor.py --before-installing
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@lean="$$($(BIN)/python .ci/lean.py)"; \
	{ test -n "$$lean" && $(INSTALL) $$lean; } || $(INSTALL)
	@touch $@
