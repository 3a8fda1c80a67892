"""Recordings as a data set: folders by day and device, one table however devices are called."""

from __future__ import annotations

from pathlib import Path

import pytest

from tui.live.store import FeedStore
from tui.services.errors import InvalidArgument
from tui.workspace.live.dataset import refuse_dataset, write_dataset

MIDNIGHT = 1_796_083_200_000 - 86_400_000
HOSTILE = "../a b=%\x1b" + "ü" * 200


def store() -> FeedStore:
    made = FeedStore(sift=False)
    for serial in ("0042", HOSTILE, ".."):
        times = [MIDNIGHT - 2000, MIDNIGHT - 1000, MIDNIGHT]
        made.add([((serial, 9, 0), times, ([1.0, 2.0, 3.0],))])
        made.add([((serial, 6, 0), times[:1], ([9.0],))])
    return made


def test_every_sample_stands_in_the_folder_of_its_day_and_device(tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet", reason="the extra is not installed")
    folder = tmp_path / "races"
    for name in ("one", "two", "one"):
        assert write_dataset(folder, name, store(), called=lambda serial: f"boat {serial}") == 12
    files = sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    assert {path.name for path in files} == {"one.parquet", "two.parquet"}
    assert len(files) == 2 * 2 * 3
    assert {path.parts[0] for path in files} == {"day=2026-11-29", "day=2026-11-30"}
    assert {path.parts[1] for path in files} >= {"device=0042", "device=.."}
    assert all(len(path.parts) == 3 and len(part) < 255 for path in files for part in path.parts)
    rows = [
        (path.parts[0], row["serial"], row["type"], row["value"], row["name"])
        for path in files
        if path.name == "one.parquet"
        for row in parquet.read_table(folder / path, partitioning=None).to_pylist()
    ]
    assert len(set(rows)) == len(rows) == 12
    assert ("day=2026-11-30", "0042", "SOG", 3.0, "boat 0042") in rows
    assert {row[1] for row in rows} == {"0042", HOSTILE, ".."}
    assert write_dataset(tmp_path / "some", "one", store(), (6,)) == 3


def test_a_data_set_takes_no_files_place_and_no_two_recordings_of_one_name(tmp_path: Path) -> None:
    taken = tmp_path / "taken"
    taken.write_text("mine")
    with pytest.raises(InvalidArgument, match="is a file"):
        refuse_dataset(taken, [])
    with pytest.raises(InvalidArgument, match="two recordings are called race"):
        refuse_dataset(tmp_path, [Path("a/race.tockrec"), Path("b/race.tockrec")])
    refuse_dataset(tmp_path / "new", [Path("a/race.tockrec"), Path("b/race2.tockrec")])
