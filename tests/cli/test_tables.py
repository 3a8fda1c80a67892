"""Columns of a table in a terminal are where they are, whatever is in them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tui.cli.tables import WIDEST, print_table

NAMES = ["Kōtare", "李娜", "e\N{COMBINING ACUTE ACCENT}tale", "船" * 30, "Sailing Team " * 4, ""]


def test_the_next_column_begins_in_one_cell(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(["boat", "samples"], [{"boat": name, "samples": 7} for name in NAMES], "6 boats")
    out, said = capsys.readouterr()
    head, *lines = out.splitlines()
    assert said == "6 boats\n"
    assert {cell_len(line[: line.rindex("7")]) for line in lines} == {head.index("samples")}
    assert head.index("samples") == WIDEST + 2
    assert lines[3].startswith("船" * 19 + "…")
    assert lines[4].startswith(("Sailing Team " * 3 + "…")[:40])


@given(st.lists(st.text("aé李ー가Ｗ \N{COMBINING DIAERESIS}", max_size=30), min_size=1, max_size=6))
def test_of_whatever_letters(names: list[str]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        shown: list[str] = []
        patch.setattr("builtins.print", lambda *texts, **_: shown.append(texts[0]))
        print_table(["a", "b"], [{"a": name, "b": "|"} for name in names], "")
    lines = [line for line in shown[1:] if "|" in line]
    assert len({cell_len(line[: line.index("|")]) for line in lines}) == 1
