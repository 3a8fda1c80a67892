"""Sheets that other programs have written: what of them is taken, and what is said of the rest."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from tests.workspace.books.any_tables import kept_of
from tests.workspace.books.service import OneTable
from tests.workspace.books.test_into import FIELDS
from tui.workspace.books.into import sheets
from tui.workspace.books.into.bring import Wanted, failures, plan_sheet
from tui.workspace.books.into.plan import Plan
from tui.workspace.books.into.sheets import SheetError, read_sheet, separated

ZONE = ZoneInfo("Europe/Paris")


async def planned(path: Path) -> tuple[Plan, str]:
    kept = await kept_of(OneTable(FIELDS, Random(0)))
    return await plan_sheet(kept, read_sheet(path), Wanted(), ZONE, {})


def saved(book: openpyxl.Workbook, folder: Path) -> Path:
    path = folder / "sheet.xlsx"
    book.save(path)
    return path


async def test_a_formula_without_a_result_is_no_empty_cell(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    # A program that computes nothing keeps the formula alone.
    for line in (("Name", "Price"), ("One", "=1+1"), ("Two", 2), ("Three", None)):
        sheet.append(line)
    plan, _ = await planned(saved(book, tmp_path))
    (failed,) = failures(plan)
    assert failed.startswith("line 2, Price: its formula has no result in the file")
    assert [row["1"] for row in plan.new] == ["Two", "Three"]


async def test_an_error_of_a_sheet_is_no_text(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for line in (("Name", "Price"), ("#N/A", 1), ("Two", 2), ("#REF!", 3)):
        sheet.append(line)
    # The same signs can be typed as a text.
    sheet["A2"].data_type, sheet["A4"].data_type = "e", "s"
    plan, _ = await planned(saved(book, tmp_path))
    (failed,) = failures(plan)
    assert failed.startswith("line 2, Name: the sheet has the error #N/A there")
    assert [row["1"] for row in plan.new] == ["Two", "#REF!"]


async def test_merged_cells_are_told_and_not_filled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for line in (("Name", "Price"), ("One", 1), ("Two", 1), ("Three", 3)):
        sheet.append(line)
    sheet.merge_cells("A2:A3")
    sheet.merge_cells("B3:B4")
    for piece in (sheets.PIECE, 7):
        # However the file is cut while it is read.
        monkeypatch.setattr(sheets, "PIECE", piece)
        plan, _ = await planned(saved(book, tmp_path))
        assert plan.new == [{"1": "One", "2": "1"}, {"2": "1"}, {"1": "Three"}]
        (remark,) = plan.remarks
        assert remark.startswith("2 ranges of merged cells, such as ")
        assert "A2:A3" in remark or "B3:B4" in remark


async def test_the_first_sheet_that_is_seen_is_read_and_how_many_there_are_is_said(
    tmp_path: Path,
) -> None:
    book = openpyxl.Workbook()
    hidden = book.worksheets[0]
    hidden.append(("Name",))
    hidden.append(("of a hidden sheet",))
    hidden.sheet_state = "hidden"
    shown = book.create_sheet("Shown")
    shown.append(("Name",))
    shown.append(("seen",))
    book.create_sheet("Another").append(("Name",))
    plan, told = await planned(saved(book, tmp_path))
    assert [row["1"] for row in plan.new] == ["seen"]
    assert told == "XLSX, its first sheet of 2 that is not hidden"


async def test_days_are_counted_from_1904_where_the_file_says_so(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.epoch = CALENDAR_MAC_1904
    book.worksheets[0].append(("Day",))
    book.worksheets[0].append((date(2026, 3, 14),))
    found = read_sheet(saved(book, tmp_path))
    assert [row[0].date() for _, row in found.rows] == [date(2026, 3, 14)]


async def test_columns_without_a_name_are_told_and_two_of_one_name_are_refused() -> None:
    kept = await kept_of(OneTable(FIELDS, Random(0)))
    text = "Name,,Price,\nOne,lost,2,\n"
    plan, _ = await plan_sheet(kept, separated(text), Wanted(), ZONE, {})
    assert plan.remarks == ["without a name in the first line, not taken: column 2"]
    assert [row["1"] for row in plan.new] == ["One"]
    with pytest.raises(SheetError, match="two of its columns are Name"):
        await plan_sheet(kept, separated("Name,name\nOne,Two\n"), Wanted(), ZONE, {})
