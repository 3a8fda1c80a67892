"""What is said in the books of the sample: texts as people and programs write them, and events."""

from __future__ import annotations

from tui.embedded.timetonic.seed_shapes import Said
from tui.embedded.timetonic.seed_sower import Sower

FLEET: tuple[tuple[float, str, str], ...] = (
    (210, "timetonic", "Book creation"),
    (208, "camille", "Welcome everybody! All the boats are in, <b>420 jobs</b> to go 😅"),
    (190, "kenji", "マストの点検を終えました。写真は表にあります。"),
    (160.2, "lukasz", "New list of tools:\n- torque wrench\n- heat gun\n- [borrowed] drill"),
    (144, "{me}", "Who has the key of the container? [A-12]"),
    (143.9, "ines", "Tenho eu! Devolvo amanhã 🔑"),
    (120, "camille", "<p>Rappel : <i>sortie d'eau</i> lundi 8&nbsp;h.</p>"),
    (96.4, "sofia", "Το Anemos είναι έτοιμο ⛵"),
    (80, "kenji", "The saloon hatch of Petrel leaks again."),
    (79.8, "{me}", "I will look at it on Saturday. [todo]"),
    (61, "oluwaseun", "Parts for 14 jobs arrived 📦📦 — see Parts inventory."),
    (44, "lukasz", "Ktoś widział zapasową linkę?\nJest w niebieskiej skrzynce."),
    (30.5, "camille", "Devis reçu, 1&nbsp;480&nbsp;€ HT. <a href='https://example.org'>lien</a>"),
    (21, "{me}", "Antifouling: two coats, not three & no sanding."),
    (14.2, "ines", "👍"),
    (9, "kenji", "AIS splitter replaced, tested against three other boats."),
    (4.1, "sofia", "Can we move the rigging check to Thursday?"),
    (4.0, "{me}", "Thursday is fine."),
    (1.3, "oluwaseun", "Liferaft certificates expire next month‼️"),
)

RACES: tuple[tuple[float, str, str], ...] = (
    (300, "timetonic", "Book creation"),
    (150, "camille", "Les résultats de la Spring Series sont en ligne."),
    (90, "lukasz", "Protest of boat 6 withdrawn [hearing cancelled]."),
    (62, "kenji", "次のレースは風が強そうです 🌬️"),
    (33, "{me}", "Crew lists please until Wednesday."),
    (12, "sofia", "Helms: briefing is at <b>08:15</b>, not 08:30."),
    (6, "ines", "Sula needs a bow for Sunday — anybody?"),
    (2.2, "oluwaseun", "I can do bow on Sunday."),
    (1.1, "camille", "Attention :\n1) gilet obligatoire\n2) VHF canal 72\n3) bonne humeur 🙂"),
    (0.6, "kenji", "Forecast: 18–22 kn, gusts 30. Reef early."),
    (0.3, "lukasz", "[photos] of yesterday are in the crew list soon"),
    (0.1, "ines", "Start boat leaves at 11:00 sharp!"),
)

CONSULTING: tuple[tuple[float, str, str], ...] = (
    (400, "timetonic", "Book creation"),
    (70, "camille", "Contract with Baltic Wind Farms signed 🎉"),
    (41, "{me}", "Expenses of last month are complete, please check [11 without receipt]."),
    (40.5, "camille", "Checked. Two are twice: 'Ferry crossing, Skagen'."),
    (20, "sofia", "Η έκθεση είναι έτοιμη για ανάγνωση."),
    (7, "{me}", "Report sent to the <mairie>; answer expected in a week."),
    (3, "camille", "They like it. Next step: the survey of the outer mole."),
)

LONG: tuple[tuple[float, str, str], ...] = (
    (90, "timetonic", "Book creation"),
    (50, "sofia", "Minutes of the third meeting:\n\n1. Welcome\n2. Dues\n3. [AOB]"),
    (25, "oluwaseun", "Agenda for the next one follows."),
    (5, "ines", "Remote participants: the link is in the event."),
)

SEASON: tuple[tuple[float, str, str], ...] = (
    (700, "timetonic", "Book creation"),
    (420, "camille", "Season closed. Thank you all 🙏"),
)

HARBOUR: tuple[tuple[float, str, str], ...] = (
    (130, "timetonic", "Book creation"),
    (18, "oluwaseun", "Pontoon C is closed until Friday (divers below)."),
    (2.5, "oluwaseun", "Water is back on all pontoons."),
)

EVENTS: tuple[tuple[str, str, str, float, float | None, float, str], ...] = (
    ("fleet", "camille", "Lift-out Marée Haute 🏗️", -9, 9, 3, "camille,{me}"),
    ("fleet", "{me}", "Rigging check, Petrel", -2, 14, 2, "{me},kenji"),
    ("fleet", "kenji", "Yard meeting", 0.15, None, 1, "{me},camille,kenji,lukasz"),
    ("fleet", "lukasz", "Launch of Świteź", 3, 10, 4, "lukasz"),
    ("fleet", "sofia", "Liferaft training [pool]", 11, 18, 3, "{me},sofia,ines"),
    ("races", "camille", "Frostbite Cup, race 5", -7, 12, 4, "camille,kenji"),
    ("races", "ines", "Skippers' briefing", 1, 8.25, 0.75, "{me},ines"),
    ("races", "camille", "Frostbite Cup, race 6", 1, 11, 4.5, "camille,kenji,{me}"),
    ("races", "lukasz", "Protest hearing", 6, 19, 1.5, "lukasz"),
    ("consulting", "{me}", "Call with Baltic Wind Farms", 0.25, None, 0.5, "{me},camille"),
    ("consulting", "camille", "Survey of the outer mole", 8, 8, 7, "{me},camille"),
    ("long", "sofia", "Fourth meeting, online", 4, 20, 2, "{me},sofia,oluwaseun,ines"),
)
"""(book, author, text, days from now, hour of that day, length in hours, participants). Without
an hour it is that much later than now, whatever the time is."""

UNREAD = {"races": 4, "harbour": 1}


def sow_messages(sower: Sower, books: dict[str, int]) -> None:
    """All messages and events of the sample."""
    talks = {
        "fleet": FLEET,
        "races": RACES,
        "consulting": CONSULTING,
        "long": LONG,
        "season": SEASON,
        "harbour": HARBOUR,
    }
    said = [
        Said(books[name], days, user.format(me=sower.person), text, file=_attachment(name, days))
        for name, talk in talks.items()
        for days, user, text in talk
    ]
    said += [
        Said(
            books[name],
            max(16.0, 12 - days) + hours,
            user.format(me=sower.person),
            text,
            event=(sower.start(days, hour), hours),
            participants=people.format(me=sower.person),
        )
        for name, user, text, days, hour, hours, people in EVENTS
    ]
    sower.messages(said, {books[name]: count for name, count in UNREAD.items()})


def _attachment(name: str, days: float) -> tuple[str, bytes] | None:
    if (name, days) == ("fleet", 160.2):
        return "tools.csv", b"tool;number\ntorque wrench;2\nheat gun;1\n"
    if (name, days) == ("long", 50):
        return "minutes-3.txt", b"Minutes of the third meeting\n"
    return None
