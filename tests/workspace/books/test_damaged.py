"""A workbook that is damaged is said to be none, wherever it is damaged."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from random import Random
from zipfile import ZIP_DEFLATED, ZipFile

import openpyxl
import pytest

from tests.workspace.books.test_ods import cell, row, rows_of
from tui.workspace.books.into.sheets import SheetError, read_sheet


def packed(parts: dict[str, bytes]) -> bytes:
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return out.getvalue()


@pytest.fixture(params=["a.xlsx", "a.ods"])
def parts(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Path, dict[str, bytes]]:
    """A file, and what its package has in it."""
    file = tmp_path / request.param
    if file.suffix == ".xlsx":
        book = openpyxl.Workbook()
        for number in range(40):
            book.worksheets[0].append([f"Name {number}", number, f"=B{number + 1}"])
        book.worksheets[0].merge_cells("A2:A3")
        book.save(file)
    else:
        rows_of(tmp_path, *(row(cell(f"Name {n}"), cell(str(n))) for n in range(40)))
        (made,) = tmp_path.glob("*.ods")
        made.rename(file)
    with ZipFile(file) as package:
        return file, {name: package.read(name) for name in package.namelist()}


def said_of(file: Path, content: bytes) -> str:
    file.write_bytes(content)
    try:
        read_sheet(file)
    except SheetError as error:
        return str(error)
    return ""


def test_bytes_of_the_package_may_be_any(parts: tuple[Path, dict[str, bytes]]) -> None:
    file, content = parts
    whole = packed(content)
    assert said_of(file, whole) == ""
    said = set()
    for seed in range(150):
        random, damaged = Random(seed), bytearray(whole)
        for _ in range(random.choice((1, 3, 20))):
            damaged[random.randrange(len(damaged))] = random.randrange(256)
        said.add(said_of(file, bytes(damaged)))
    said |= {said_of(file, whole[:length]) for length in range(0, len(whole), 97)}
    form = file.suffix[1:].upper()
    assert f"this is no {form}: its content is damaged" in said
    assert all(one == "" or one.partition(": ")[2] for one in said), "it is said what is wrong"


def test_what_stands_in_each_part_may_be_anything(parts: tuple[Path, dict[str, bytes]]) -> None:
    file, content = parts
    for name, part in content.items():
        assert len(part)
        for seed in range(12):
            random, damaged = Random(f"{name} {seed}"), bytearray(part)
            for _ in range(random.choice((1, 3))):
                damaged[random.randrange(len(damaged))] = random.randrange(256)
            said_of(file, packed({**content, name: bytes(damaged)}))
        said_of(file, packed({**content, name: b""}))
        said_of(file, packed({one: more for one, more in content.items() if one != name}))


def test_a_workbook_is_read_whatever_its_name_ends_with(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].append(["Name"])
    book.save(file := tmp_path / "a.xlsx")
    bare = file.rename(tmp_path / "hours-of-march")
    assert read_sheet(bare, "xlsx").titles == ["Name"]
