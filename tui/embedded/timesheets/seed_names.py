"""The people, clients and work of the sample workspace.

Some of it is awkward on purpose: a name of 300 characters, brackets, emoji, an escape sequence,
a cell that a spreadsheet would run. Whoever shows this must cope with it.
"""

from __future__ import annotations

# First name, last name, sex, position, hourly rate, birth date.
USERS = (
    ("Demo", "Owner", "female", "Studio lead", "62.5", "1979-03-14"),
    ("Amara", "Okafor", "female", "Designer", "48", "1988-11-22"),
    ("Jonas", "Lindqvist", "male", "Developer", "57.25", "1985-06-02"),
    ("Priya", "Raman", "female", "Developer", "54.9", "1991-01-30"),
    ("Mateo", "Fuentes", "male", "Rigger", "39.75", "1983-09-09"),
    ("Ilse", "van der Berg", "female", "Survey lead", "51", "1976-12-05"),
    ("Kenji", "Watanabe", "male", "Editor", "44.2", "1994-04-18"),
    ("Sinéad", "O'Brien", "female", "Trainee", "27.35", "2001-07-27"),
)
FORMER = 7
"""Position of the user who has left: not active, work in the first weeks only."""

# Name, description, pay rate, active, positions of its users.
GROUPS = (
    ("Design", "Drawing, film and print", "45", True, (1, 6)),
    ("Engineering", "Software and survey data", "55", True, (0, 2, 3)),
    ("Field crew", "On the water and on site", "40", True, (4, 5)),
    ("Summer 2025", "Trainees who have left", "27", False, (7,)),
)

_LONG = (
    "Gesellschaft zur Förderung, Erhaltung und wissenschaftlichen Erschließung "
    "der historischen Segelschiffe, Leuchttürme, Werften und Hafenanlagen an der "
    "südlichen Ostseeküste einschließlich der vorgelagerten Inseln, Halbinseln und "
    "Bodden gemeinnützige Aktiengesellschaft & Companie "
)
LONG_NAME = (_LONG * 2)[:299] + "G"
HOSTILE_NAME = "[bold red]Ætt & Sønner[/] 🧾⚓ \x1b[31m\u202e<script>"

# Name, phone, city, state, industry, active. None is left out of the answers.
CLIENTS = (
    ("Harbour Film Collective", "4930555010", "Kiel", "SH", "Media", True),
    ("Bayshore Sailing School", "4930555011", "Bayshore", "CA", "Education", True),
    ("Kestrel Instruments", "4930555012", "Bristol", "", "Manufacturing", True),
    (LONG_NAME, "4930555013", "Stralsund", "MV", "Culture", True),
    (HOSTILE_NAME, None, "Tromsø", None, None, True),
    ("Nordic Wind Cooperative", "4930555015", "Aarhus", "", "Energy", True),
    ("Pinehaven Marina", "4930555016", "Pinehaven", "CA", "Tourism", True),
    ("Lumen & Lark", "4930555017", "Lisboa", None, "Media", True),
    ("=2+5 Spreadsheets, Inc.", "4930555018", "Oaktown", "CA", "Finance", True),
    ("Quay Street Bakery", None, "Bristol", "", None, True),
    ("Regatta Office \u201cBlue Ribbon\u201d", "4930555020", "Kiel", "SH", "Sport", True),
    ("Tidewater Logistics", "4930555021", "Rotterdam", None, "Transport", True),
    ("Old Mill Trust", "4930555022", "Oaktown", "CA", "Culture", False),
    ("Vesper Observatory", "4930555023", "La Palma", None, "Science", True),
)
WITHOUT_WORK = 13
"""Position of the client that has no project yet."""

