"""Sample sessions and their logs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape

from tui.embedded.context import Context
from tui.embedded.igtimi.access import SAMPLE_USER
from tui.embedded.igtimi.fleet_course import KILOMETRES_AN_HOUR, KNOT
from tui.embedded.igtimi.fleet_heat import Plan
from tui.embedded.igtimi.fleet_names import MARK_NAMES, unit_name
from tui.embedded.igtimi.session_log import device_element, object_elements, text_element
from tui.embedded.igtimi.session_logs import append_entries, log_entries
from tui.embedded.igtimi.sessions import add_session

MINUTE, DAY = 60_000, 86_400_000

_BUOY_TYPES = ("windward", "leeward", "pin", "committee")
_COLOURS = ("#c03030", "#3050c0", "#20a050", "#c09020", "#8040b0", "#30a0a0", "#b05080", "#707070")


@dataclass(frozen=True)
class Race:
    """A recorded race that gets a session: title, plan, begin and end in milliseconds."""

    title: str
    plan: Plan
    begin: int
    end: int


@dataclass(frozen=True)
class _Plain:
    """A session without data: name, days before now, minutes, owner, and who may see it."""

    name: str | None
    days: float
    minutes: int | None
    owner: int = SAMPLE_USER
    public: bool = False
    shared: bool = False
    """True when the sample user is in the session's group."""


_LONG_NAME = (
    "Akaroa winter championship, combined keelboat and sports boat divisions, race four of six,"
    " sailed back to back after the morning's postponement ashore for want of wind, course C2 with"
    " a gate, windward mark moved to 250 degrees after the second beat, protests heard on Tuesday"
    " evening at the yacht club's upper room"
).ljust(300, ".")[:300]

_PLAIN = (
    _Plain("Akaroa Snippets", 3.2, 120, public=True),
    _Plain(_LONG_NAME, 12, 95),
    _Plain("Sprint [bold]final[/bold] & <b>prize giving</b>", 14, 40),
    _Plain("Ōtākou → Pūrākaunui 海上 regatta ⛵", 17.5, 310, public=True),
    _Plain("100% upwind drills", 21, 55),
    _Plain("Tow test", 22, None),
    _Plain("Calibration of the compasses", 25, 18),
    _Plain("Boat handling, day 1", 28.1, 180),
    _Plain("Boat handling, day 2", 27.1, 175),
    _Plain("Boat handling, day 3", 26.1, 20),
    _Plain("Gate start practice", 33, None, shared=True, owner=3),
    _Plain("Lake crossing", 41, 420, owner=4, public=True),
    _Plain("Kiel crew, long distance", 44, 600, owner=4, shared=True),
    _Plain("Private coaching", 46, 90, owner=4),
    _Plain("Women's keelboat open", 52, 240, owner=5, public=True),
    _Plain(None, 60, None),
    _Plain("Foiling, first flights", 75, 65),
    _Plain("Spring series, race 1", 96, 70),
    _Plain("Spring series, race 2", 89, 75),
    _Plain("Spring series, race 3", 82, 68),
    _Plain("Next weekend's regatta", -6, 240),
)


def seed_sessions(context: Context, now: int, races: Sequence[Race]) -> None:
    """Write the sessions, the oldest first."""
    plain = sorted(_PLAIN, key=lambda session: -session.days)
    for race in sorted(races[1:], key=lambda race: race.begin):
        _seed_race(context, race, public=race.title.startswith("Kiel"), under_way=False)
    for session in plain:
        _seed_plain(context, session, now)
    _seed_race(context, races[0], public=False, under_way=True)


def _iso(milliseconds: int) -> str:
    return datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat().replace("+00:00", "Z")


def _make_session(context: Context, owner: int, *, public: bool, shared: bool = False) -> int:
    session = add_session(context, owner)
    group = "(SELECT group_id FROM igtimi_session WHERE id = ?)"
    with context.database.write() as connection:
        if public:
            connection.execute(f"UPDATE igtimi_group SET public = 1 WHERE id = {group}", (session,))
        if shared:
            connection.execute(
                f"INSERT INTO igtimi_member (group_id, user_id) VALUES ({group}, ?)",
                (session, SAMPLE_USER),
            )
    return session


def _times(begin: int, end: int | None) -> list[str]:
    entries = [text_element("data_start_time", _iso(begin))]
    if end is not None:
        entries.append(text_element("data_end_time", _iso(end)))
    return entries


