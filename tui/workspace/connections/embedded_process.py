"""The embedded services as a process: its command line, and what it gets of our environment."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from tui.config.settings import Embedded

LOCAL = "local"
"""How a setting names the zone of this machine."""

KEPT = frozenset(
    {
        "HOME", "LANG", "LANGUAGE", "LD_LIBRARY_PATH", "LOGNAME", "PATH", "TMPDIR", "TZ", "TZDIR",
        "USER", "VIRTUAL_ENV", "XDG_DATA_HOME",
        "PYTHONDONTWRITEBYTECODE", "PYTHONHASHSEED", "PYTHONHOME", "PYTHONIOENCODING",
        "PYTHONPATH", "PYTHONPYCACHEPREFIX", "PYTHONTZPATH", "PYTHONUTF8", "PYTHONWARNINGS",
    }
)  # fmt: skip
"""What finding Python, its modules, the zone and the language needs. Everything else, secrets of
ours and of other programs among it, is none of its business: it speaks to no service outside."""


def environment(given: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The environment that the process is started with."""
    return {name: value for name, value in given.items() if name in KEPT or name.startswith("LC_")}


def command(directory: Path, options: Embedded, time_zone: str = LOCAL) -> list[str]:
    """The command that serves this data directory in the foreground.

    New data live in `time_zone` (an IANA name, or `local` for the machine's): days and rate
    schedules of theirs go by it. Kept data stay in the zone of their first start.
    """
    made = [
        sys.executable, "-m", "tui.embedded", "--data", str(directory),
        "--port", str(options.port), "--idle", str(options.idle_minutes * 60),
        "--boats", str(options.boats), "--hz", str(options.hertz),
    ]  # fmt: skip
    for recording in options.replay:
        made += ["--replay", recording]
    for name in options.names:
        made += ["--name", name]
    if time_zone != LOCAL:
        made += ["--zone", time_zone]
    if options.quirks:
        made.append("--quirks")
    return made
