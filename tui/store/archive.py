"""One file that holds others, to be moved to another machine: a zip with a manifest.

The manifest says which version of the form it has, and of every file its size and SHA-256. What
is read out of one is only what it names, and only under names that the reader knows.
"""

from __future__ import annotations

import hashlib
import os
import zipfile
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

import msgspec

from tui.damaged_zip import DAMAGED_ZIP, points_nowhere
from tui.store.files import replacing

VERSION = 1
MANIFEST = "manifest.json"
LARGEST_MANIFEST = 4 * 1024 * 1024
MOST_FILES = 20_000
_FORM = "tockdeck store"
_BLOCK = 1024 * 1024
_COMPRESSIONS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 0x1


class ArchiveDamaged(Exception):
    """The archive is not what was once written; says in a sentence what is wrong with it."""


class ArchiveNewer(Exception):
    """The archive is of a newer version of the program."""


class Stored(msgspec.Struct, frozen=True):
    """One file of an archive."""

    name: str
    size: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True):
    """What an archive says of itself."""

    form: str
    version: int
    made: datetime
    by: str
    """The version of the program that wrote it."""
    files: tuple[Stored, ...]


def write_archive(path: Path, files: Mapping[str, bytes | Path], *, by: str) -> Manifest:
    """Write files by their names into an archive that only its owner can read (0600).

    Raises OSError; then what stood at `path` stands there still.
    """
    stored: list[Stored] = []
    with (
        replacing(path) as target,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for name, content in files.items():
            with archive.open(_entry(name), "w", force_zip64=True) as into:
                size, digest = _copied(content, into)
            stored.append(Stored(name, size, digest))
        manifest = Manifest(_FORM, VERSION, datetime.now(UTC), by, tuple(stored))
        archive.writestr(_entry(MANIFEST), msgspec.json.encode(manifest))
    return manifest


def read_archive(
    path: Path, largest: Callable[[str], int], into: Callable[[str], Path] | None = None
) -> Manifest:
    """Look through a whole archive; `into` says where each of its files is to be written.

    `largest` says how many bytes a file of that name may have; 0 for a name that is not known.
    Without `into` nothing is written. Raises ArchiveDamaged, ArchiveNewer; OSError where the
    archive cannot be read or a file cannot be written.
    """
    with path.open("rb") as file:
        try:
            with zipfile.ZipFile(file) as archive:
                manifest = _manifest(archive)
                entries = _entries(archive, manifest, largest)
                for stored in manifest.files:
                    target = None if into is None else into(stored.name)
                    _unpack(archive, entries[stored.name], stored, target)
                return manifest
        except (*DAMAGED_ZIP, ValueError, OverflowError, LookupError) as error:
            raise ArchiveDamaged(f"It is no whole archive: {error}.") from error
        except OSError as error:
            if points_nowhere(error):
                raise ArchiveDamaged("It is no whole archive.") from error
            raise


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o100600 << 16
    return entry


def _copied(content: bytes | Path, into: IO[bytes]) -> tuple[int, str]:
    """Bytes that were copied, and their SHA-256."""
    size, digest = 0, hashlib.sha256()

    def put(block: bytes) -> None:
        nonlocal size
        into.write(block)
        digest.update(block)
        size += len(block)

    if isinstance(content, bytes):
        put(content)
    else:
        with content.open("rb") as source:
            while block := source.read(_BLOCK):
                put(block)
    return size, digest.hexdigest()


def _manifest(archive: zipfile.ZipFile) -> Manifest:
    entry = archive.getinfo(MANIFEST)
    _plain(entry)
    if entry.file_size > LARGEST_MANIFEST:
        raise ArchiveDamaged("Its manifest is too large.")
    content = archive.read(entry)
    # The form first: a newer one may say the rest in another way.
    said = msgspec.json.decode(content)
    if not isinstance(said, dict) or said.get("form") != _FORM:
        raise ArchiveDamaged("It was not written by tockdeck.")
    version = said.get("version")
    if isinstance(version, int) and version > VERSION:
        raise ArchiveNewer
    return msgspec.json.decode(content, type=Manifest)


def _entries(
    archive: zipfile.ZipFile, manifest: Manifest, largest: Callable[[str], int]
) -> dict[str, zipfile.ZipInfo]:
    """The entries by name: those of the manifest, and no other. Raises ArchiveDamaged."""
    infos = archive.infolist()
    if len(infos) > MOST_FILES:
        raise ArchiveDamaged("It holds too many files.")
    names = [info.filename for info in infos]
    named = [stored.name for stored in manifest.files]
    if sorted(names) != sorted([*named, MANIFEST]) or len(set(names)) != len(names):
        raise ArchiveDamaged("It holds other files than its manifest says.")
    for stored in manifest.files:
        most = largest(stored.name)
        if not most:
            raise ArchiveDamaged(f"It holds a file that no backup has: {stored.name!r}.")
        if not 0 <= stored.size <= most:
            raise ArchiveDamaged(f"{stored.name} is too large to be what it says.")
    return {info.filename: info for info in infos}


def _plain(entry: zipfile.ZipInfo) -> None:
    kind = entry.external_attr >> 28  # of a Unix mode: 8 is a file, 0 is not said
    if kind not in (0, 8) or entry.is_dir():
        raise ArchiveDamaged(f"{entry.filename} in it is no plain file.")
    if entry.compress_type not in _COMPRESSIONS or entry.flag_bits & _ENCRYPTED:
        raise ArchiveDamaged(f"{entry.filename} in it is packed in another way than ours.")


def _unpack(
    archive: zipfile.ZipFile, entry: zipfile.ZipInfo, stored: Stored, target: Path | None
) -> None:
    """Check one file, and write it where it is wanted. Raises ArchiveDamaged, OSError."""
    _plain(entry)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
    descriptor = os.open(os.devnull, os.O_WRONLY) if target is None else -1
    if target is not None:
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(target, flags, 0o600)
    size, digest = 0, hashlib.sha256()
    with os.fdopen(descriptor, "wb") as into, archive.open(entry) as source:
        while block := source.read(min(_BLOCK, stored.size - size + 1)):
            size += len(block)
            if size > stored.size:
                break
            digest.update(block)
            into.write(block)
        if target is not None:
            into.flush()
            os.fsync(into.fileno())
    if size != stored.size or digest.hexdigest() != stored.sha256:
        raise ArchiveDamaged(f"{stored.name} in it is not what was once written.")
