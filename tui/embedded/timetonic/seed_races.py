"""The book "Régates & Crews": crew list, racing boats, race results linked to them."""

from __future__ import annotations

from tui.embedded.timetonic import seed_words as words
from tui.embedded.timetonic.seed_shapes import Column, Sown
from tui.embedded.timetonic.seed_sower import Sower

CREW_ROWS = 180
RESULT_ROWS = 300

ROLES = (
    ("Helm", "#BBEBFF"),
    ("Tactician", "#F5C6E0"),
    ("Trimmer", "#C9EBC1"),
    ("Bow", "#FFE3A3"),
    ("Navigator", "#D9CCF2"),
    ("Reserve", "#DDDDDD"),
)


def sow_races(sower: Sower, book: int) -> None:
    """All tables of the book."""
    boats = sower.table(
        book,
        "Racing boats",
        [
            Column("Name", "shorttext", {"required": True}, code="name"),
            Column("Class", "shorttext"),
            Column("Rating", "double", {"numformat": "0.000", "numlang": "en"}),
            Column("Sail number", "shorttext"),
        ],
        code="racing_boats",
    )
    dice = sower.dice
    boat_ids = sower.rows(
        boats,
        (
            {
                "Name": name,
                "Class": kind,
                "Rating": dice.randint(880, 1120) / 1000,
                "Sail number": number,
            }
            for name, kind, _, number in words.BOATS
        ),
    )
    _crew(sower, book, boats, boat_ids)
    _results(sower, book, boats, boat_ids)


def _crew(sower: Sower, book: int, boats: Sown, boat_ids: list[int]) -> None:
    table = sower.table(
        book,
        "Crew list",
        [
            Column("Name", "shorttext", {"pixelWidth": 220, "required": True}, code="name"),
            Column("Role", "shorttext", {"choices": ROLES, "strict": True}, code="role"),
            Column("Boats", "link", {"link": boats.id, "multiple": True}),
            Column("E-mail", "email"),
            Column("Phone", "phone"),
            Column("Born", "date", {"dateFormat": "YYYY-MM-DD"}),
            Column("Weight", "int"),
            Column("First aid", "boolean"),
            Column("Remarks", "mediumtext"),
        ],
        code="crew",
    )
    dice = sower.dice

    def member(index: int) -> dict[str, object]:
        if index % 20 == 11:
            name = words.WIDE_NAMES[index // 20 % len(words.WIDE_NAMES)]
        else:
            name = f"{dice.choice(words.FIRST_NAMES)} {dice.choice(words.LAST_NAMES)}"
        return {
            "Name": name,
            "Role": dice.choice(ROLES)[0],
            "Boats": sorted(dice.sample(boat_ids, dice.choice((1, 1, 1, 2, 3)))),
            "E-mail": f"crew{index + 1}@example.org" if index % 9 else None,
            "Phone": f"+33 6 {index % 90 + 10} {dice.randint(10, 99)} {dice.randint(10, 99)} 00",
            "Born": sower.day(-dice.randint(17 * 365, 70 * 365)),
            "Weight": dice.randint(48, 105),
            "First aid": dice.random() < 0.4,
            "Remarks": "Végétarien·ne 🌱" if index % 13 == 0 else None,
        }

    sower.rows(table, map(member, range(CREW_ROWS)))
    sower.view(table, "Helms", ("Role", "is", "Helm"))
    sower.view(
        table,
        "Helms and tacticians",
        ("Role", "is", "Helm"),
        ("Role", "is", "Tactician"),
        operator="or",
    )
    sower.view(table, "First aid", ("First aid", "is", "true"))


def _results(sower: Sower, book: int, boats: Sown, boat_ids: list[int]) -> None:
    table = sower.table(
        book,
        "Race results",
        [
            Column("Race", "shorttext", {"pixelWidth": 200, "required": True}, code="race"),
            Column("Boat", "link", {"link": boats.id}, code="boat"),
            Column("Start", "date", {"dateFormat": "YYYY-MM-DD", "timeAndDate": True}),
            Column("Elapsed", "shorttext"),
            Column("Corrected", "shorttext"),
            Column("Place", "int", code="place"),
            Column("Points", "double", {"numformat": "0.0", "numlang": "en"}),
            Column(
                "Status",
                "shorttext",
                {
                    "choices": [
                        ("Finished", "#C9EBC1"),
                        ("DNF", "#F4B6B0"),
                        ("DNS", "#DDDDDD"),
                        ("OCS", "#FFE3A3"),
                    ],
                    "strict": True,
                },
            ),
            Column("Updates", "activity", {}, None, True),
        ],
        code="results",
    )
    dice = sower.dice
    rows: list[dict[str, object]] = []
    race = 0
    while len(rows) < RESULT_ROWS:
        series = words.RACES[race % len(words.RACES)]
        days = -7.0 * (race + 1)
        seconds = dice.randint(4200, 5600)
        for place, boat in enumerate(dice.sample(boat_ids, 12), 1):
            status = dice.choices(("Finished", "DNF", "DNS", "OCS"), (90, 5, 3, 2))[0]
            finished = status == "Finished"
            seconds += dice.randint(4, 220)
            rows.append(
                {
                    "Race": f"{series} {race // len(words.RACES) + 1}",
                    "Boat": [boat],
                    "Start": sower.moment(days, 13, 30),
                    "Elapsed": _clock(seconds) if finished else None,
                    "Corrected": _clock(int(seconds * 0.98)) if finished else None,
                    "Place": place if finished else None,
                    "Points": float(place) if finished else 13.0,
                    "Status": status,
                }
            )
        race += 1
    sower.rows(table, rows[:RESULT_ROWS])
    sower.view(table, "Winners", ("Place", "is", 1))
    sower.view(table, "Not finished", ("Status", "isNot", "Finished"))


def _clock(seconds: int) -> str:
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
