"""The table of Igtimi's data types: what each number on the wire is called and means.

Merged from the names of the vendor's interface description (2019), of the longest-lived client
and of the old viewer, since no answer of `GET /api/v1/data_types` is known. Where the sources
disagree the older meaning is taken for JSON answers, as those were recorded with it.

Source: reference, Igtimi, section 2 (data types).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "position",  # longitude and latitude, decimal degrees
    "bearing",  # degrees 0..360, clockwise from north
    "relative",  # degrees from the bow, shown as -180..180
    "speed",  # km/h on the wire
    "count",  # whole numbers
    "quantity",  # any other number with a unit
    "vector",  # several axes that only make sense together
    "other",  # text, files, booleans: no series of numbers
]


@dataclass(frozen=True, slots=True)
class DataType:
    """One data type. `axes` names the JSON keys "1", "2", ... in order; `unit` is the wire's."""

    id: int
    name: str
    short: str
    kind: Kind
    unit: str = ""
    axes: tuple[str, ...] = ("value",)

    @property
    def numeric(self) -> bool:
        """Whether samples of this type are numbers that a series can hold."""
        return self.kind != "other"

    @property
    def angular(self) -> bool:
        """Whether values lie on a circle of 360 degrees."""
        return self.kind in ("bearing", "relative")


POSITION, QUALITY = 1, 2
ALTITUDE = 5
SPEEDS = frozenset({9, 10})
"""Over ground and through water: a boat's mass holds together what follows."""
HEART_RATE = 13

_XYZ = ("x", "y", "z")

TYPES: dict[int, DataType] = {
    type_.id: type_
    for type_ in (
        DataType(POSITION, "Position", "POS", "position", "°", ("longitude", "latitude")),
        DataType(QUALITY, "Fix quality", "SATQ", "count"),
        DataType(3, "Satellites", "SATC", "count"),
        DataType(4, "Dilution of precision", "HDOP", "quantity"),
        DataType(ALTITUDE, "Altitude", "ALT", "quantity", "m"),
        DataType(6, "Course over ground", "COG", "bearing", "°"),
        DataType(7, "Heading, magnetic", "HDGM", "bearing", "°"),
        DataType(8, "Heading, true", "HDG", "bearing", "°"),
        DataType(9, "Speed over ground", "SOG", "speed", "km/h"),
        DataType(10, "Speed through water", "STW", "speed", "km/h"),
        DataType(11, "Apparent wind angle", "AWA", "relative", "°"),
        DataType(12, "Apparent wind speed", "AWS", "speed", "km/h"),
        DataType(HEART_RATE, "Heart rate", "HR", "quantity", "bpm"),
        DataType(14, "Cadence", "CAD", "quantity", "rpm"),
        DataType(15, "Battery or temperature", "TEMP", "quantity"),
        DataType(16, "File", "FILE", "other", "", ("name", "md5", "content type", "size")),
        DataType(17, "Orientation", "ORI", "vector", "", ("x", "y", "z", "w")),
        DataType(18, "Acceleration", "ACC", "vector", "m/s²", _XYZ),
        DataType(19, "Rotation or speed vector", "GYRO", "vector", "", _XYZ),
        DataType(20, "Force", "FOR", "vector", "N", _XYZ),
        DataType(21, "Torque", "TORQ", "quantity", "Nm"),
        DataType(22, "True wind direction", "TWD", "bearing", "°"),
        DataType(23, "True wind speed", "TWS", "speed", "km/h"),
        DataType(24, "Pressure", "PRES", "quantity"),
        DataType(25, "Power", "PWR", "quantity", "W"),
        DataType(26, "Voltage", "VOLT", "quantity", "V"),
        DataType(27, "Current", "AMP", "quantity", "A"),
        DataType(28, "Time interval", "TIME", "quantity"),
        DataType(50, "Battery", "BAT", "quantity", "%"),
        DataType(51, "Integer", "INT", "count"),
        DataType(52, "Text", "TXT", "other"),
        DataType(53, "Boolean", "BOOL", "other"),
        DataType(54, "JSON", "JSON", "other"),
        DataType(55, "Event", "EVNT", "other"),
        DataType(56, "Log", "LOG", "other"),
        DataType(57, "Command", "CMD", "other"),
        DataType(100, "Session log entry", "SLE", "other"),
        DataType(101, "Corrections", "COR", "other"),
    )
}


def type_of(number: int) -> DataType:
    """Return the data type `number`, or one without a name's meaning if it is not in the table."""
    return TYPES.get(number) or DataType(number, f"Type {number}", f"T{number}", "other")
