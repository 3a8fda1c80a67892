"""Samples as InfluxDB's line protocol, for Telegraf and what else reads it.

After InfluxData's reference of the protocol: a measurement escapes comma and blank, keys and tags
the equals sign as well; no tag is empty, no number NaN or infinite, no text has a line break.
A backslash cannot be escaped in a tag: before what is escaped, or at the end, it would make another
thing of it (telegraf#3004), and is left out there.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from math import isfinite

from tui.live.export import Called, Names, Row, number_text

NANOSECONDS = 1_000_000
"""Of a millisecond: without a word about it, stamps are in these."""

_SPECIAL = re.compile(r"[,= ]")
_LOST = re.compile(r"\\+(?=[,= ]|$)")


def influx_line(row: Row, names: Names, clean: Callable[[str], str], called: Called = str) -> str:
    """A sample as a line: the type is the measurement, the axes are fields; name, serial and source
    are tags. Empty where no axis is a number that the protocol knows.

    `clean` takes line breaks and what terminals obey out of a text that was sent.
    """
    time, key, values = row
    short, axes, unit = names.get(key.type) or (str(key.type), (), "")
    labels = [*axes, *(f"axis {place}" for place in range(len(axes) + 1, len(values) + 1))]
    fields = ",".join(
        f"{_key(label)}={number_text(value)}"
        for label, value in zip(labels, values, strict=False)
        if isfinite(value)
    )
    if not fields:
        return ""
    # By their keys in order, as the reference advises.
    said = (
        ("name", clean(called(key.serial))),
        ("serial", clean(key.serial)),
        ("source", str(key.source)),
        ("unit", clean(unit)),
    )
    tags = "".join(f",{name}={text}" for name, tag in said if (text := _key(tag)))
    return f"{_measurement(short)}{tags} {fields} {time * NANOSECONDS}\n"


def _key(text: str) -> str:
    return _SPECIAL.sub(r"\\\g<0>", _LOST.sub("", text))


def _measurement(text: str) -> str:
    return re.sub(r"[, ]", r"\\\g<0>", text)
