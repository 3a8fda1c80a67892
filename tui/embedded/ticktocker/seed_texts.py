"""The words of the sample: authors, and what they announce."""

from __future__ import annotations

from dataclasses import dataclass

AUTHORS: tuple[tuple[int, str, str, str], ...] = (
    (2, "harbourmaster", "Elin Strand", "harbour-office"),
    (3, "tidecafe", "Tide Café", "tide-cafe"),
    (4, "northsails", "Joren de Wit", "north-sails"),
    (5, "quaychoir", "Quay Choir", "choir"),
    (6, "marta.k", "Marta Kowalska", "marta"),
    (7, "makers", "Makers on Pier 4", "pier4"),
    (8, "lighthouse", "Friends of the Lighthouse", "lighthouse"),
    (9, "小林", "Aki Kobayashi", "aki"),
)


@dataclass(frozen=True)
class Text:
    """An announcement; the hour is the usual one, and the length is in minutes."""

    author: int
    title: str
    hour: int
    minutes: int
    tags: str
    location: str = ""
    link: str = ""
    description: str = ""


SERIES: tuple[Text, ...] = (
    Text(
        4,
        "Evening race",
        18,
        150,
        "sailing, race",
        "Outer buoys",
        "https://example.org/races",
        "Two rounds around the outer buoys. First warning at 18:25, channel 72.\n"
        "Life jackets from the first signal to the last.",
    ),
    Text(2, "Bridge opening", 6, 45, "harbour, traffic", "Swing bridge", "", "Ten boats at most."),
    Text(3, "Open microphone", 20, 180, "music, café", "Tide Café", "https://example.org/tide"),
    Text(5, "Choir rehearsal", 19, 120, "music, choir", "Sailors' chapel"),
    Text(6, "Cold water swim", 7, 60, "sport, sea", "Steps by the crane", "", "Bring a hat."),
    Text(
        7, "Soldering for beginners", 18, 120, "making, workshop", "Pier 4", "", "Tools are there."
    ),
    Text(8, "Tower open to visitors", 11, 300, "lighthouse, tour", "Lighthouse"),
    Text(
        9,
        "Sketching boats",
        10,
        150,
        "drawing, outdoors",
        "Fish quay",
        "",
        "雨天中止: not in rain.",
    ),
    Text(
        1,
        "Planning call",
        9,
        45,
        "work, call",
        "",
        "https://meet.example.org/planning",
        "What is next, what waits, who does it.",
    ),
    Text(2, "Dredging north basin", 5, 480, "harbour, works", "North basin"),
    Text(4, "Sail repair clinic", 16, 180, "sailing, workshop", "Loft, first floor"),
    Text(3, "Fish soup night", 18, 210, "food", "Tide Café"),
    Text(7, "[laser] cutter introduction", 17, 90, "making, laser-cutter", "Pier 4"),
    Text(6, "Long run to the point & back", 8, 95, "sport, running", "Harbour gate"),
    Text(1, "Dentist", 14, 40, "private"),
    Text(8, "Foghorn test", 12, 15, "lighthouse, noise", "Lighthouse"),
    Text(5, "Shanty evening", 19, 150, "music, choir, shanty", "The Anchor"),
    Text(9, "Film night: The Old Boat 🚤", 20, 125, "film", "Community hall"),
    Text(4, "Match racing, round", 11, 300, "sailing, match_race", "Inner harbour"),
    Text(2, "Notice to mariners", 8, 30, "harbour, notice", "", "https://example.org/notices"),
    Text(1, "Review of the booking form", 15, 60, "work, review", "Harbour office"),
    Text(7, "Repair café", 13, 240, "making, repair", "Pier 4", "", "Mend it, do not bin it."),
)

REPEATED: tuple[tuple[Text, str, int], ...] = (
    (Text(4, "Wednesday keelboats", 18, 150, "sailing", "Club jetty"), "weekly", 9),
    (Text(1, "Morning check of the moorings", 7, 20, "boat", "Berth 12"), "daily", 3),
    (Text(2, "Harbour user meeting", 19, 90, "harbour, meeting", "Harbour office"), "monthly", 30),
    (Text(5, "Choir, full rehearsal", 19, 150, "music, choir", "Sailors' chapel"), "bi-weekly", 12),
    (Text(8, "Lighthouse birthday", 10, 420, "lighthouse, feast", "Lighthouse"), "yearly", 48),
    (Text(3, "Quiz at the Tide", 20, 120, "quiz, café", "Tide Café"), "weekly", 20),
    (Text(1, "Invoices of the month", 9, 120, "work, invoices"), "monthly", 17),
    (Text(7, "Open workshop", 17, 240, "making", "Pier 4"), "weekly", 26),
)

NEAR: tuple[tuple[Text, int, bool], ...] = (
    (Text(3, "Lunch on the quay", 0, 120, "food", "Tide Café"), -50, False),
    (
        Text(
            1,
            "Call with Harbour Trust",
            0,
            45,
            "work, call",
            "",
            "https://meet.example.org/harbour-trust",
            "Berth bookings: what is left before the season opens.",
        ),
        55,
        True,
    ),
    (Text(4, "Skippers' briefing", 0, 30, "sailing, race", "Club house"), 130, False),
    (Text(1, "Rig check before the weekend", 0, 60, "boat", "Berth 12"), 200, True),
    (Text(5, "Sound check", 0, 60, "music, choir", "The Anchor"), 310, False),
    (
        Text(9, "Photographs from the breakwater", 0, 90, "photo, outdoors", "Breakwater"),
        420,
        False,
    ),
    (Text(2, "Spring tide: low quays under water", 0, 180, "harbour, notice"), 24 * 60 - 90, False),
    (Text(1, "Hand over the loft planner", 0, 60, "work", "North sails loft"), 24 * 60 + 30, True),
    (Text(6, "Sunrise swim", 0, 45, "sport, sea", "Steps by the crane"), 24 * 60 + 120, False),
    (Text(7, "Introduction to the lathe", 0, 120, "making", "Pier 4"), 24 * 60 + 260, False),
    (Text(4, "Tune-up race", 0, 150, "sailing, race", "Outer buoys"), 25 * 60 + 300, False),
    (Text(8, "Night tour of the tower", 0, 75, "lighthouse, tour", "Lighthouse"), 48 * 60, False),
)
