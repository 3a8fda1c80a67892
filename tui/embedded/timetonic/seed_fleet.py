"""The book "Seabright Fleet": boats, their maintenance with a field of every type, parts."""

from __future__ import annotations

import random
from dataclasses import dataclass

from tui.embedded.timetonic import seed_words as words
from tui.embedded.timetonic.seed_pictures import picture
from tui.embedded.timetonic.seed_shapes import Column, Sown
from tui.embedded.timetonic.seed_sower import Sower

STATUS = (
    ("Planned", "#BBEBFF"),
    ("In progress", "#FFE3A3"),
    ("Waiting for parts", "#F5C6E0"),
    ("Done", "#C9EBC1"),
    ("Cancelled", "#DDDDDD"),
)
PRIORITY = (("High", "#F4B6B0"), ("Normal", "#FFE3A3"), ("Low", "#C9EBC1"))

PARTS_ROWS = 650


@dataclass(frozen=True)
class Fleet:
    """What other parts of the sample refer to."""

    maintenance: Sown
    open_view: int


def sow_fleet(sower: Sower, book: int) -> Fleet:
    """All tables of the book."""
    boats, boat_ids = _boats(sower, book)
    maintenance = _maintenance(sower, book, boats, boat_ids)
    open_view = sower.view(
        maintenance, "Open work", ("Status", "isNot", "Done"), ("Status", "isNot", "Cancelled")
    )
    sower.view(maintenance, "High priority", ("Priority", "is", "High"))
    sower.view(
        maintenance,
        "Calendar",
        ("Status", "isNot", "Cancelled"),
        presentation=2,
        calendar=("Due", "Started"),
    )
    sower.view(
        maintenance,
        "Report a defect",
        ("Status", "is", "Planned"),
        token=sower.token("view report"),
    )
    _parts(sower, book)
    _marks(sower, book)
    sower.table(
        book,
        "Hours by boat and status",
        [],
        description="Summary of the hours in Fleet maintenance.",
        pivot={
            "id": 4021,
            "source": maintenance.id,
            "horizontal": maintenance.fields["Status"],
            "vertical": maintenance.fields["Boat"],
            "value": maintenance.fields["Hours"],
        },
        hidden=True,
    )
    return Fleet(maintenance, open_view)


def _boats(sower: Sower, book: int) -> tuple[Sown, list[int]]:
    table = sower.table(
        book,
        "Boats",
        [
            Column("Boat", "shorttext", {"pixelWidth": 180, "required": True}, code="boat"),
            Column("Type", "shorttext"),
            Column("Built", "int"),
            Column("Sail number", "shorttext"),
            Column("Berth", "shorttext"),
            Column("Insured until", "date", {"dateFormat": "YYYY-MM-DD"}),
            Column("In the water", "boolean"),
        ],
        code="boats",
        description="The fleet. Boats are never deleted: work and results refer to them.",
        forbid_delete=True,
    )
    ids = sower.rows(
        table,
        (
            {
                "Boat": name,
                "Type": kind,
                "Built": built,
                "Sail number": number,
                "Berth": f"{sower.dice.choice('ABCD')}{sower.dice.randint(1, 40)}",
                "Insured until": sower.day(sower.dice.randint(-20, 340)),
                "In the water": sower.dice.random() < 0.7,
            }
            for name, kind, built, number in words.BOATS
        ),
    )
    return table, ids


def _maintenance(sower: Sower, book: int, boats: Sown, boat_ids: list[int]) -> Sown:
    table = sower.table(
        book,
        "Fleet maintenance",
        [
            Column("Task", "shorttext", {"pixelWidth": 260, "required": True}, code="task"),
            Column("Boat", "link", {"link": boats.id}, code="boat"),
            Column("Status", "shorttext", {"choices": STATUS, "strict": True}, code="status"),
            Column("Priority", "shorttext", {"choices": PRIORITY, "strict": False}),
            Column("Due", "date", {"dateFormat": "YYYY-MM-DD"}, code="due"),
            Column("Started", "date", {"dateFormat": "YYYY-MM-DD", "timeAndDate": True}),
            Column("Hours", "double", {"numformat": "0.00", "numlang": "fr"}, code="hours"),
            Column("People", "int"),
            Column("Checked", "boolean"),
            Column("Contact", "email"),
            Column("Phone", "phone"),
            Column("Manual", "url"),
            Column("Notes", "mediumtext", {"pixelWidth": 300}, code="notes"),
            Column("Pictures", "files"),
            Column(
                "Label", "smarttext", {"template": "{{Boat}}: {{Task}} ({{Status}})"}, None, True
            ),
            Column("Job number", "int", {"auto": True}, "job", True),
            Column("Comments", "comments"),
            Column("Updates", "activity", {}, None, True),
        ],
        code="maintenance",
        description="Every job on every boat; the key column says what is to be done.",
    )
    dice = sower.dice
    jobs = [f"{verb} {place}" for place in words.WORKPLACES for verb in words.VERBS]
    dice.shuffle(jobs)
    work = [_job(sower, dice, number, job, boat_ids) for number, job in enumerate(jobs, 1)]
    ids = sower.rows(table, work, shared=7)
    sower.last_increment(table, "Job number", len(ids))
    _past(sower, table, dict(zip(ids, work, strict=True)))
    _talk_and_pictures(sower, book, table, ids)
    return table


