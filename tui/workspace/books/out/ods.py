"""Rows as ODS, written as they come: the libraries for it hold a whole sheet in memory, many
times over. Source: OpenDocument 1.3, parts 2 (package) and 3 (table:table-cell, office:value-type).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, tzinfo
from decimal import Decimal
from typing import BinaryIO
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from tui.words import counted
from tui.workspace.books.out.clock import other_than, told_zone
from tui.workspace.books.out.columns import Column, Value
from tui.workspace.books.out.plain import plain
from tui.workspace.books.out.xlsx import exact

_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
_OF = "urn:oasis:names:tc:opendocument:xmlns"
_MANIFEST = f"""<?xml version="1.0" encoding="UTF-8"?>
<manifest:manifest xmlns:manifest="{_OF}:manifest:1.0" manifest:version="1.3">
<manifest:file-entry manifest:full-path="/" manifest:media-type="{_TYPE}"/>
<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>
</manifest:manifest>
"""
_BEGIN = f"""<?xml version="1.0" encoding="UTF-8"?>
<office:document-content office:version="1.3" xmlns:office="{_OF}:office:1.0"
 xmlns:table="{_OF}:table:1.0" xmlns:text="{_OF}:text:1.0" xmlns:style="{_OF}:style:1.0"
 xmlns:number="{_OF}:datastyle:1.0"><office:automatic-styles>
<number:date-style style:name="D"><number:year number:style="long"/><number:text>-</number:text>
<number:month number:style="long"/><number:text>-</number:text><number:day number:style="long"/>
</number:date-style>
<number:date-style style:name="M"><number:year number:style="long"/><number:text>-</number:text>
<number:month number:style="long"/><number:text>-</number:text><number:day number:style="long"/>
<number:text> </number:text><number:hours number:style="long"/><number:text>:</number:text>
<number:minutes number:style="long"/><number:text>:</number:text>
<number:seconds number:style="long"/></number:date-style>
<style:style style:name="d" style:family="table-cell" style:data-style-name="D"/>
<style:style style:name="m" style:family="table-cell" style:data-style-name="M"/>
</office:automatic-styles><office:body><office:spreadsheet>
"""
_END = "</table:table></office:spreadsheet></office:body></office:document-content>\n"
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_BLANKS = re.compile(r"^ | {2,}| $")


def as_held(text: str) -> str:
    """A text as a cell can hold it: as XML, with line feeds alone between its lines."""
    return _NOT_XML.sub("\ufffd", text).replace("\r\n", "\n").replace("\r", "\n")


class _Cells:
    def __init__(self) -> None:
        self.lost = 0
        """Characters that XML cannot hold."""

    def text(self, text: str) -> str:
        """A text as paragraphs."""
        self.lost += len(_NOT_XML.findall(text))
        lines = as_held(text).split("\n")
        return "".join(f"<text:p>{self._line(line)}</text:p>" for line in lines)

    def line(self, texts: Iterable[str]) -> str:
        """A row of texts."""
        made = "".join(
            f'<table:table-cell office:value-type="string">{self.text(text)}</table:table-cell>'
            for text in texts
        )
        return f"<table:table-row>{made}</table:table-row>\n"

    @staticmethod
    def _line(line: str) -> str:
        spaced = _BLANKS.sub(lambda found: f'<text:s text:c="{len(found[0])}"/>', escape(line))
        return spaced.replace("\t", "<text:tab/>")

    def cell(self, column: Column, value: Value) -> str:
        """A value as a cell."""
        if value is None:
            return "<table:table-cell/>"
        shown = plain(column, value)
        attributes = 'office:value-type="string"'
        if value.__class__ is not str and exact(value):
            if isinstance(value, bool):
                attributes = f'office:value-type="boolean" office:boolean-value="{shown}"'
                # As LibreOffice shows it; pandas goes by that alone.
                shown = shown.upper()
            elif isinstance(value, datetime):
                there = value.replace(tzinfo=None).isoformat()
                attributes = (
                    f'table:style-name="m" office:value-type="date" office:date-value="{there}"'
                )
                shown = there.replace("T", " ")
            elif isinstance(value, date):
                attributes = (
                    f'table:style-name="d" office:value-type="date" office:date-value="{shown}"'
                )
            elif isinstance(value, (int, float, Decimal)):
                attributes = f'office:value-type="float" office:value="{shown}"'
        return f"<table:table-cell {attributes}>{self.text(shown)}</table:table-cell>"


def write_ods(
    out: BinaryIO,
    columns: Sequence[Column],
    parts: Iterable[Sequence[Sequence[Value]]],
    name: str,
    zone: tzinfo,
) -> list[str]:
    """Write a sheet and what it is to be read by, as `write_xlsx` does; what is to be said."""
    cells = _Cells()
    title = escape(_NOT_XML.sub(" ", name), {'"': "&quot;", "\n": " ", "\t": " "})
    with ZipFile(out, "w", ZIP_DEFLATED) as package:
        package.writestr("mimetype", _TYPE, ZIP_STORED)
        package.writestr("META-INF/manifest.xml", _MANIFEST)
        with package.open("content.xml", "w", force_zip64=True) as content:
            content.write(_BEGIN.encode())
            content.write(f'<table:table table:name="{title or "Table"}">\n'.encode())
            content.write(cells.line([column.title for column in columns]).encode())
            for rows in parts:
                lines = (
                    "<table:table-row>"
                    + "".join(map(cells.cell, columns, row))
                    + "</table:table-row>\n"
                    for row in rows
                )
                content.write("".join(lines).encode())
            if told := told_zone(columns, zone):
                beside = f'</table:table>\n<table:table table:name="{other_than(title)}">\n'
                content.write(beside.encode())
                content.write("".join(map(cells.line, told)).encode())
            content.write(_END.encode())
    if not cells.lost:
        return []
    return [f"{counted(cells.lost, 'control character')} that ODS cannot hold became \ufffd"]
