#!/bin/sh
# Watson 2.1.0 (td-watson on PyPI, with arrow 1.4.0) keeps a frame as UTC seconds and shows it with
# the offset that the local zone has at the moment of asking, not with the one that it had when the
# frame took place. In a zone with summer time every frame of the other half of the year is shown an
# hour off, in `watson log` as in its --csv, which has no offset beside it; --json has one, and it is
# the wrong one for that day.
#
# Seen in Europe/Paris, asked in November: a frame of 6 July from 09:00 to 10:00 is printed as 08:00
# to 09:00, one of 12 January from 09:00 to 10:00 as it was. Asked in summer it is the other one.
# Expected: 09:00 to 10:00 for both, whenever one asks.
#
# Who imports `watson log --csv` cannot tell what time it was; the frames file can be read exactly.
# Fails when both are right, or both are wrong.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet 'td-watson==2.1.0' 'arrow==1.4.0'
mkdir "$folder/watson"
cat > "$folder/watson/frames" <<'JSON'
[[1783321200, 1783324800, "july", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", [], 1783324800],
 [1768204800, 1768208400, "january", "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb", [], 1768208400]]
JSON
TZ=Europe/Paris WATSON_DIR="$folder/watson" \
    "$folder/venv/bin/watson" log --csv --from 2026-01-01 --to 2026-12-31 > "$folder/log.csv"
cat "$folder/log.csv"
right=$(grep -c ' 09:00:00,2026-.* 10:00:00,' "$folder/log.csv")
lines=$(grep -c '2026-0' "$folder/log.csv")
echo "$lines frames, $right of them at the time at which they took place"
[ "$lines" = 2 ] && [ "$right" = 1 ]
