"""The files of the embedded services' data directory, as a deck reads them.

They are written by a process of their own, at any time: each is read when it is asked for. But
for the credentials, what is missing, torn or of another form is told as none.
"""

from __future__ import annotations

import fcntl
import json
import os
import stat
from pathlib import Path

from tui.workspace.connections.door import LONGEST


class EmbeddedFiles:
    """What stands in the directory: which data there are, and which server runs, or could not."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    def identity(self) -> str:
        """Which data they have: another after it was cleared, reset or set aside; empty while
        there is none yet, or while it is being changed. Another process may do that at any time,
        so it is looked at each time.
        """
        return str(self._of_data("identity"))

    def zone_of_data(self) -> str:
        """The IANA name of the zone that their data live in; empty while that is not written
        down: before their first start, or until the next one of data from an earlier version.
        """
        return str(self._of_data("timezone"))

    def has_sample(self) -> bool:
        """Whether their data are the sample, or what became of it; False while that is not written
        down, and after it was cleared.
        """
        return self._of_data("sample") is True

    def _of_data(self, name: str) -> object:
        try:
            return _object_in(self.directory / "data.json").get(name, "")
        except (OSError, ValueError):
            return ""

    def number(self, name: str) -> int | None:
        """A number above 0 of the endpoint file; None for anything else."""
        try:
            value = _object_in(self.directory / "endpoint.json").get(name)
        except (OSError, ValueError):
            return None
        return value if type(value) is int and value > 0 else None

    def credentials(self) -> dict[str, str]:
        """The secrets by which a deck is let in. Raises OSError, ValueError."""
        content = _object_in(self.directory / "credentials.json")
        return {name: value for name, value in content.items() if isinstance(value, str)}

    def start_error(self) -> str:
        """Why they could not be started, in their own words where they left some."""
        try:
            content = _object_in(self.directory / "start-error.json")
            return str(content.get("message") or content.get("error"))
        except (OSError, ValueError):
            return "they could not be started; run `tockdeck embedded` to see why"

    def is_held(self) -> bool:
        """Whether a server of this directory lives: it holds the lock until its end."""
        try:
            descriptor = os.open(self.directory / "server.lock", os.O_RDONLY)
        except OSError:
            return False
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return True
        finally:
            os.close(descriptor)
        return False


def _object_in(path: Path) -> dict[str, object]:
    """The JSON object in a small file. Raises OSError, ValueError."""
    # Without waiting: somebody may have put a pipe there that nobody writes into.
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise ValueError(f"{path} is no file")
    with os.fdopen(descriptor, "rb") as file:
        text = file.read(LONGEST)
    try:
        content = json.loads(text)
    except RecursionError as error:
        raise ValueError(f"{path} is nested too deeply") from error
    if not isinstance(content, dict):
        raise ValueError(f"{path} holds no object")
    return content
