"""The file of what the first screen showed last: for the first moment of the next start."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from tui.store.files import write_atomically


def keep_frame(path: Path, text: str | None) -> None:
    """Keep it, readable by its owner alone, where the disk takes it; None keeps none."""
    # Without it the next start looks as it always did: not worth a word.
    with suppress(OSError):
        if text is None:
            path.unlink(missing_ok=True)
        else:
            write_atomically(path, text.encode(errors="replace"), lasting=False)
