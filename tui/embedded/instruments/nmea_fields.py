"""Fields of NMEA 0183 sentences as numbers: empty is nothing, never zero."""

from __future__ import annotations

from tui.embedded.instruments.readings import (
    FASTEST,
    KMH_PER_KNOT,
    KMH_PER_METRE_A_SECOND,
    Loss,
    Tally,
    number,
)
from tui.embedded.instruments.sentences import Sentence

_KMH = {"N": KMH_PER_KNOT, "M": KMH_PER_METRE_A_SECOND, "K": 1.0}


def speed(sentence: Sentence, place: int, unit: str, tally: Tally) -> float | None:
    """km/h of a field in knots (N), metres a second (M) or km/h (K)."""
    found = kmh(sentence.at(place), unit)
    if found is not None and not 0 <= found <= FASTEST:
        tally.lose(Loss.BEYOND)
        return None
    return None if found is None else round(found, 6)


def kmh(text: str, unit: str) -> float | None:
    """km/h of a number in knots (N), metres a second (M) or km/h (K), however many they are."""
    value, factor = number(text), _KMH.get(unit)
    return None if value is None or factor is None else value * factor


def labelled_speed(sentence: Sentence, places: tuple[int, ...], tally: Tally) -> float | None:
    """The first of several fields that is there, each with its unit in the field behind it."""
    for place in places:
        found = speed(sentence, place, sentence.at(place + 1), tally)
        if found is not None:
            return found
    return None


def degrees(sentence: Sentence, place: int, tally: Tally) -> float | None:
    """An angle of 0 to 360."""
    found = number(sentence.at(place))
    if found is not None and not 0 <= found <= 360:
        tally.lose(Loss.BEYOND)
        return None
    return found


def labelled(sentence: Sentence, place: int, letter: str, tally: Tally) -> float | None:
    """An angle whose following field has to be that letter."""
    return degrees(sentence, place, tally) if sentence.at(place + 1) == letter else None


def east_positive(text: str, side: str) -> float | None:
    """Deviation or variation with its side: east plus, west minus."""
    value = number(text)
    if value is None or side not in ("E", "W") or not 0 <= value <= 180:
        return None
    return value if side == "E" else -value


def position(sentence: Sentence, place: int, tally: Tally) -> tuple[float, float] | None:
    """Longitude and latitude; None, and counted, for what no place on earth is."""
    texts = [sentence.at(place + offset) for offset in range(4)]
    if not any(texts):
        return None
    latitude, longitude = coordinate(texts[0]), coordinate(texts[2])
    if latitude is None or longitude is None or texts[1] not in ("N", "S"):
        tally.lose(Loss.UNREADABLE)
        return None
    if latitude > 90 or longitude > 180 or texts[3] not in ("E", "W"):
        tally.lose(Loss.BEYOND)
        return None
    if latitude == longitude == 0:
        tally.lose(Loss.NOWHERE)
        return None
    return (
        -longitude if texts[3] == "W" else longitude,
        -latitude if texts[1] == "S" else latitude,
    )


def coordinate(text: str) -> float | None:
    """Degrees of `dddmm.mmmm`; None for what is none."""
    before, _, after = text.partition(".")
    if not 3 <= len(before) <= 5 or len(after) > 12 or not text.isascii():
        return None
    if not (before.isdigit() and (after.isdigit() or not after)):
        return None
    minutes = float(text[len(before) - 2 :])
    return round(int(before[:-2]) + minutes / 60, 9) if minutes < 60 else None
