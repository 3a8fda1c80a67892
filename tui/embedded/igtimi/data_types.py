"""The data types (reference/igtimi.md section 2).

OUR ASSUMPTION: no recorded answer of `GET /api/v1/data_types` was found, and the seed document's
sample is empty. We answer in the wrapper style of every other list: `{"data_types":
[{"data_type": {"id", "name", "axes", "unit"}}]}`.
"""

from __future__ import annotations

from dataclasses import dataclass

from starlette.responses import Response

from tui.embedded.igtimi.answers import json_answer
from tui.embedded.igtimi.operations import Call, Operation


@dataclass(frozen=True)
class DataType:
    """One kind of measurement: its number on the wire, name, axes and unit."""

    id: int
    name: str
    axes: tuple[str, ...]
    unit: str = ""
    is_text: bool = False
    """Values are strings, booleans or mixed instead of numbers."""


POSITION, QUALITY, SATELLITES, HDOP, ALTITUDE = 1, 2, 3, 4, 5
COURSE, HEADING_MAGNETIC, HEADING, SPEED, WATER_SPEED = 6, 7, 8, 9, 10
APPARENT_ANGLE, APPARENT_SPEED, HEART_RATE = 11, 12, 13
FILE, TRUE_DIRECTION, TRUE_SPEED, NUMBER = 16, 22, 23, 50

_XYZ = ("x", "y", "z")

DATA_TYPES: dict[int, DataType] = {
    kind.id: kind
    for kind in (
        DataType(POSITION, "gps_latlong", ("longitude", "latitude"), "deg"),
        DataType(QUALITY, "gps_quality_indicator", ("quality",)),
        DataType(SATELLITES, "gps_quality_sat_count", ("satellites",)),
        DataType(HDOP, "gps_quality_hdop", ("hdop",), "m"),
        DataType(ALTITUDE, "gps_altitude", ("altitude",), "m"),
        DataType(COURSE, "cog", ("course",), "deg"),
        DataType(HEADING_MAGNETIC, "hdgm", ("heading",), "deg"),
        DataType(HEADING, "hdg", ("heading",), "deg"),
        DataType(SPEED, "sog", ("speed",), "km/h"),
        DataType(WATER_SPEED, "stw", ("speed",), "km/h"),
        DataType(APPARENT_ANGLE, "awa", ("angle",), "deg"),
        DataType(APPARENT_SPEED, "aws", ("speed",), "km/h"),
        DataType(HEART_RATE, "ant_hrm", ("event_time", "heart_beat_count", "heart_rate"), "bpm"),
        DataType(14, "ant_cbst", ("cadence",), "rpm"),
        DataType(15, "battery_level", ("level",), "%"),
        DataType(FILE, "file", ("name", "md5", "content_type", "size"), is_text=True),
        DataType(17, "quaternion", ("x", "y", "z", "w")),
        DataType(18, "acceleration", _XYZ, "m/s2"),
        DataType(19, "gyro", _XYZ),
        DataType(20, "force", _XYZ),
        DataType(21, "torque", ("torque",)),
        DataType(TRUE_DIRECTION, "twd", ("direction",), "deg"),
        DataType(TRUE_SPEED, "tws", ("speed",), "km/h"),
        DataType(24, "pressure", ("pressure",)),
        DataType(25, "power", ("power",)),
        DataType(26, "voltage", ("voltage",), "V"),
        DataType(27, "current", ("current",), "A"),
        DataType(28, "time", ("time",)),
        DataType(NUMBER, "number", ("number",)),
        DataType(51, "integer", ("integer",)),
        DataType(52, "text", ("text",), is_text=True),
        DataType(53, "boolean", ("boolean",), is_text=True),
        DataType(54, "json", ("json",), is_text=True),
        DataType(55, "event", ("event",), is_text=True),
        DataType(56, "log", ("message", "priority"), is_text=True),
        DataType(57, "command", ("command",), is_text=True),
        DataType(100, "session_log_entry", ("entry",), is_text=True),
        DataType(101, "corrections", ("correction",), is_text=True),
    )
}


def list_data_types(_call: Call) -> Response:
    """igtimi.data_types.list"""
    return json_answer(
        {
            "data_types": [
                {
                    "data_type": {
                        "id": kind.id,
                        "name": kind.name,
                        "axes": list(kind.axes),
                        "unit": kind.unit,
                    }
                }
                for kind in DATA_TYPES.values()
            ]
        }
    )


OPERATIONS = (Operation("igtimi.data_types.list", "GET", "/api/v1/data_types", list_data_types),)
