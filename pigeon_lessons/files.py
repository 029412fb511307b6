"""Files that survive a crash: replaced in one step, or made longer for good. It knows nothing of what is in them.

Whatever the disk refuses is an OSError; the rooms above say in their own words what it means.
"""

import errno
import os
import secrets
import shutil
from contextlib import contextmanager, suppress
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows: it has no such locks, cannot sync a folder, and renames only closed files
    fcntl = None

_UNFINISHED = ".pigeon-{}.unfinished"


def replace(path, content):
    """Put a file of these bytes in the place of `path`: all or nothing, and on the disk when this returns.

    It is written beside `path`, forced to the disk, and only then renamed, so at every moment, in a power cut
    too, `path` holds either the old content or the new, whole. A symbolic link stays, and the file it points to
    is replaced. Raises OSError, and leaves the old file as it was, if that cannot be done.

    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "answers.json"
    >>> replace(path, b"{}")
    >>> path.read_bytes()
    b'{}'
    """
    target = Path(os.path.realpath(path))
    if target.exists() and not target.is_file():
        raise OSError("it is not a file")
    _remove_leftovers(target.parent)
    with _new_file(target.parent) as file:
        file.write(content)
        sync(file)
        if fcntl is None:
            file.close()
        if target.exists():
            shutil.copymode(target, file.name)  # who may read it is for its owner to say
        os.replace(file.name, target)
    sync_folder(target.parent)


def content(path):
    """Return the bytes of a file. Raises OSError, also for a pipe or a device, which may have no end."""
    if path.exists() and not (path.is_file() or path.is_dir()):
        raise OSError(errno.EINVAL, "it is not a file", str(path))
    return path.read_bytes()


def sync(file):
    """Force what was written to an open file to the disk; on macOS out of the drive's own memory too."""
    file.flush()
    if hasattr(fcntl, "F_FULLFSYNC"):
        with suppress(OSError):  # a file system that cannot: then as everywhere else
            fcntl.fcntl(file, fcntl.F_FULLFSYNC)
            return
    os.fsync(file.fileno())


def sync_folder(folder):
    """Force the names in a folder to the disk: until then a new one is only in the operating system's memory."""
    if fcntl is None:
        return
    try:
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except OSError as error:
        if error.errno not in (errno.EACCES, errno.EINVAL):  # not to be listed, or on a file system that cannot
            raise


@contextmanager
def _new_file(folder):
    """Open a new file, locked while it is open, so that others see its writer alive; remove it if the block fails."""
    while True:
        path = folder / _UNFINISHED.format(secrets.token_hex(8))
        try:
            with open(path, "xb") as file:
                _lock(file)
                if path.exists():  # else another process took it for a leftover before the lock was on
                    yield file
                    return
        except BaseException:
            path.unlink(missing_ok=True)
            raise


def _lock(file):
    with suppress(OSError):  # a file system without locks: leftovers then stay, and writing works
        if fcntl is not None:
            fcntl.flock(file, fcntl.LOCK_EX)


def _remove_leftovers(folder):
    """Remove what killed processes have left half written; leave alone what a living one is writing."""
    if fcntl is None:
        return
    for leftover in folder.glob(_UNFINISHED.format("*")):
        with suppress(OSError), open(leftover, "r+b") as file:  # its writer lives, or someone else was faster
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            leftover.unlink()
