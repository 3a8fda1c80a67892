"""Line protocol: what is escaped, left out and told, by the reference of InfluxData."""

from __future__ import annotations

import argparse
import re
from datetime import UTC
from math import inf, nan

from hypothesis import given
from hypothesis import strategies as st

from tui.cli.streams import Form
from tui.live.line_protocol import influx_line
from tui.live.series import SeriesKey
from tui.workspace.live.export import NAMES
from tui.workspace.text import clean

NOON = 1_795_953_600_000


def line(serial: str, type_: int, *values: float, name: str = "Petrel", source: int = 0) -> str:
    row = (NOON, SeriesKey(serial, type_, source), values)
    return influx_line(row, NAMES, clean, lambda _: name)


def test_types_are_measurements_axes_fields_and_boats_tags() -> None:
    assert line("S1", 9, 7.5) == (
        "SOG,name=Petrel,serial=S1,source=0,unit=km/h value=7.5 1795953600000000000\n"
    )
    assert line("S1", 1, 174.5, -36.25, source=3) == (
        "POS,name=Petrel,serial=S1,source=3,unit=° longitude=174.5,latitude=-36.25 "
        "1795953600000000000\n"
    )
    unknown = "999,name=Petrel,serial=S1,source=0 axis\\ 1=1,axis\\ 2=2 "
    assert line("S1", 999, 1, 2).startswith(unknown)


def test_what_the_protocol_refuses_is_left_out() -> None:
    assert line("S1", 9, nan) == line("S1", 9, inf) == ""
    assert "longitude" not in line("S1", 1, nan, 2.0)
    assert line("S1", 9, 1, name="").startswith("SOG,serial=S1,")
    said = line("a,b=c d\\", 9, 1, name="\\, \\\\=\nx\\y")
    assert said.startswith("SOG,name=\\,\\ \\=↵x\\y,serial=a\\,b\\=c\\ d,source=0,")


def test_the_verb_writes_it() -> None:
    options = argparse.Namespace(json=False, csv=False, to="influx", plain=False)
    form = Form(options, "kn", UTC, lambda _: "Petrel")
    rows = [(NOON, SeriesKey("S1", 9, 0), (1.0,)), (1 << 62, SeriesKey("S1", 9, 0), (1.0,))]
    assert form.text([]) == ""
    assert form.text(rows) == line("S1", 9, 1.0)
    assert form.undated == 1


@given(st.text(max_size=12), st.text(max_size=12))
def test_tags_are_found_again_as_a_parser_finds_them(serial: str, name: str) -> None:
    said = line(serial, 9, 1.5, name=name)
    assert said.count("\n") == 1
    assert said.endswith(" value=1.5 1795953600000000000\n")
    # As InfluxDB's own: a backslash and what stands behind it belong together.
    tags = re.findall(r",(\w+)=((?:\\.|[^\\,= ])+)", said.partition(" value=")[0])
    found = {key: re.sub(r"\\([,= ])", r"\1", value) for key, value in tags}
    for key, text in (("serial", serial), ("name", name)):
        wanted = re.sub(r"\\+(?=[,= ]|$)", "", clean(text))
        assert found.get(key, "") == wanted
