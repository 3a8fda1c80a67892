"""A table, or what is shown or marked of it, as a file: read a thousand rows at a time, written
as they come, whatever their number.
"""

from __future__ import annotations

import asyncio
import stat
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from functools import partial
from pathlib import Path
from typing import BinaryIO, Literal

from tui.store.files import replacing
from tui.store.mirror.ordered import Ordered
from tui.workspace.books.brought import all_rows, undisturbed
from tui.workspace.books.kept_rows import KeptRows, Lost
from tui.workspace.books.mirrored import cells_of_lines
from tui.workspace.books.narrowed import Wish
from tui.workspace.books.out.columns import Column, Value, columns_of, rows_of
from tui.workspace.books.out.needs import FormMissing, FormTooSmall
from tui.workspace.books.row_view import given_up_with

__all__ = ["BINARY", "FORMS", "Asked", "Form", "FormMissing", "FormTooSmall", "Written", "write"]

AT_ONCE = 1_000
"""Rows that are read together."""
Form = Literal["csv", "tsv", "json", "jsonl", "md", "xlsx", "ods", "parquet"]
FORMS: dict[Form, tuple[str, str]] = {
    "csv": ("CSV", "every cell as text, for any program; read back as it was"),
    "tsv": ("TSV", "the same with tabs between the cells"),
    "json": ("JSON", "a list of objects; links with name and id"),
    "jsonl": ("JSON lines", "one object a line"),
    "md": ("Markdown", "a table to be read by people"),
    "xlsx": ("XLSX", "a typed sheet for Excel and others"),
    "ods": ("ODS", "a typed sheet for LibreOffice and others"),
    "parquet": ("Parquet", "typed columns for DuckDB, pandas, polars"),
}
"""Of each form its title and what it is for."""
BINARY = frozenset[Form](("xlsx", "ods", "parquet"))
"""Forms that are nothing for a terminal."""
NESTED = frozenset[Form](("json", "jsonl", "parquet"))
PLAIN = Wish()
"""All rows, as the service has them."""
Told = Callable[[int, int], object]
"""Hears how many rows were written, of how many; in a thread."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What is to leave of a table."""

    wish: Wish = PLAIN
    """Which rows, in which order."""
    row_ids: Collection[int] | None = None
    """Of these only those; None for all."""
    fields: Sequence[int] | None = None
    """Which fields, in this order; None for all."""
    ids: bool = True
    """Whether rows and links leave with their ids, by which the file can be brought in again."""


@dataclass(frozen=True)
class Written:
    """How many rows were written, and what is to be said of it."""

    rows: int
    remarks: tuple[str, ...] = ()


async def write(
    kept: KeptRows,
    asked: Asked,
    form: Form,
    out: Path | BinaryIO,
    zone: tzinfo,
    told: Told = lambda _done, _of: None,
) -> Written:
    """Write the rows that are here; a file comes to be as a whole or not at all.

    Raises OSError, FormMissing, FormTooSmall, and NotAllHere where what is asked for is not here;
    where it is given up it ends by itself.
    """
    name = "" if kept.table is None else kept.table.name
    columns = columns_of(
        kept.fields,
        zone,
        nested=form in NESTED,
        ids=asked.ids and form != "md",
        only=asked.fields,
    )
    if asked.row_ids is None:
        view = await all_rows(kept, asked.wish)
    else:
        view, _ = await kept.view(asked.wish)
    try:
        work = partial(_written, view.ordered, asked.row_ids, columns, form, out, zone, name, told)
        return await given_up_with(view.ordered, work)
    finally:
        await view.close()


def _written(
    ordered: Ordered,
    row_ids: Collection[int] | None,
    columns: Sequence[Column],
    form: Form,
    out: Path | BinaryIO,
    zone: tzinfo,
    name: str,
    told: Told,
) -> Written:
    count = 0

    def lines() -> Iterator[tuple[list[int], bytes, list[int] | None]]:
        nonlocal count
        with undisturbed(ordered):
            ordered.complete()
            for first in range(0, ordered.total, AT_ONCE):
                found, payloads = ordered.lines(first, AT_ONCE)
                ids = [int(one) for one in found]
                chosen = None
                if row_ids is not None:
                    chosen = [place for place, one in enumerate(ids) if one in row_ids]
                count += len(ids if chosen is None else chosen)
                yield ids, payloads, chosen
                told(min(first + AT_ONCE, ordered.total), ordered.total)
            if row_ids is not None and count < len(row_ids) and not ordered.state.complete:
                raise Lost

    def parts() -> Iterator[list[tuple[Value, ...]]]:
        for ids, payloads, chosen in lines():
            cells = cells_of_lines(payloads)
            if chosen is not None:
                ids, cells = [ids[one] for one in chosen], [cells[one] for one in chosen]
            yield rows_of(ids, cells, columns)

    def put(file: BinaryIO) -> list[str]:
        from tui.workspace.books.out import ods, parquet, texts, xlsx

        match form:
            case "csv" | "tsv":
                return texts.write_separated(file, columns, lines(), "," if form == "csv" else "\t")
            case "json":
                return texts.write_json(file, columns, parts())
            case "jsonl":
                return texts.write_json_lines(file, columns, parts())
            case "md":
                return texts.write_markdown(file, columns, parts())
            case "xlsx":
                return xlsx.write_xlsx(file, columns, parts(), name, zone)
            case "ods":
                return ods.write_ods(file, columns, parts(), name, zone)
            case "parquet":
                return parquet.write_parquet(file, columns, parts(), zone)

    if not isinstance(out, Path):
        remarks = put(out)
    elif out.exists() and not stat.S_ISREG(out.stat().st_mode):
        # A pipe or a device is written to as it is.
        with out.open("wb") as file:
            remarks = put(file)
    else:
        with replacing(out.resolve()) as whole:
            # What writes packages needs to go back in them: it is given the file itself.
            remarks = put(whole)  # type: ignore[arg-type]  # IO[bytes] is one
    return Written(count, tuple(remarks))


async def text_of(kept: KeptRows, asked: Asked, form: Form, zone: tzinfo) -> str:
    """The same as text, to be copied."""
    from io import BytesIO

    out = BytesIO()
    await write(kept, asked, form, out, zone)
    return await asyncio.to_thread(lambda: out.getvalue().decode())
