"""The sample workspace: seven books with the one that `ground` made.

Deterministic: the same clock and credentials give the same workspace to the byte.
"""

from __future__ import annotations

from tui.embedded.context import Context
from tui.embedded.timetonic.seed_fleet import sow_fleet
from tui.embedded.timetonic.seed_messages import sow_messages
from tui.embedded.timetonic.seed_office import (
    sow_actions,
    sow_consulting,
    sow_harbour,
    sow_season,
)
from tui.embedded.timetonic.seed_pictures import picture
from tui.embedded.timetonic.seed_races import sow_races
from tui.embedded.timetonic.seed_sower import DAY, Sower
from tui.embedded.timetonic.seed_words import USERS
from tui.embedded.timetonic.users import add_user

LONG_TITLE = (
    "Groupe de travail intercommunal sur les mouillages, les bouées et la cohabitation des usages"
    " — 2ᵉ cycle : réunions 3 à 7"
)
"""120 characters, which no column of a screen has room for."""


def seed(context: Context) -> None:
    """Write it, inside the caller's transaction."""
    with context.database.write() as connection:
        sower = Sower(context, connection)
        for code, first, last in USERS:
            add_user(
                connection,
                code,
                sower.now - 500 * DAY,
                first_name=first,
                last_name=last,
                mail=f"{code}@example.org",
            )
        books = _books(sower)
        fleet = sow_fleet(sower, books["fleet"])
        sow_races(sower, books["races"])
        sow_consulting(sower, books["consulting"])
        sow_actions(sower, books["long"])
        sow_season(sower, books["season"])
        sow_harbour(sower, books["harbour"])
        # A mirror: the open work of the fleet as a tab of the consulting book.
        sower.tab(books["consulting"], fleet.maintenance, fleet.open_view)
        sow_messages(sower, books)


def _books(sower: Sower) -> dict[str, int]:
    me = sower.person
    crew = {me: 4, "camille": 4, "kenji": 3, "lukasz": 3, "sofia": 3, "ines": 3, "oluwaseun": 2}
    return {
        "fleet": sower.book(
            "seabright-fleet",
            "Seabright Fleet ⛵",
            me,
            crew,
            position=0,
            description="Sample workspace.\n\nFourteen boats, and what has to be done on them.",
            cover=_cover(sower, "harbour.png", (150, 200, 235), (15, 70, 120)),
            favorite=True,
        ),
        "races": sower.book(
            "regates",
            "Régates & Crews — 秋のレガッタ",
            me,
            crew,
            position=1,
            description="Sample workspace. Who sails with whom, and how it ended.",
            color="bleu-nuit",
            cover=_cover(sower, "start-line.png", (245, 190, 120), (60, 40, 90)),
        ),
        "consulting": sower.book(
            "morvan-consulting",
            "Morvan Consulting",
            me,
            {me: 4, "camille": 3, "sofia": 2},
            position=2,
            description="Sample workspace. Clients and expenses.",
            color="jaune-indien",
        ),
        "long": sower.book(
            "mouillages",
            LONG_TITLE,
            "sofia",
            {"sofia": 4, me: 3, "oluwaseun": 3, "ines": 3},
            position=3,
            color="lilas",
            cover=_cover(sower, "mooring.png", (190, 220, 200), (30, 90, 80)),
        ),
        "harbour": sower.book(
            "harbour-office",
            "Harbour office (read only)",
            "oluwaseun",
            {"oluwaseun": 4, me: 1, "camille": 1},
            position=4,
            description="Berths and notices; only the harbour office writes here.",
            color="gray",
        ),
        "season": sower.book(
            "last-season",
            "Last season (closed)",
            "camille",
            {"camille": 4, me: 3, "kenji": 3},
            position=5,
            color="noir",
            age=720,
            archived=True,
            api_right=0,
        ),
    }


def _cover(sower: Sower, name: str, top: tuple[int, int, int], low: tuple[int, int, int]) -> str:
    """The site-relative path of a cover, below /dev even on the live server."""
    uuid = sower.file(name, picture(64, 40, top, low), book_id=None, user=sower.person, public=True)
    return f"/dev/dbi/in/tb/{uuid}/{name}"
