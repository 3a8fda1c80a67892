"""What is odd about a document's keys, against the records that read them."""

from __future__ import annotations

import types
import typing
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, get_args, get_origin

import msgspec

from tui.services.reading import Record

Weight = Literal["odd", "wrong"]


@dataclass(frozen=True)
class Finding:
    """Something that a person who maintains the document may want to know.

    `odd` is read as it is meant; `wrong` breaks the document's own rules, or does nothing.
    """

    weight: Weight
    at: str
    """Where, as `data.row[2].#url`."""
    text: str


def key_findings(value: Any, hint: Any, at: str) -> Iterator[Finding]:
    """Keys that are spelled otherwise than in the samples, or that nothing reads."""
    kind = _record_in(hint)
    if isinstance(value, list):
        inner = next((one for one in get_args(hint) if get_origin(hint) is list), None)
        for place, item in enumerate(value):
            yield from key_findings(item, inner, f"{at}[{place}]")
    elif kind is not None and isinstance(value, dict):
        hints = typing.get_type_hints(kind)
        spelled = {
            name: info
            for info in msgspec.structs.fields(kind)
            if info.name != "extra"
            for name in (*kind.aliases.get(info.name, ()), info.encode_name)
        }
        for key, item in value.items():
            info = spelled.get(key)
            if info is None:
                yield Finding("odd", f"{at}.{key}", "is no documented key")
                continue
            if key != info.encode_name and info.encode_name in value:
                yield Finding("odd", f"{at}.{key}", f"stands beside {info.encode_name}")
            elif key != info.encode_name:
                yield Finding("odd", f"{at}.{key}", f"is {info.encode_name} in the document")
            yield from key_findings(item, hints[info.name], f"{at}.{key}")


def _record_in(hint: Any) -> type[Record] | None:
    options = get_args(hint) if get_origin(hint) in (typing.Union, types.UnionType) else (hint,)
    return next((o for o in options if isinstance(o, type) and issubclass(o, Record)), None)
