"""`tockdeck store`: what is kept on this machine, to be taken along to another one."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from tui.cli import DONE, REFUSED, add_configuration_arguments, fail
from tui.cli.narration import narrate
from tui.cli.settings import read_settings
from tui.cli.statuses import report
from tui.config.load import ConfigError
from tui.config.locations import Locations
from tui.words import counted
from tui.workspace.backup.backup import back_up
from tui.workspace.backup.kept import CHANGES, CONNECTIONS, DRAFTS, LEFT_OUT
from tui.workspace.backup.restore import CannotRestore, looked_through, replaced_by, restore
from tui.workspace.problems import SERVICE_TITLES


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What is to be done with it."""
    parser.add_argument("action", choices=tuple(ACTIONS), help="what to do")
    parser.add_argument("file", nargs="?", type=Path, metavar="FILE", help="the backup")
    parser.add_argument("--yes", action="store_true", help="backup, restore: do not ask")
    add_configuration_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Write everything into one file, or put what such a file holds in its place."""
    try:
        _, locations = read_settings(options)
        return ACTIONS[options.action](options, locations)
    except CannotRestore as error:
        return fail(str(error), REFUSED)
    except ConfigError as error:
        return fail(str(error))
    except OSError as error:
        return report(error, as_json=False)


def _backup(options: argparse.Namespace, locations: Locations) -> int:
    file = _file(options)
    if file.exists():
        _ask(options, f"Write over {file}?", f"{file} stays as it was")
    manifest = back_up(file, locations)
    print(f"{file}: {_listed([one.name for one in manifest.files])}.")
    narrate(LEFT_OUT)
    return DONE


def _restore(options: argparse.Namespace, locations: Locations) -> int:
    file = _file(options)
    manifest = looked_through(file)
    replaced = replaced_by(manifest, locations)
    if replaced:
        for place in replaced:
            narrate(f"{place} would be replaced; it is kept under another name.")
        _ask(
            options, f"Restore the backup of {manifest.made:%Y-%m-%d %H:%M} UTC?", "Nothing changed"
        )
    restored = restore(file, locations)
    print(f"Restored from {file}: {_listed(restored.names, restored.changes)}.")
    for place in restored.kept:
        narrate(f"What stood there is kept as {place}.")
    for service, address in restored.connected.items():
        where = f" at {address}" if address else ""
        narrate(
            f"{SERVICE_TITLES[service]} is set up{where}, without what is secret: C asks for it."
        )
    narrate(LEFT_OUT)
    return DONE


ACTIONS: Mapping[str, Callable[[argparse.Namespace, Locations], int]] = {
    "backup": _backup,
    "restore": _restore,
}


def _file(options: argparse.Namespace) -> Path:
    """The file that an action needs. Raises ConfigError without one."""
    if options.file is None:
        raise ConfigError(f"store {options.action}: name the FILE")
    found: Path = options.file.expanduser()
    return found


def _ask(options: argparse.Namespace, question: str, otherwise: str) -> None:
    """Raises CannotRestore where the person says no, ConfigError where there is nobody to ask."""
    if options.yes:
        return
    if not sys.stdin.isatty():
        raise ConfigError(f"{otherwise}: nobody can be asked here, say --yes")
    print(f"{question} [y/N] ", end="", file=sys.stderr, flush=True)
    if sys.stdin.readline().strip().lower() not in ("y", "yes"):
        raise CannotRestore(f"{otherwise}.")


def _listed(names: list[str] | tuple[str, ...], changes: int | None = None) -> str:
    """What a backup holds, in words."""
    drafts = sum(name.startswith(DRAFTS) for name in names)
    others = {
        CHANGES: "changes" if changes is None else counted(changes, "change"),
        CONNECTIONS: "connections",
        "console.json": "calls of the console",
        "live-presets.json": "arrangements of the live wall",
        "tables.json": "how tables were left",
    }
    found = [others[name] for name in names if name in others]
    return ", ".join([*found, *([counted(drafts, "draft")] if drafts else [])]) or "nothing yet"