def _seed_plain(context: Context, plain: _Plain, now: int) -> None:
    session = _make_session(context, plain.owner, public=plain.public, shared=plain.shared)
    begin = now - int(plain.days * DAY)
    entries = [] if plain.name is None else [text_element("session_name", plain.name)]
    if plain.minutes is not None:
        entries += _times(begin, begin + plain.minutes * MINUTE)
    if entries:
        append_entries(context, session, entries, min(begin, now) - 5 * MINUTE)
    if plain.name == "Akaroa Snippets":
        with context.database.write() as connection:
            connection.execute(
                "UPDATE igtimi_session SET blob = ? WHERE id = ?", (b'{"stars": 4}', session)
            )


def _seed_race(context: Context, race: Race, *, public: bool, under_way: bool) -> None:
    session = _make_session(context, SAMPLE_USER, public=public)
    entries = [text_element("session_name", race.title)]
    entries += _times(race.begin, None if under_way else race.end)
    entries += _boats(race.plan)
    entries += _marks(race.plan)
    entries += _winds(race.plan)
    append_entries(context, session, entries, race.begin - 20 * MINUTE)
    # What was set during the race: the wind as the committee saw it, and a course direction
    # that was entered wrongly, buried, and entered again.
    direction = race.plan.venue.wind_from
    append_entries(context, session, [_course(direction - 30)], race.begin + MINUTE)
    buried = log_entries(context, session)[-1].id
    strength = race.plan.venue.wind_knots * KNOT * KILOMETRES_AN_HOUR
    append_entries(
        context,
        session,
        [
            f"<tombstone_log_entry><log_entry_id>{buried}</log_entry_id></tombstone_log_entry>",
            _course(direction),
            f"<metadata><manual_wind><strength>{strength:.3f}</strength>"
            f"<direction>{direction:.0f}</direction></manual_wind></metadata>",
        ],
        race.begin + 2 * MINUTE,
    )


def _course(direction: float) -> str:
    return f"<metadata><course_direction>{direction:.0f}</course_direction></metadata>"


def _boats(plan: Plan) -> list[str]:
    entries = []
    for place, serial in enumerate(plan.boats):
        number, name = place + 1, unit_name(serial)
        crew = "".join(
            f"<person><person_name><static_value>{role} {number}</static_value></person_name>"
            "</person>"
            for role in ("Helm", "Crew")
        )
        content = (
            f"<type>yacht</type><name>{escape(name, quote=False)}</name>"
            f"<boat_number>{number:02}</boat_number><colour>{_COLOURS[place % 8]}</colour>"
            f'<country>NZL</country><crew type="array">{crew}</crew>'
        )
        entries += object_elements(number, name, content)
        if place == 1:
            # It sailed with another unit's tracker until that was replaced.
            entries.append(device_element(number, plan.boats[0]))
            entries.append(device_element(number, serial, "replace"))
        else:
            entries.append(device_element(number, serial))
    return entries


def _marks(plan: Plan) -> list[str]:
    entries = []
    first = len(plan.boats) + 1
    for place, serial in enumerate(plan.marks):
        number, kind = first + place, _BUOY_TYPES[place % 4]
        name = MARK_NAMES[place % 4]
        content = f"<type>buoy</type><name>{name}</name><buoy_type>{kind}</buoy_type>"
        if kind in ("pin", "committee"):
            partner = first + (3 if kind == "pin" else 2)
            content += f"<connected_buoy>{partner}</connected_buoy>"
        else:
            _, _, x, y = plan.course.marks()[place % 4]
            longitude, latitude = plan.venue.position(x, y)
            content += (
                f"<positions><position><latitude>{latitude:.6f}</latitude>"
                f"<longitude>{longitude:.6f}</longitude></position></positions>"
            )
        entries += object_elements(number, name, content)
        entries.append(device_element(number, serial))
    return entries


def _winds(plan: Plan) -> list[str]:
    entries = []
    for place, serial in enumerate(plan.wind_bots):
        number = len(plan.boats) + len(plan.marks) + 1 + place
        # The device may come before its object: entries are in no order of their kinds.
        entries.append(device_element(number, serial))
        entries += object_elements(number, unit_name(serial), "<type>wind</type>")
    return entries