def _job(
    sower: Sower, dice: random.Random, number: int, job: str, boat_ids: list[int]
) -> dict[str, object]:
    status = dice.choices([name for name, _ in STATUS], (34, 16, 10, 34, 6))[0]
    begun = status in ("In progress", "Done")
    days = dice.randint(-130, -1) if status == "Done" else dice.randint(-12, 75)
    first = dice.choice(words.FIRST_NAMES)
    asked = dice.random()
    return {
        "Task": job,
        "Boat": [dice.choice(boat_ids)] if number % 29 else None,
        "Status": status,
        "Priority": dice.choices([name for name, _ in PRIORITY], (2, 6, 3))[0],
        "Due": sower.day(days),
        "Started": sower.moment(days - 3, dice.randint(8, 17), dice.choice((0, 15, 30, 45)))
        if begun
        else None,
        "Hours": dice.randint(1, 60) / 4 if begun else None,
        "People": dice.randint(1, 4),
        "Checked": status == "Done" and dice.random() < 0.8,
        "Contact": f"yard{number % 17}@example.org" if asked < 0.5 else None,
        "Phone": f"+33 2 97 {number % 90 + 10:02} {number % 77 + 10:02} 40"
        if asked < 0.3
        else None,
        "Manual": f"https://example.org/manuals/{number % 40 + 1}" if asked < 0.4 else None,
        "Notes": f"{dice.choice(words.NOTES)}\n{first}" if asked > 0.6 else None,
        "Job number": number,
    }


def _past(sower: Sower, table: Sown, work: dict[int, dict[str, object]]) -> None:
    """Some changes that led to what the rows are now."""
    dice = sower.dice
    people = [sower.person, *(code for code, _, _ in words.USERS)]
    lines: list[tuple[int, str, int, str, str, float]] = []
    for row in sorted(dice.sample(list(work), 160)):
        name, before = "Status", "Planned"
        if work[row]["Status"] == "Planned":
            name, before = "Priority", "Unknown"
        now = str(work[row][name])
        who, days = dice.choice(people), dice.uniform(0.1, 60)
        lines.append((row, who, table.fields[name], before, now, days))
    sower.changes(lines)


def _talk_and_pictures(sower: Sower, book: int, table: Sown, ids: list[int]) -> None:
    dice = sower.dice
    people = [sower.person, *(code for code, _, _ in words.USERS)]
    sower.comments(
        (
            row,
            table.fields["Comments"],
            dice.choice(people),
            dice.choice(words.REMARKS),
            dice.uniform(0.1, 40),
        )
        for row in dice.choices(ids, k=150)
    )
    pictures = [
        picture(48, 32, (120 + 15 * tone, 170, 220), (20, 60 + 20 * tone, 110)) for tone in range(4)
    ]
    for index, row in enumerate(ids[:24:3]):
        sower.file(
            f"defect-{index + 1}.png",
            pictures[index % len(pictures)],
            book_id=book,
            user=dice.choice(people),
            row_id=row,
            field_id=table.fields["Pictures"],
        )
    sower.file(
        "checklist é.txt",
        b"Before leaving:\n- seacocks\n- bilge\n- liferaft\n",
        book_id=book,
        user=sower.person,
        row_id=ids[0],
        field_id=table.fields["Pictures"],
    )


def _parts(sower: Sower, book: int) -> None:
    table = sower.table(
        book,
        "Parts inventory",
        [
            Column("Part", "shorttext", {"pixelWidth": 220, "required": True}, code="part"),
            Column("Size", "shorttext"),
            Column("In stock", "int", code="stock"),
            Column("Minimum", "int"),
            Column("Price", "double", {"numformat": "0.00", "numlang": "en"}, code="price"),
            Column(
                "Supplier",
                "shorttext",
                {"choices": [(name, "#E3E3F7") for name in words.SUPPLIERS], "strict": False},
            ),
            Column("Ordered", "date", {"dateFormat": "YYYY-MM-DD"}),
            Column("Shelf", "shorttext"),
            Column("Link", "url"),
        ],
        code="parts",
    )
    dice = sower.dice
    sower.rows(
        table,
        (
            {
                "Part": f"{words.PARTS[index % len(words.PARTS)]} {index // len(words.PARTS) + 1}",
                "Size": f"{dice.choice((4, 5, 6, 8, 10, 12, 16, 20))} mm",
                "In stock": dice.randint(0, 40),
                "Minimum": dice.choice((0, 1, 2, 4, 10)),
                "Price": dice.randint(40, 42_000) / 100,
                "Supplier": dice.choice(words.SUPPLIERS),
                "Ordered": sower.day(-dice.randint(1, 500)) if index % 4 == 0 else None,
                "Shelf": f"{dice.choice('ABCDEF')}-{dice.randint(1, 9)}",
                "Link": f"https://example.org/parts/{1000 + index}" if index % 3 == 0 else None,
            }
            for index in range(PARTS_ROWS)
        ),
    )
    sower.view(table, "Out of stock", ("In stock", "is", 0))
    sower.view(table, "東京マリン商会", ("Supplier", "is", "東京マリン商会"))


def _marks(sower: Sower, book: int) -> None:
    table = sower.table(
        book,
        "Seamarks",
        [Column("Mark", "shorttext"), Column("Colour", "shorttext"), Column("Light", "shorttext")],
        description="Kept by the harbour office: rows cannot be added.",
        forbid_add=True,
    )
    names = ("Er Toul", "Buissons de Méaban", "Grand Mouton", "Goué Vas", "Le Chat", "Petit Trého")
    sower.rows(
        table,
        (
            {
                "Mark": name,
                "Colour": ("red", "green", "yellow")[index % 3],
                "Light": f"Fl({index % 4 + 1}) {3 * index + 4}s" if index % 2 else None,
            }
            for index, name in enumerate(names)
        ),
    )
