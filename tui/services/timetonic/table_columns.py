"""The columns of a table as JSON: decoded into cells at once where they are as documented.

An answer of five hundred rows is five thousand cells in as many small objects. Here everything
around them is decoded as ever, the columns are left as they came, and each is then decoded by its
type, without one step of Python for a cell that is not needed. A column that is not as documented
is decoded as ever, too, and read by who reads oddities: what comes out is the same either way.
"""

from __future__ import annotations

from typing import Annotated, Any, NamedTuple

import msgspec

from tui.services.client import decode_after_noise, decode_json, exact
from tui.services.reading import Record
from tui.services.wire import Response

NOT_JSON = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
"""What decoding raises for what is no JSON at all, or another than is decoded for."""

_Id = Annotated[int, msgspec.Meta(ge=-(2**53), le=2**53)]
"""The size of ids that need no second look."""


class RowInfo(Record, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """Where a row stands in its table."""

    order: _Id | None = None
    index: _Id | None = None
    token: Any = None

    def place(self, last: RowInfo) -> int:
        """Its place; that of `last` where the answer does not tell it."""
        return self.index if self.index is not None else last.index or 0


class _Sent(msgspec.Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    """A cell as documented."""

    id: _Id
    value: Any = None
    text: str | None = None


class Column(NamedTuple):
    """The cells of one field, each with the id of its row."""

    ids: list[int]
    values: list[Any]
    texts: list[str | None]


_Pieces = dict[str, msgspec.Raw]
_ANYTHING: msgspec.json.Decoder[Any] = msgspec.json.Decoder(float_hook=exact)
_PIECES = msgspec.json.Decoder(_Pieces)
_FIELDS = msgspec.json.Decoder(list[_Pieces])
_COLUMN = msgspec.json.Decoder(list[_Sent], float_hook=exact)
_INFOS = msgspec.json.Decoder(dict[_Id, RowInfo], float_hook=exact)


def decode_table(response: Response) -> Any:
    """As `decode_json`, the columns and rowInfos of tableValues left as msgspec.Raw.

    What stands in them is looked at when they are decoded, by the functions below.
    """
    try:
        found: _Pieces = decode_after_noise(response.content, _PIECES)
        return {
            name: _table(piece) if name == "tableValues" else _ANYTHING.decode(piece)
            for name, piece in found.items()
        }
    except NOT_JSON:
        return decode_json(response)


def _table(piece: msgspec.Raw) -> Any:
    try:
        found = _PIECES.decode(piece)
    except msgspec.ValidationError:
        return _ANYTHING.decode(piece)
    if "rows" in found:
        return _ANYTHING.decode(piece)
    table: dict[str, Any] = {}
    for name, raw in found.items():
        if name == "fields":
            table[name] = _fields(raw)
        else:
            table[name] = raw if name == "rowInfos" else _ANYTHING.decode(raw)
    return table


def _fields(piece: msgspec.Raw) -> Any:
    try:
        found = _FIELDS.decode(piece)
    except msgspec.ValidationError:
        return _ANYTHING.decode(piece)
    return [
        {name: raw if name == "values" else _ANYTHING.decode(raw) for name, raw in field.items()}
        for field in found
    ]


def decoded(value: Any) -> Any:
    """A part of an answer, decoded where it was left as it came. Raises NOT_JSON."""
    return _ANYTHING.decode(value) if isinstance(value, msgspec.Raw) else value


def plain_column(value: Any) -> Column | None:
    """A column that is as documented; None where it is not."""
    try:
        if isinstance(value, msgspec.Raw):
            sent = _COLUMN.decode(value)
        else:
            sent = msgspec.convert(value, list[_Sent])
    except NOT_JSON:
        return None
    return Column([one.id for one in sent], [one.value for one in sent], [one.text for one in sent])


def plain_infos(value: Any) -> dict[int, RowInfo] | None:
    """rowInfos where they are as documented; None where they are not."""
    if not isinstance(value, msgspec.Raw):
        return None
    try:
        return _INFOS.decode(value)
    except NOT_JSON:
        return None
