"""The sample workspace of the embedded Igtimi: people, groups, devices, windows, sessions, races.

Written relative to now, so that there is always a session under way and some of the last days.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from tui.embedded.context import Context
from tui.embedded.igtimi.access import SAMPLE_USER
from tui.embedded.igtimi.answers import now_milliseconds
from tui.embedded.igtimi.devices import add_device
from tui.embedded.igtimi.fleet_course import GARDA, KIEL, PORTO
from tui.embedded.igtimi.fleet_heat import Plan
from tui.embedded.igtimi.fleet_names import (
    MARKS,
    SAMPLE_BOATS,
    WIND_BOTS,
    boat_serial,
    live_plan,
    unit_info,
    unit_name,
)
from tui.embedded.igtimi.groups import MEMBERS_GROUP, PUBLIC_GROUP, make_group
from tui.embedded.igtimi.recordings import add_recording
from tui.embedded.igtimi.resources import add_resource
from tui.embedded.igtimi.seed_sessions import Race, seed_sessions
from tui.embedded.igtimi.windows import FAR_END, open_window

MINUTE, DAY = 60_000, 86_400_000
PIECE = 15 * MINUTE
_SINCE = 1_361_756_171_928.4912
"""When the sample user came to Igtimi: the start of all windows of their own devices."""

_BOAT_TYPES = (1, 2, 3, 5, 6, 7, 8, 9, 11, 12)
_WIND_TYPES = (1, 2, 3, 7, 8, 9, 11, 12, 22, 23)
_MARK_TYPES = (1, 2, 3, 6, 9)

_PEOPLE = (
    (3, "Ana", "Kovač", "ana@example.org"),
    (4, "Lars", "Petersen", "lars@example.org"),
    (5, "Mele", "Tupou", "mele@example.org"),
)


def ground(context: Context) -> None:
    """What must be there without any sample: the person's account and everybody's two groups."""
    with context.database.write() as connection:
        connection.execute(
            "INSERT OR IGNORE INTO igtimi_user (id, first_name, surname, email)"
            " VALUES (1, 'Igtimi', 'Support', 'support@example.org')"
        )
        connection.execute(
            "INSERT OR IGNORE INTO igtimi_user (id, first_name, surname, email)"
            " VALUES (?, 'Demo', 'Skipper', 'skipper@example.org')",
            (SAMPLE_USER,),
        )
        connection.execute(
            "INSERT OR IGNORE INTO igtimi_group (id, name, hidden, public) VALUES"
            " (2, ?, 1, 1), (3, ?, 1, 0)",
            (PUBLIC_GROUP, MEMBERS_GROUP),
        )
        connection.execute(
            "INSERT OR IGNORE INTO igtimi_member (group_id, user_id) VALUES (3, 1), (3, ?)",
            (SAMPLE_USER,),
        )


def seed(context: Context) -> None:
    """Write all of the sample, inside the caller's transaction."""
    now = now_milliseconds(context) // 1000 * 1000
    _seed_people(context)
    _seed_devices(context, now)
    _seed_device_groups(context, now)
    races = _seed_races(context, now)
    seed_sessions(context, now, races)


def ensure_units(context: Context) -> None:
    """Devices for every unit of a fleet that is bigger than the sample.

    Without the sample there is no first boat, and then there is nothing to add to.
    """
    with context.database.write() as connection:
        rows = connection.execute("SELECT serial FROM igtimi_device").fetchall()
        known = {row["serial"] for row in rows}
        if boat_serial(0) not in known:
            return
        for serial in live_plan(context.options).boats:
            if serial not in known:
                _add_unit(context, serial)


def _seed_people(context: Context) -> None:
    with context.database.write() as connection:
        connection.executemany(
            "INSERT INTO igtimi_user (id, first_name, surname, email) VALUES (?, ?, ?, ?)", _PEOPLE
        )
        connection.executemany(
            "INSERT INTO igtimi_member (group_id, user_id) VALUES (3, ?)",
            [(number,) for number, *_ in _PEOPLE],
        )
        connection.execute(
            "UPDATE igtimi_user SET blob = ? WHERE id = ?",
            (b'{"units": "knots", "theme": "night"}', SAMPLE_USER),
        )
    committee = make_group(context, "Race committee", SAMPLE_USER)
    crew = make_group(context, "Kiel crew", 4)
    coaches = make_group(context, "Coaches", SAMPLE_USER)
    with context.database.write() as connection:
        connection.executemany(
            "INSERT INTO igtimi_member (group_id, user_id, member_group_id, modify)"
            " VALUES (?, ?, ?, ?)",
            [
                (committee, 3, None, 1),
                (committee, 5, None, 0),
                (crew, SAMPLE_USER, None, 0),
                (coaches, None, committee, 0),
            ],
        )
        connection.execute(
            "UPDATE igtimi_group SET blob = ? WHERE id = ?", (b'{"flag": "U"}', committee)
        )


