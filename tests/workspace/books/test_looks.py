"""How tables were left: at hand at once, on the disk for the next time."""

from __future__ import annotations

from pathlib import Path

from tui.workspace.books.looks import MOST, Look, Looks


def test_what_is_kept_is_at_hand_and_is_there_next_time_once_it_is_written(tmp_path: Path) -> None:
    path = tmp_path / "state" / "tables.json"
    looks, look = Looks(path), Look(filter="teak", row="7")
    assert looks.keep("a", look)
    assert looks.of("a") == look
    assert not path.exists(), "a key press does not wait for the disk"
    assert looks.keep("a", look), "it is still to be written"
    looks.write()
    assert Looks(path).of("a") == look
    assert not looks.keep("a", look)
    looks.write()
    assert not looks.keep("b", Look()), "as a table comes"


def test_of_many_those_left_last_are_written(tmp_path: Path) -> None:
    looks = Looks(tmp_path / "tables.json")
    for number in range(MOST + 5):
        looks.keep(f"{number}", Look(row="1"))
    looks.write()
    found = Looks(tmp_path / "tables.json")
    assert [found.of(f"{number}").row for number in (4, 5, MOST + 4)] == ["", "1", "1"]


def test_a_disk_that_refuses_costs_nothing_until_the_end(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file")
    looks = Looks(tmp_path / "state" / "tables.json")
    assert looks.keep("a", Look(row="1"))
    looks.write()
    assert looks.of("a").row == "1"
