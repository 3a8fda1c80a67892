"""`tockdeck store`: what is kept on this machine: how much, looked through, let go, taken along."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from pathlib import Path

from tui.cli import DONE, REFUSED, add_configuration_arguments, fail
from tui.cli.asking import can_ask, says_yes
from tui.cli.narration import narrate
from tui.cli.output import print_json
from tui.cli.settings import read_settings
from tui.cli.statuses import report
from tui.config.load import ConfigError, Loaded
from tui.config.locations import Locations
from tui.spoken_keys import key_for
from tui.words import counted
from tui.workspace.backup.backup import back_up
from tui.workspace.backup.kept import CHANGES, CONNECTIONS, DRAFTS, INVOICES, LEFT_OUT, THEME
from tui.workspace.backup.restore import CannotRestore, looked_through, replaced_by, restore
from tui.workspace.keeping import Held, Keeping, title_of
from tui.workspace.problems import SERVICE_TITLES
from tui.workspace.text import clean
from tui.workspace.workspace import Workspace

_MEGABYTE = 1024 * 1024
OF_FILES = ("backup", "restore")
"""The actions that are about a backup."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What is to be done with it."""
    parser.add_argument("action", choices=tuple(ACTIONS), help="what to do")
    parser.add_argument(
        "file", nargs="?", type=Path, metavar="FILE", help="backup, restore: the backup"
    )
    parser.add_argument("--json", action="store_true", help="size: an object instead of lines")
    parser.add_argument("--yes", action="store_true", help="backup, restore: do not ask")
    add_configuration_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Carry out what is to be done."""
    try:
        if options.file is not None and options.action not in OF_FILES:
            raise ConfigError(
                f"store {options.action} takes no file: it is about what is kept of earlier reads;"
                f" a FILE is for {' and '.join(OF_FILES)}. Nothing was done"
            )
        loaded, locations = read_settings(options)
        return ACTIONS[options.action](options, loaded, locations)
    except CannotRestore as error:
        return fail(str(error), REFUSED)
    except ConfigError as error:
        return fail(str(error))
    except OSError as error:
        return report(error, as_json=False)


def _backup(options: argparse.Namespace, _loaded: Loaded, locations: Locations) -> int:
    file = _file(options)
    if file.exists():
        _ask(options, f"Write over {file}?", f"{file} stays as it was")
    manifest = back_up(file, locations)
    print(f"{file}: {_listed([one.name for one in manifest.files])}.")
    narrate(LEFT_OUT)
    return DONE


def _restore(options: argparse.Namespace, _loaded: Loaded, locations: Locations) -> int:
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
        asks = f"{key_for('deck.connect')} in the deck asks for it"
        narrate(f"{SERVICE_TITLES[service]} is set up{where}, without what is secret: {asks}.")
    if INVOICES in restored.names:
        narrate(
            "Numbers of invoices go on here where they ended there: issue on one machine only, or"
            " give each a prefix of its own."
        )
    narrate(LEFT_OUT)
    return DONE


def _of_reads(
    action: Callable[[Keeping, argparse.Namespace, float], int],
) -> Callable[[argparse.Namespace, Loaded, Locations], int]:
    """An action on what is kept of earlier reads; what happened to its file is said."""

    def run(options: argparse.Namespace, loaded: Loaded, locations: Locations) -> int:
        workspace = Workspace(loaded, locations)
        keeping = workspace.keeping
        try:
            return action(keeping, options, loaded.settings.store.megabytes)
        finally:
            for words in keeping.troubles():
                narrate(words)
            workspace.mirror.close()

    return run


def _size(keeping: Keeping, options: argparse.Namespace, most: float) -> int:
    kept = keeping.size()
    if options.json:
        print_json(
            {
                "bytes": kept.records,
                "search_bytes": kept.search,
                "answers_bytes": kept.answers,
                "most_bytes": int(most * _MEGABYTE),
                "collections": [
                    {name: value for name, value in one._asdict().items() if name != "info"}
                    | {"title": title_of(one)}
                    for one in kept.collections
                ],
            }
        )
        return DONE
    both = _megabytes(kept.records + kept.search)
    print(f"Records and the search over them: {both} of at most {most:g} MB.")
    print(f"Records: {_megabytes(kept.records)}. The search: {_megabytes(kept.search)}.")
    print(f"Whole answers: {_megabytes(kept.answers)}.")
    for one in kept.collections:
        print(f"  {clean(title_of(one))}: {_how_many(one)}")
    return DONE


def _how_many(one: Held) -> str:
    if one.complete:
        return f"all {counted(one.records, 'record')}" if one.records else "no record"
    of = "" if one.total is None else f" of {one.total:,}"
    return f"{counted(one.records, 'record')}{of}"


def _megabytes(size: int) -> str:
    return f"{size / _MEGABYTE:,.1f} MB"


def _clear(keeping: Keeping, _options: argparse.Namespace, _most: float) -> int:
    keeping.clear()
    print("Nothing is kept of earlier reads any more; the deck reads anew what it shows.")
    return DONE


def _check(keeping: Keeping, _options: argparse.Namespace, _most: float) -> int:
    wrong = keeping.check()
    for line in wrong:
        print(line)
    if not wrong:
        print("What is kept of earlier reads is sound.")
    return REFUSED if wrong else DONE


ACTIONS: Mapping[str, Callable[[argparse.Namespace, Loaded, Locations], int]] = {
    "size": _of_reads(_size),
    "clear": _of_reads(_clear),
    "check": _of_reads(_check),
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
    if not can_ask():
        raise ConfigError(f"{otherwise}: nobody can be asked here, say --yes")
    if not says_yes(question):
        raise CannotRestore(f"{otherwise}.")


CALLED = {
    CHANGES: "changes",
    INVOICES: "invoices",
    CONNECTIONS: "connections",
    "hours-names.json": "names of imported hours",
    "hours.json": "goals and rounding",
    "reminders.json": "reminders",
    "table-views.json": "own views of tables",
    "timesheet-entered.json": "what was entered into the timesheet",
    "timesheet-tasks.json": "tasks of trackers",
    "console.json": "calls of the console",
    "live-presets.json": "arrangements of the live wall",
    "tables.json": "how tables were left",
    THEME: "the theme",
}
"""What each file of a backup is called, but drafts, which are counted."""


def _listed(names: list[str] | tuple[str, ...], changes: int | None = None) -> str:
    """What a backup holds, in words."""
    drafts = sum(name.startswith(DRAFTS) for name in names)
    others = CALLED | ({} if changes is None else {CHANGES: counted(changes, "change")})
    found = [others[name] for name in names if name in others]
    return ", ".join([*found, *([counted(drafts, "draft")] if drafts else [])]) or "nothing yet"
