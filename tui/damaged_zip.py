"""What reading a ZIP ends in that is none, is damaged, or was made in a way that is not known."""

from __future__ import annotations

import errno
import zlib
from zipfile import BadZipFile

DAMAGED_ZIP = (BadZipFile, EOFError, KeyError, NotImplementedError, RuntimeError, zlib.error)
"""What `zipfile` raises over a file that is none, is cut off, is encrypted, or lacks a part."""


def points_nowhere(error: OSError) -> bool:
    """Whether a place in the file was looked for at which nothing can stand: that is damage, too,
    where every other such error is the disk's.
    """
    return error.errno == errno.EINVAL
