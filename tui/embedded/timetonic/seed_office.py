"""The other books: consulting with expenses, a long title, a closed season, a read-only one."""

from __future__ import annotations

from tui.embedded.timetonic import seed_words as words
from tui.embedded.timetonic.seed_shapes import Column
from tui.embedded.timetonic.seed_sower import Sower

EXPENSE_ROWS = 240


def sow_consulting(sower: Sower, book: int) -> None:
    """Clients, projects, expenses, and one empty table."""
    clients = sower.table(
        book,
        "Clients",
        [
            Column("Client", "shorttext", {"required": True}, code="client"),
            Column("City", "shorttext"),
            Column("E-mail", "email"),
            Column("Daily rate", "double", {"numformat": "0.00", "numlang": "fr"}),
        ],
        code="clients",
    )
    dice = sower.dice
    client_ids = sower.rows(
        clients,
        (
            {
                "Client": name,
                "City": words.PLACES[index % len(words.PLACES)],
                "E-mail": f"office{index + 1}@example.org",
                "Daily rate": 420.0 + 35 * index,
            }
            for index, name in enumerate(words.CLIENTS)
        ),
    )
    expenses = sower.table(
        book,
        "Expenses",
        [
            Column("What", "shorttext", {"pixelWidth": 200, "required": True}, code="what"),
            Column("Client", "link", {"link": clients.id}, code="client"),
            Column("Day", "date", {"dateFormat": "YYYY-MM-DD"}, code="day"),
            Column("Amount", "double", {"numformat": "0.00", "numlang": "fr"}, code="amount"),
            Column(
                "Category",
                "shorttext",
                {
                    "choices": [
                        ("Travel", "#BBEBFF"),
                        ("Material", "#FFE3A3"),
                        ("Meals", "#C9EBC1"),
                        ("Other", "#DDDDDD"),
                    ],
                    "strict": True,
                },
            ),
            Column("Invoiced", "boolean"),
            Column("Receipt", "file"),
            Column("Remark", "mediumtext"),
        ],
        code="expenses",
    )
    ids = sower.rows(
        expenses,
        (
            {
                "What": f"{dice.choice(words.EXPENSES)}, {dice.choice(words.PLACES)}",
                "Client": [dice.choice(client_ids)],
                "Day": sower.day(-index * 1.5),
                "Amount": dice.randint(350, 48_000) / 100,
                "Category": dice.choice(("Travel", "Travel", "Material", "Meals", "Other")),
                "Invoiced": index > 30 and dice.random() < 0.8,
                "Remark": "TVA 20 % [à vérifier]" if index % 11 == 0 else None,
            }
            for index in range(EXPENSE_ROWS)
        ),
    )
    sower.file(
        "receipt 2.txt",
        b"Harbour dues  2 nights  64.00 EUR\n",
        book_id=book,
        user=sower.person,
        row_id=ids[1],
        field_id=expenses.fields["Receipt"],
    )
    sower.view(expenses, "Not invoiced", ("Invoiced", "is", "false"))
    sower.view(expenses, "Over 300 €", ("Amount", "greaterThan", 300))
    sower.table(
        book,
        "Ideas",
        [Column("Idea", "shorttext"), Column("Why", "mediumtext"), Column("When", "date")],
        description="Empty on purpose: write the first one.",
    )


def sow_actions(sower: Sower, book: int) -> None:
    """The action points of the working group with the long name."""
    table = sower.table(
        book,
        "Action points",
        [
            Column("Point", "shorttext"),
            Column("Who", "shorttext"),
            Column("Until", "date", {"dateFormat": "YYYY-MM-DD"}),
            Column("Done", "boolean"),
        ],
    )
    sower.rows(
        table,
        (
            {
                "Point": f"{index + 1}. {sower.dice.choice(words.VERBS)} the minutes of"
                f" {sower.dice.choice(words.PLACES)}",
                "Who": sower.dice.choice(words.USERS)[1],
                "Until": sower.day(sower.dice.randint(-20, 40)),
                "Done": index % 3 == 0,
            }
            for index in range(25)
        ),
    )


def sow_season(sower: Sower, book: int) -> None:
    """A closed season; its book does not let the person use the API on tables."""
    table = sower.table(book, "Days sailed", [Column("Day", "date"), Column("Miles", "int")])
    sower.rows(
        table,
        ({"Day": sower.day(-500 - 3 * n), "Miles": sower.dice.randint(4, 80)} for n in range(30)),
    )


def sow_harbour(sower: Sower, book: int) -> None:
    """Berths, which the person may only read."""
    table = sower.table(
        book,
        "Berths",
        [
            Column("Berth", "shorttext"),
            Column("Length", "double", {"numformat": "0.0", "numlang": "en"}),
            Column("Occupied by", "shorttext"),
            Column("Free from", "date"),
        ],
        code="berths",
    )
    sower.rows(
        table,
        (
            {
                "Berth": f"{'ABCD'[index // 15]}{index % 15 + 1}",
                "Length": 8 + index % 15 / 2,
                "Occupied by": sower.dice.choice(words.BOATS)[0] if index % 4 else None,
                "Free from": sower.day(sower.dice.randint(1, 90)) if index % 4 else None,
            }
            for index in range(60)
        ),
    )
