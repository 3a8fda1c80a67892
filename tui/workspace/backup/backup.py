"""Writing a backup: one archive of what the program keeps for a person, while decks are open."""

from __future__ import annotations

import tempfile
from contextlib import closing
from pathlib import Path

from tui import __version__
from tui.config.locations import Locations
from tui.store.archive import Manifest, write_archive
from tui.store.changes import Changes
from tui.store.copying import copy_database
from tui.store.papers import Papers
from tui.workspace.backup.kept import CHANGES, INVOICES, place_of, small_files


def back_up(file: Path, locations: Locations) -> Manifest:
    """Write everything to `file`, which only its owner can read. Raises OSError; then what
    stood there stands there still.
    """
    files: dict[str, bytes | Path] = dict(small_files(locations))
    with _beside(file) as folder:
        changes = place_of(CHANGES, locations)
        if changes.exists():
            copy = Path(folder) / CHANGES
            with closing(Changes(changes)) as kept:
                copy_database(kept.database, copy)
            files[CHANGES] = copy
        invoices = place_of(INVOICES, locations)
        if invoices.exists():
            copy = Path(folder) / INVOICES
            with closing(Papers(invoices)) as papers:
                copy_database(papers.database, copy)
            files[INVOICES] = copy
        return write_archive(file, files, by=__version__)


def _beside(file: Path) -> tempfile.TemporaryDirectory[str]:
    """A folder for the copies, on the disk of the archive. Raises OSError about `file`."""
    try:
        return tempfile.TemporaryDirectory(prefix=".tockdeck-", dir=file.absolute().parent)
    except OSError as error:
        # What could not be made is a name that nobody has given.
        raise OSError(error.errno, error.strerror, str(file)) from error
