"""Restoring a backup: looked through, staged beside what is there, then put in its place at once.

What is staged is whole and on the disk before the plan is; with the plan there the restore is
made, and goes on at the next start where the machine went down in the middle of it.
"""

from __future__ import annotations

import errno
import json
import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from msgspec.structs import replace

from tui.config.load import ConfigError
from tui.config.locations import Locations
from tui.store.archive import ArchiveDamaged, ArchiveNewer, Manifest, read_archive
from tui.store.changes import Change
from tui.store.changes.moving import NotChanges, build_changes
from tui.store.changes.senders import InUse, Senders, folder_of
from tui.store.files import settle_names, write_atomically
from tui.store.papers.moving import NotPapers, build_papers
from tui.store.setting_aside import COMPANIONS
from tui.workspace.backup.kept import (
    CHANGES,
    CONNECTIONS,
    DATABASES,
    INVOICES,
    check_connections,
    is_sound,
    joined_connections,
    largest,
    place_of,
)

HELD = "It came from a backup: look whether it was sent meanwhile, then send or drop it."


class CannotRestore(Exception):
    """Nothing was restored and nothing was changed; says why in sentences."""


@dataclass(frozen=True)
class Restored:
    """What was restored."""

    names: tuple[str, ...]
    changes: int
    kept: tuple[Path, ...]
    """What stood in its place, under its new name."""
    connected: dict[str, str]
    """The addresses of the services that were not set up here before."""


def looked_through(file: Path, into: Path | None = None) -> Manifest:
    """What a backup holds, after all of it was checked, and unpacked where a folder is given.

    Raises CannotRestore, OSError.
    """
    try:
        return read_archive(file, largest, None if into is None else into.joinpath)
    except ArchiveNewer as error:
        raise _refused(file, "It is of a newer version of tockdeck: use that one.") from error
    except ArchiveDamaged as error:
        raise _refused(file, str(error)) from error


def _refused(file: Path, why: str) -> CannotRestore:
    return CannotRestore(f"{file} cannot be restored. {why} Nothing was changed.")


def replaced_by(manifest: Manifest, locations: Locations) -> list[Path]:
    """What stands on this machine in the place of what a backup holds. Connections only join."""
    places = (place_of(one.name, locations) for one in manifest.files if one.name != CONNECTIONS)
    return [place for place in places if place.exists()]


def restore(file: Path, locations: Locations) -> Restored:
    """Put what a backup holds in the place of what is there, which is kept under other names.

    What waited in it waits for a person's word: the machine that it was made on may have sent
    it. Raises CannotRestore, OSError, ConfigError; then everything is as it was.
    """
    try:
        with _alone(locations):
            if locations.restoring.exists():
                _put(locations, going_back=False)
            _clear(locations)
            try:
                staged = _stage(file, locations)
            except BaseException:
                _clear(locations)
                raise
            kept = _put(locations, going_back=True)
            return Restored(staged.names, staged.changes, kept, staged.connected)
    except InUse as error:
        words = "A deck or a command of tockdeck is open. End it, then restore"
        raise CannotRestore(f"{words}; nothing was changed.") from error


def finish(locations: Locations) -> None:
    """Go on with a restore that a power cut or a kill left.

    Raises OSError, also where another process has the changes open.
    """
    try:
        with _alone(locations):
            # Another one may have been quicker.
            if locations.restoring.exists():
                _put(locations, going_back=False)
    except InUse as error:
        words = "a restore that was broken off goes on when every other deck has ended"
        raise OSError(errno.EBUSY, words) from error


# -- staging --------------------------------------------------------------------------------------


def _alone(locations: Locations) -> AbstractContextManager[None]:
    return Senders(folder_of(place_of(CHANGES, locations))).alone()


def _staged(name: str, locations: Locations) -> Path:
    """Where a file is made ready: in the directory where it will stand, so that a rename does."""
    root = place_of(name, locations).parents[name.count("/")]
    return root / locations.restoring.parent.name / name


def _clear(locations: Locations) -> None:
    """Forget what a restore left that did not come as far as its plan."""
    for folder in (locations.data, locations.state):
        with suppress(FileNotFoundError):
            shutil.rmtree(folder / locations.restoring.parent.name)


def _stage(file: Path, locations: Locations) -> Restored:
    """Make everything ready beside what is there, and write the plan when it is."""
    changes = 0
    connected: dict[str, str] = {}
    folder = locations.restoring.parent / "unpacked"
    names = [one.name for one in looked_through(file, folder).files]
    for name in names:
        source, target = folder / name, _staged(name, locations)
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if name == CHANGES:
            try:
                changes = build_changes(source, target, as_restored)
            except NotChanges as error:
                raise _refused(file, str(error)) from error
            continue
        if name == INVOICES:
            try:
                build_papers(source, target)
            except NotPapers as error:
                raise _refused(file, str(error)) from error
            continue
        content = source.read_bytes()
        if not is_sound(name, content):
            raise _refused(file, f"{name} in it cannot be read.")
        if name == CONNECTIONS:
            content, connected = joined_connections(place_of(name, locations), content)
        write_atomically(target, content)
        if connected and name == CONNECTIONS:
            try:
                check_connections(target)
            except ConfigError as error:
                raise _refused(file, f"Its connections cannot be used: {error}.") from error
    if not connected:
        names = [name for name in names if name != CONNECTIONS]
    stamp = f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}"
    write_atomically(locations.restoring, json.dumps({"stamp": stamp, "names": names}).encode())
    return Restored(tuple(names), changes, (), connected)


def as_restored(change: Change) -> Change:
    """A change as it is on another machine: the one that it comes from may have sent it."""
    if change.state == "waiting":
        return replace(change, held=True, reason=HELD)
    if change.state == "sending":
        return replace(change, state="unknown", sender="", reason=change.reason or HELD)
    return change


# -- putting in place -----------------------------------------------------------------------------


def _put(locations: Locations, *, going_back: bool) -> tuple[Path, ...]:
    """Carry out the plan that is staged. What is done already is not done again.

    `going_back`: where the disk refuses, everything is put back as it was.
    """
    plan = json.loads(locations.restoring.read_bytes())
    moved: list[tuple[Path, Path]] = []
    kept: list[Path] = []
    try:
        for name in plan["names"]:
            kept += _put_one(name, plan["stamp"], locations, moved)
        for folder in {place_of(name, locations).parent for name in plan["names"]}:
            settle_names(folder)
    except OSError:
        if going_back:
            for source, target in reversed(moved):
                target.replace(source)
            _clear(locations)
        raise
    # The plan goes first: what is left of the staging says nothing without it.
    locations.restoring.unlink()
    _clear(locations)
    return tuple(kept)


def _put_one(
    name: str, stamp: str, locations: Locations, moved: list[tuple[Path, Path]]
) -> Iterator[Path]:
    staged, place = _staged(name, locations), place_of(name, locations)
    if not staged.exists():
        return  # It is there already.
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    aside = place.with_name(f"{place.stem}.before-restore-{stamp}{place.suffix}")
    # What belongs to a database goes with it, the file itself last.
    for companion in COMPANIONS if name in DATABASES else ("",):
        old = place.with_name(place.name + companion)
        if old.exists():
            away = aside.with_name(aside.name + companion)
            old.replace(away)
            moved.append((old, away))
    if aside.exists():
        yield aside
    staged.replace(place)
    moved.append((staged, place))
