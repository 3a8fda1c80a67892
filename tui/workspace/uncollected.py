"""Rows by the hundred thousand are made without looking for garbage, since none of them is any, or
all of them are gone by themselves at the end."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected(*, stays: bool = True) -> Iterator[None]:
    """Garbage is not looked for in here, in no thread: only for what ends soon by itself, and
    makes very much. Of several at once it is the one that began first which has it looked for
    again.

    Where that much `stays`, what is there at the end is not looked through later either: what
    refers to nothing that refers to it goes by itself once nobody needs it.
    """
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        if stays:
            gc.freeze()
        gc.enable()
