#!/bin/sh
# icalendar 7.3.2: the end of an event that is given by a DURATION of hours is reckoned on the wall
# clock. RFC 5545 section 3.3.6 has hours, minutes and seconds exact, and only days nominal. Over a
# change of clocks an event of two hours so lasts one hour or three.
#
# Seen: DTSTART;TZID=Europe/Paris:20260329T010000 with DURATION:PT2H has the end 03:00 (UTC+2), which
# is one hour later; DTSTART;TZID=Europe/Paris:20261025T010000 with DURATION:PT2H has the end 03:00
# (UTC+1), which is three hours later; on a day without a change it is two.
# Expected: two hours, always: ends at 04:00 (UTC+2) and 02:00 (UTC+1).
#
# Fails when that is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet 'icalendar==7.3.2' 'tzdata'
cat > "$folder/look.py" <<'PYTHON'
import sys
from datetime import timezone

import icalendar

EVENT = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//finding//EN
BEGIN:VEVENT
UID:1
DTSTAMP:20260101T000000Z
DTSTART;TZID=Europe/Paris:{day}T010000
DURATION:PT2H
SUMMARY:Two hours
END:VEVENT
END:VCALENDAR
"""
lasted = {}
for day in ("20260329", "20261025", "20260610"):
    text = EVENT.format(day=day).replace("\n", "\r\n")
    event = icalendar.Calendar.from_ical(text).walk("VEVENT")[0]
    first, last = (moment.astimezone(timezone.utc) for moment in (event.start, event.end))
    lasted[day] = (last - first).total_seconds() / 3600
    print(day, event.start.isoformat(), "to", event.end.isoformat(), "is", lasted[day], "h")
sys.exit(0 if lasted == {"20260329": 1.0, "20261025": 3.0, "20260610": 2.0} else 1)
PYTHON
"$folder/venv/bin/python" "$folder/look.py"
