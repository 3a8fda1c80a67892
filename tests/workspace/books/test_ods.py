"""ODS as other programs write it: what cells hold, what is repeated, and what is no such file."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from zipfile import ZipFile
from zoneinfo import ZoneInfo

import pytest

from tui.workspace.books.into.faulty import error_of
from tui.workspace.books.into.sheets import Sheet, SheetError, read_sheet

OF = "urn:oasis:names:tc:opendocument:xmlns"
HEAD = (
    f'<o:document-content xmlns:o="{OF}:office:1.0" xmlns:t="{OF}:table:1.0"'
    f' xmlns:x="{OF}:text:1.0" xmlns:d="{OF}:drawing:1.0" xmlns:c="urn:other"><o:body>'
    "<o:spreadsheet>"
)
TAIL = "</o:spreadsheet></o:body></o:document-content>"
TITLES = "".join(f"<t:table-cell><x:p>{one}</x:p></t:table-cell>" for one in "ABC")


def file_of(folder: Path, rows: str, *, beside: str = "", prolog: str = "") -> Path:
    path = folder / "a.ods"
    with ZipFile(path, "w") as package:
        first = f"<t:table><t:table-row>{TITLES}</t:table-row>{rows}</t:table>"
        package.writestr("content.xml", f"{prolog}{HEAD}{first}{beside}{TAIL}")
    return path


def row(*cells: str, more: str = "") -> str:
    return f"<t:table-row{more}>{''.join(cells)}</t:table-row>"


def cell(text: str = "", about: str = "") -> str:
    return f"<t:table-cell {about}><x:p>{text}</x:p></t:table-cell>"


def typed(kind: str, value: str, name: str = "value", text: str = "shown") -> str:
    return cell(text, f'o:value-type="{kind}" o:{name}="{value}"')


def rows_of(folder: Path, *rows: str) -> Sheet:
    return read_sheet(file_of(folder, "".join(rows)))


def test_an_error_that_a_spreadsheet_came_to_is_no_text(tmp_path: Path) -> None:
    about = 'o:value-type="string" o:string-value="" c:value-type="error"'
    sheet = rows_of(tmp_path, row(cell("#DIV/0!", about), cell("#DIV/0!"), cell("x")))
    ((_, cells),) = sheet.rows
    assert cells == [error_of("#DIV/0!"), "#DIV/0!", "x"]


def test_cells_are_what_they_hold_and_texts_what_they_say(tmp_path: Path) -> None:
    annotation = "<o:annotation><x:p>a remark</x:p></o:annotation>"
    sheet = rows_of(
        tmp_path,
        row(typed("float", "12"), typed("float", "0.10"), typed("percentage", "0.0063")),
        row(
            typed("currency", "-1234.5"), typed("float", "1E3"),
            typed("boolean", "true", "boolean-value"),
        ),
        row(
            typed("date", "2026-12-01", "date-value"),
            typed("date", "2026-12-01T09:30:00", "date-value"),
            typed("time", "PT09H30M00S", "time-value", "09:30"),
        ),
        # What cannot be read is as it is shown.
        row(typed("date", "soon", "date-value"), typed("float", "many"), typed("float", "NaN")),
        row(
            f"<t:table-cell>{annotation}<x:p>a<x:s x:c=\"3\"/>b<x:tab/>c</x:p>\n"
            "<x:p>  two <x:span>  words</x:span>  </x:p><x:p/></t:table-cell>",
            cell("a<x:line-break/>b"),
            "<t:table-cell><d:frame><x:p>a picture</x:p></d:frame></t:table-cell>",
        ),
    )  # fmt: skip
    moment = datetime(2026, 12, 1, 9, 30)  # noqa: DTZ001 - a sheet has clocks without a zone
    assert sheet.titles == ["A", "B", "C"]
    assert sheet.form == "ODS, its first sheet"
    cells = [cells for _, cells in sheet.rows]
    assert cells[:3] == [
        [12, Decimal("0.10"), Decimal("0.0063")],
        [Decimal("-1234.5"), 1000, True],
        [date(2026, 12, 1), moment, "09:30"],
    ]
    assert [type(one) for one in cells[0]] == [int, Decimal, Decimal]
    assert cells[3][:2] == ["shown", "shown"]
    assert cells[4] == ["a   b\tc\ntwo words\n", "a\nb"]


def test_what_is_repeated_stands_there_so_often_and_rows_keep_their_numbers(
    tmp_path: Path,
) -> None:
    sheet = rows_of(
        tmp_path,
        row(cell("x", 't:number-columns-repeated="2"'), cell("y")),
        row('<t:table-cell t:number-columns-repeated="3"/>', more=' t:number-rows-repeated="4"'),
        "<t:table-row-group>",
        row("<t:covered-table-cell/>", cell("z"), more=' t:number-rows-repeated="2"'),
        "</t:table-row-group>",
        row('<t:table-cell t:number-columns-repeated="16384"/>',
            more=' t:number-rows-repeated="1048500"'),
    )  # fmt: skip
    assert sheet.rows == [
        (2, ["x", "x", "y"]), (7, [None, "z"]), (8, [None, "z"]),
    ]  # fmt: skip


def test_another_sheet_tells_the_zone(tmp_path: Path) -> None:
    told = row(cell("time zone"), cell("America/St_Johns")) + row(cell("x"))
    other = f"<t:table>{row(cell('else'))}</t:table><t:table>{told}</t:table>"
    sheet = read_sheet(file_of(tmp_path, row(cell("one")), beside=other))
    assert sheet.zone == ZoneInfo("America/St_Johns")
    assert sheet.rows == [(2, ["one"])]
    told = told.replace("St_Johns", "Nowhere")
    with pytest.raises(SheetError, match="zone that is not known here"):
        read_sheet(file_of(tmp_path, "", beside=f"<t:table>{told}</t:table>"))


def test_what_is_no_such_file_is_said_to_be_none(tmp_path: Path) -> None:
    wide = cell("x", 't:number-columns-repeated="16385"')
    for rows, why in (
        (row(wide), "more than 16,384 cells"),
        (row(cell("x"), more=' t:number-rows-repeated="1048577"'), "more than 1,048,576 rows"),
        ("<t:table-row>", "cannot be read"),
        (row(cell('a<x:s x:c="99999999"/>')), "more than 10,000,000 characters"),
    ):
        with pytest.raises(SheetError, match=f"no ODS: .*{why}"):
            rows_of(tmp_path, rows)
    entity = '<!DOCTYPE a [<!ENTITY b "c">]>'
    with pytest.raises(SheetError, match="document type"):
        read_sheet(file_of(tmp_path, "", prolog=entity))
    path = tmp_path / "a.ods"
    path.write_bytes(b"no file of any such kind")
    with pytest.raises(SheetError, match="no ODS"):
        read_sheet(path)
    with ZipFile(path, "w") as package:
        package.writestr("content.xml", HEAD + TAIL)
    with pytest.raises(SheetError, match="no sheet"):
        read_sheet(path)
    with ZipFile(path, "w") as package:
        package.writestr("content.xml", f"{HEAD}<t:table>{row(cell())}</t:table>{TAIL}")
    with pytest.raises(SheetError, match="no header"):
        read_sheet(path)


def test_merged_cells_are_told(tmp_path: Path) -> None:
    wide = cell("one", 't:number-columns-spanned="2" t:number-rows-spanned="1"')
    covered = "<t:covered-table-cell/>"
    sheet = rows_of(tmp_path, row(cell("a"), wide, covered), row(cell("b"), cell("c"), cell("d")))
    assert [cells for _, cells in sheet.rows] == [["a", "one"], ["b", "c", "d"]]
    assert sheet.remarks == [
        "1 range of merged cells, such as B2: what stands there counts for the first cell alone,"
        " the others are empty"
    ]
    assert rows_of(tmp_path, row(cell("a"))).remarks == []