# Name, category, names of tasks. Given to the clients in turn, the first thirteen being under way.
PROJECTS = (
    ("Season film", "Film", ("Storyboard", "Camera days", "Rough cut", "Grading")),
    ("Course booking site", "Web", ("Calendar", "Payments", "Translations", "Acceptance")),
    ("Wind sensor firmware", "Software", ("Driver", "Calibration", "Field test", "Release notes")),
    ("Archive of ship plans", "Survey", ("Scanning", "Catalogue", "Index of persons")),
    ("Web shop [phase 2]", "Web", ("Checkout", "Stock 📦 import", "Invoices as PDF")),
    ("Turbine survey", "Survey", ("Flight plan", "Drone flights", "Point cloud", "Report")),
    ("Berth planner", "Software", ("Data model", "Harbour map", "Guest berths", "Training")),
    ("Spring catalogue", "Print", ("Photography", "Layout", "Proofs", "Press check")),
    ("Ledger migration", "Software", ("Chart of accounts", "Import", "Reconciliation")),
    ("Shop front", "Design", ("Sketches", "Lettering", "Permits")),
    ("Race office 2026", "Software", ("Entry list", "Handicaps", "Results", "Live page")),
    ("Container tracking", "Software", ("Gateway", "Dashboard", "Alarms", "On-call hand-over")),
    ("Mill wheel documentation", "Survey", ("Measuring", "Drawings", "Photographs")),
    ("Festival trailer", "Film", ("Script", "Sound", "Subtitles")),
    ("Instructor handbook", "Print", ("Chapters 1–4", "Chapters 5–9", "Illustrations")),
    ("Calibration bench", "Manufacturing", ("Frame", "Electronics", "Certificate")),
    ("Lighthouse exhibition", "Design", ("Concept", "Panels", "Lighting", "Opening")),
    ("Brand guide", "Design", ("Marks", "Colours", "Templates")),
    ("Offshore cable route", "Survey", ("Bathymetry", "Magnetics", "Chart")),
    ("Fuel dock sensors", "Manufacturing", ("Mounts", "Wiring", "Commissioning", "Spares")),
    ("Showreel", "Film", ("Selection", "Music", "Mix")),
    ("Quarterly reports", "Print", ("Tables", "Typesetting", "Review")),
    ("Oven schedule", "Software", ("Prototype", "Recipes", "Tablet view")),
    ("Buoy drones", "Manufacturing", ("Hull", "Thrusters", "Autopilot", "Sea trial")),
    ("Customs interface", "Software", ("Message formats", "Test bed", "Go-live")),
    ("Roof survey", "Survey", ("Scaffold plan", "Thermal images", "Cost estimate")),
    ("Drone pilot licence", "Education", ("Theory", "Flight hours", "Examination")),
    ("Boat naming party", "Event", ("Guest list", "Catering", "Speeches")),
    ("Telemetry archive", "Software", ("Storage", "Retention", "Search", "Export")),
    ("Winter storage", "Logistics", ("Cradles", "Crane slots", "Covers", "Keys")),
)

ENTRY_COMMENTS = (
    "Waited an hour for the ferry",
    "Client asked for another round",
    "With Jonas, see the sketch in the folder",
    "Half of this was set-up",
    "done & dusted ✔",
    "Please check the break, the clock ran on",
    "[sic] as agreed on the phone",
    "Night tide, could not be moved",
)
TASK_COMMENTS = (
    "Start with the part that the client sees.",
    "The old files are on the blue disk.",
    "Needs a second pair of hands.",
    "Estimate was too low; talk to the client first.",
)
INVOICE_COMMENTS = (
    "Sent by post as well.",
    "Reminder sent.",
    "They pay on the 15th.",
    "Please quote order number 4711/B.",
)

# Name, days as bits (Monday lowest), start, end, holiday, overnight.
SCHEDULES = (
    ("Office hours", 0b0011111, "08:00", "17:59", 0, 0),
    ("Evenings", 0b0011111, "18:00", "21:59", 0, 0),
    ("Night tide", 0b1111111, "22:00", "05:59", 0, 1),
    ("Weekend", 0b1100000, "06:00", "21:59", 0, 0),
    ("Public holidays", 0b1111111, "00:00", "23:59", 1, 0),
)
# Position of the user, position of the schedule, name, amount, unit.
RATES = (
    (0, 1, "Lead, evenings", "78.15", "hours"),
    (0, 3, "Lead, weekend", "93.75", "hours"),
    (2, 0, "Developer, by the day", "452.5", "days"),
    (2, 3, "Developer, weekend", "85.9", "hours"),
    (3, 1, "Developer, evenings", "68.6", "hours"),
    (4, 2, "Rigger, night tide", "1.1975", "minutes"),
    (4, 3, "Rigger, weekend", "59.6", "hours"),
    (5, 4, "Survey, holidays", "102", "hours"),
    (6, 0, "Editor, by the week", "1733.35", "weeks"),
)
