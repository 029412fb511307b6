"""Runs a coroutine on an event loop of its own, whatever else the process has going on."""

import asyncio
from concurrent.futures import ThreadPoolExecutor


def run(scenario):
    """Run `scenario` to its end in a thread of its own: the browser tests keep a loop in the main thread."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, scenario).result()
