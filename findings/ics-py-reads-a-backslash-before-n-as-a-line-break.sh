#!/bin/sh
# ics 0.7.3 (ics.py on PyPI, with TatSu 5.15.1 and arrow 1.4.0) writes a backslash of a text as two,
# as RFC 5545 has it (3.3.11), and reads two backslashes and an n as a backslash and a line break: it
# looks for the signs of a line break first, and for those of a backslash after it. What it wrote
# itself comes back as another text, and so does what any other program wrote.
#
# Seen: "C:\new hull" becomes "C:\", a line break, "ew hull"; "C:\temp" stays what it is. The names of
# categories likewise. icalendar 7.3.2 reads all of them as they were.
# Expected: every text as it was.
#
# Fails when ics reads its own text as it was, or icalendar does not.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet 'ics==0.7.3' 'TatSu==5.15.1' 'arrow==1.4.0' 'icalendar==7.3.2'
cat > "$folder/look.py" <<'PYTHON'
import icalendar
import ics

same = []
for text in ("C:\\temp", "C:\\new hull"):
    event = ics.Event(name=text, begin="2026-01-05 08:00:00", end="2026-01-05 09:00:00")
    event.categories = {text}
    written = ics.Calendar(events=[event]).serialize()
    own = next(iter(ics.Calendar(written).events))
    other = icalendar.Calendar.from_ical(written).walk("VEVENT")[0]
    line = next(one for one in written.splitlines() if one.startswith("SUMMARY"))
    print(f"{text!r} is written {line!r}, read by ics {own.name!r} {sorted(own.categories)!r},"
          f" by icalendar {str(other['SUMMARY'])!r}")
    same.append((own.name == text, own.categories == {text}, str(other["SUMMARY"]) == text))
raise SystemExit(0 if same == [(True, True, True), (False, False, True)] else 1)
PYTHON
"$folder/venv/bin/python" -W ignore "$folder/look.py"
