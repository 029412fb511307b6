"""Pigeon Lessons side by side with other tools: `python -m benchmarks` measures, prints and writes one table."""
