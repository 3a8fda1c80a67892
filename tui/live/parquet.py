"""Series as Parquet, by pyarrow, which is an optional extra: it is many times our own size."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from itertools import islice
from typing import BinaryIO

from tui.live.export import AXES, Called, Names, Row

ROW_GROUP = 65_536
"""Samples in a row group, and so the most that are held at once."""


class ParquetMissing(Exception):
    """Raised where pyarrow is not installed."""

    def __init__(self) -> None:
        super().__init__("Parquet needs pyarrow: pip install 'tockdeck[parquet]'")


def need_parquet() -> None:
    """Raise ParquetMissing where nothing could be written."""
    if find_spec("pyarrow") is None:
        raise ParquetMissing


def write_parquet(out: BinaryIO, samples: Iterator[Row], names: Names, called: Called = str) -> int:
    """Write the columns of the CSV export, typed. Returns how many samples were written.

    `time` is in UTC with milliseconds; an axis that a type does not have is null, and so is a
    source that no column of numbers can hold.
    Raises ParquetMissing.
    """
    try:
        import pyarrow as arrow
        from pyarrow import parquet
    except ImportError as error:
        raise ParquetMissing from error

    word = arrow.dictionary(arrow.int32(), arrow.string())
    schema = arrow.schema(
        [
            ("time", arrow.timestamp("ms", tz="UTC")),
            ("serial", word),
            ("type", word),
            ("source", arrow.int64()),
            *((axis, arrow.float64()) for axis in AXES),
            ("name", word),
            ("unit", word),
        ]
    )
    count = 0
    with parquet.ParquetWriter(out, schema, compression="zstd") as writer:
        while group := list(islice(samples, ROW_GROUP)):
            short = [names[key.type][0] if key.type in names else str(key.type)
                     for _, key, _ in group]  # fmt: skip
            columns = [
                [time for time, _, _ in group],
                [key.serial for _, key, _ in group],
                short,
                [key.source if abs(key.source) < 1 << 63 else None for _, key, _ in group],
                *(
                    [values[axis] if axis < len(values) else None for _, _, values in group]
                    for axis in range(len(AXES))
                ),
                [called(key.serial) for _, key, _ in group],
                [names[key.type][2] if key.type in names else "" for _, key, _ in group],
            ]
            writer.write_table(arrow.table(columns, schema=schema), ROW_GROUP)
            count += len(group)
    return count