def _add_unit(context: Context, serial: str) -> None:
    add_device(
        context,
        serial,
        unit_name(serial),
        SAMPLE_USER,
        service_tag=f"TAG{serial[-2:]}",
        info=unit_info(serial),
        since=_SINCE,
    )


def _seed_devices(context: Context, now: int) -> None:
    for serial in (*(boat_serial(n) for n in range(SAMPLE_BOATS)), *WIND_BOTS, *MARKS):
        _add_unit(context, serial)
    # Two of other people: one of which nothing but public information may be seen, one that
    # is shared for a while; and one of nobody, which waits to be registered.
    add_device(context, "DC-GD-AADE", "YB-9", 3, service_tag="QWER", since=_SINCE)
    add_device(context, "DC-FE-AAKG", "Lars' WindBot", 4, service_tag="ASDF", since=_SINCE)
    add_device(context, "CA-CJ-AAAA", "CA-CJ-AAAA", None, service_tag="ABCD")
    open_window(
        context,
        "DC-FE-AAKG",
        float(now - 30 * DAY),
        float(now + 30 * DAY),
        read=True,
        modify=False,
        user=SAMPLE_USER,
    )
    # The race committee may see the first WindBot of the last week; it is for ever theirs to read.
    open_window(
        context, WIND_BOTS[0], float(now - 7 * DAY), FAR_END, read=True, modify=False, user=3
    )
    with context.database.write() as connection:
        connection.execute(
            "UPDATE igtimi_device SET blob = ? WHERE serial = ?",
            (b'{"sail": "NZL 64", "colour": "#c03030"}', boat_serial(0)),
        )


def _seed_device_groups(context: Context, now: int) -> None:
    rows = [
        (1, "sample-group-boats", "GA-EN", 1, 0, None, None),
        (2, "sample-group-wind", "DD-EE-", 1, 1, None, None),
        (3, "sample-group-regatta", "DD-EE", 1, 0, 2, now + 30 * DAY),
        (4, "sample-group-expired", "HA-JF", 1, 1, None, now - 200 * DAY),
    ]
    with context.database.write() as connection:
        connection.executemany(
            "INSERT INTO igtimi_devicegroup"
            " (id, token, prefix, create_devices, create_tokens, parent, expiry)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            rows,
        )


@dataclass(frozen=True)
class _Outing:
    """A race to be recorded: how it is sailed, when it begins and how long it takes."""

    title: str
    plan: Plan
    begin: int
    minutes: int
    archived: bool = False


def _outings(context: Context, now: int) -> list[_Outing]:
    def plan(boats: int, seed_number: int, seconds: int) -> Plan:
        return Plan(
            KIEL,
            tuple(boat_serial(number) for number in range(boats)),
            WIND_BOTS[:1],
            MARKS,
            hertz=1.0,
            seed=seed_number,
            heat_seconds=seconds,
            start_seconds=120,
            back_seconds=30,
            laps=2,
            leg_metres=600.0,
        )

    live = live_plan(context.options)
    samples = len(live.boats) * live.hertz
    under_way = replace(live, hertz=min(live.hertz, 2.0) if samples <= 100 else 1.0)
    return [
        _Outing("Twilight series", under_way, now - 45 * MINUTE, 45),
        _Outing("Kiel, training race 3", plan(6, 31, 1740), now - 3 * DAY - 100 * MINUTE, 28),
        _Outing("Ora sprint", replace(plan(6, 47, 2100), venue=GARDA), now - 9 * DAY, 34),
        _Outing(
            "PMYC match race, flight 04",
            replace(plan(4, 62, 780), venue=PORTO, laps=1),
            now - 400 * DAY,
            12,
            archived=True,
        ),
    ]


def _seed_races(context: Context, now: int) -> list[Race]:
    races = []
    for number, outing in enumerate(_outings(context, now)):
        begin, end = outing.begin, outing.begin + outing.minutes * MINUTE
        plan = outing.plan
        if number:
            plan = replace(plan, origin=begin // 1000)
        # In pieces, so that who reads the last minutes does not wait for the whole race.
        for first in range(begin, end, PIECE):
            add_recording(context, plan, first, min(first + PIECE, end))
        for serials, types in (
            (plan.boats, _BOAT_TYPES),
            (plan.wind_bots, _WIND_TYPES),
            (plan.marks, _MARK_TYPES),
        ):
            for serial in serials[:SAMPLE_BOATS]:
                add_resource(context, serial, begin, end, types, archived=outing.archived)
        races.append(Race(outing.title, plan, begin, end))
    with context.database.write() as connection:
        # From here on the live feed goes on, if somebody comes soon.
        connection.execute("INSERT INTO igtimi_feed (id, last) VALUES (1, ?)", (now,))
    return races
