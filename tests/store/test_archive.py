"""Archives: what was written comes out again, and nothing else, nowhere else."""

from __future__ import annotations

import json
import random
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui.store.archive import MANIFEST, ArchiveDamaged, ArchiveNewer, read_archive, write_archive

FILES = {"one.json": b'{"a": 1}', "drafts/two.json": b"x" * 5_000, "empty": b""}


def known(name: str) -> int:
    return 10_000 if name in FILES else 0


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    path = tmp_path / "backup.zip"
    write_archive(path, dict(FILES), by="1.2.3")
    return path


def unpacked(path: Path, folder: Path) -> dict[str, bytes]:
    manifest = read_archive(path, known, lambda name: folder / name)
    return {one.name: (folder / one.name).read_bytes() for one in manifest.files}


def test_what_was_written_comes_out_again(archive: Path, tmp_path: Path) -> None:
    assert stat.S_IMODE(archive.stat().st_mode) == 0o600
    assert unpacked(archive, tmp_path / "out") == FILES
    for name in FILES:
        assert stat.S_IMODE((tmp_path / "out" / name).stat().st_mode) == 0o600
    assert read_archive(archive, known).by == "1.2.3"


@settings(deadline=None, max_examples=25)
@given(contents=st.lists(st.binary(max_size=300), max_size=3))
def test_any_content_goes_there_and_back(
    tmp_path_factory: pytest.TempPathFactory, contents: list[bytes]
) -> None:
    folder = tmp_path_factory.mktemp("archive")
    files = dict(zip(FILES, contents, strict=False))
    write_archive(folder / "a.zip", dict(files), by="x")
    assert unpacked(folder / "a.zip", folder / "out") == files


def test_a_file_of_which_nothing_comes_leaves_what_was_there(archive: Path, tmp_path: Path) -> None:
    before = archive.read_bytes()
    with pytest.raises(OSError, match="gone"):
        write_archive(archive, {"one.json": tmp_path / "gone"}, by="x")
    assert archive.read_bytes() == before
    assert list(tmp_path.iterdir()) == [archive]


Entry = tuple[zipfile.ZipInfo, bytes]


def made_otherwise(archive: Path, change: Callable[[list[Entry]], None]) -> Path:
    """The archive as somebody else would write it, with a manifest that is right for it."""
    with zipfile.ZipFile(archive) as old:
        entries = [(info, old.read(info)) for info in old.infolist()]
    change(entries)
    with zipfile.ZipFile(archive, "w") as new:
        for info, content in entries:
            new.writestr(info, content)
    return archive


def names_of(entries: list[Entry], old: str, new: str) -> None:
    """Gives a file another name, in the manifest as well."""
    for place, (info, content) in enumerate(entries):
        if info.filename == old:
            entries[place] = (zipfile.ZipInfo(new), content)
        elif info.filename == MANIFEST:
            text = content.decode().replace(f'"{old}"', json.dumps(new))
            entries[place] = (info, text.encode())


@pytest.mark.parametrize(
    "name",
    [
        "/tmp/one.json",
        "../one.json",
        "drafts/../../one.json",
        "other.json",
        "drafts",
        "C:\\one.json",
    ],
)
def test_only_known_names_come_out(archive: Path, tmp_path: Path, name: str) -> None:
    made_otherwise(archive, lambda entries: names_of(entries, "one.json", name))
    with pytest.raises(ArchiveDamaged, match="that no backup has"):
        unpacked(archive, tmp_path / "out")
    assert not (tmp_path / "out").exists()
    assert not (tmp_path / "one.json").exists()


def manifest_with(**values: Any) -> Callable[[list[Entry]], None]:
    def change(entries: list[Entry]) -> None:
        info, content = entries[-1]
        entries[-1] = (info, json.dumps({**json.loads(content), **values}).encode())

    return change


def link(entries: list[Entry]) -> None:
    entries[0][0].external_attr = 0o120777 << 16


def one_more(entries: list[Entry]) -> None:
    entries.insert(0, (zipfile.ZipInfo("more.json"), b""))


def twice(entries: list[Entry]) -> None:
    entries.insert(0, entries[0])


def other_content(entries: list[Entry]) -> None:
    entries[0] = (entries[0][0], b'{"a": 2}')


def longer(entries: list[Entry]) -> None:
    entries[0] = (entries[0][0], b"y" * 100_000)


def too_large(entries: list[Entry]) -> None:
    info, content = entries[-1]
    said = json.loads(content)
    said["files"][0]["size"] = 20_000
    entries[-1] = (info, json.dumps(said).encode())


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize(
    ("change", "words"),
    [
        (link, "no plain file"),
        (one_more, "other files than its manifest"),
        (twice, "other files than its manifest"),
        (other_content, "not what was once written"),
        (longer, "not what was once written"),
        (too_large, "too large"),
        (manifest_with(form="other"), "not written by tockdeck"),
        (manifest_with(made="yesterday"), "no whole archive"),
        (lambda entries: entries.pop(), "no whole archive"),
    ],
)
def test_what_is_not_ours_is_refused(
    archive: Path, tmp_path: Path, change: Callable[[list[Entry]], None], words: str
) -> None:
    made_otherwise(archive, change)
    with pytest.raises(ArchiveDamaged, match=words):
        unpacked(archive, tmp_path / "out")
    with pytest.raises(ArchiveDamaged, match=words):
        read_archive(archive, known)


def test_a_newer_form_is_told_from_a_damaged_one(archive: Path) -> None:
    made_otherwise(archive, manifest_with(version=2, files="in another way"))
    with pytest.raises(ArchiveNewer):
        read_archive(archive, known)


@pytest.mark.parametrize("seed", range(12))
def test_a_damaged_archive_is_never_restored_as_something_else(
    archive: Path, tmp_path: Path, seed: int
) -> None:
    """Flipped and cut at many places: it says that it is damaged, or all is as it was."""
    chance, whole = random.Random(seed), archive.read_bytes()
    refused = 0
    for number in range(60):
        content = bytearray(whole)
        for _ in range(chance.randint(1, 4)):
            content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
        if number % 3 == 0:
            del content[chance.randrange(len(content)) :]
        archive.write_bytes(content)
        try:
            found = unpacked(archive, tmp_path / f"out-{number}")
        except (ArchiveDamaged, ArchiveNewer):
            refused += 1
        else:
            assert found == FILES
    assert refused > 30
