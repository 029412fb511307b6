"""Looks before anything is installed: is this Python new enough, can it make a venv, is there disk left?

It runs as a script in whatever Python the user has, so it imports the standard library alone and is
written in words that even a very old Python can read: it has to be able to say that it is too old.
"""

import os
import shutil
import sys

OLDEST = (3, 11)
GIGABYTE = 10 ** 9
NEEDED = 7 * GIGABYTE  # torch's default wheels for Linux alone unpack to more than 5 GB


def find_problem(version, has_venv, free, installed):
    """Return what stands in the way, with its remedy, or None.

    `version`: (major, minor) of Python. `has_venv`: whether it can make virtual environments. `free`: bytes
    left on the disk. `installed`: whether an environment is already there, which needs no more disk.

    >>> find_problem((3, 9), True, 50 * GIGABYTE, False).splitlines()[0]
    'Pigeon Lessons needs Python 3.11 or newer; this is Python 3.9.'
    >>> find_problem((3, 12), True, 50 * GIGABYTE, False) is None
    True
    """
    if version < OLDEST:
        return ("Pigeon Lessons needs Python %d.%d or newer; this is Python %d.%d.\n"
                "Install a newer one, then name it: make lab PYTHON=python3.12" % (OLDEST + version))
    if not has_venv:
        return ("This Python cannot make virtual environments (its module venv or ensurepip is missing).\n"
                "On Debian or Ubuntu: sudo apt install python3-venv")
    if free < NEEDED and not installed:
        return ("Only %.1f GB are free here; the first installation needs %d GB.\n"
                "Make room, or install by hand with the CPU build of PyTorch, 4 GB smaller (see README.md)."
                % (float(free) / GIGABYTE, NEEDED // GIGABYTE))
    return None


def main():
    """Exit with a message if something stands in the way; otherwise say nothing."""
    version = tuple(sys.version_info[:2])
    if version < OLDEST:
        sys.exit(find_problem(version, True, NEEDED, False))
    installed = os.path.exists(".venv/bin/python") or os.path.exists(".venv/Scripts/python.exe")
    sys.exit(find_problem(version, _has_venv(), shutil.disk_usage(".").free, installed))


def _has_venv():
    from importlib.util import find_spec

    return bool(find_spec("venv") and find_spec("ensurepip"))


if __name__ == "__main__":
    main()
