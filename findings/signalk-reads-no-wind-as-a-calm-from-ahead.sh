#!/bin/sh
# @signalk/nmea0183-signalk 3.20.1 (node): a valid MWV whose angle and speed are empty, which is what
# an instrument sends that has no wind to tell, becomes a wind of 0 m/s at 0 rad: a calm, dead ahead.
#
# Seen: speedApparent 0 and angleApparent 0, as of a sentence that says 0.0 and 0.0.
# Expected: no value or null, since an empty field of NMEA 0183 is one that is not available; a VTG
# with empty fields gives nothing, too.
#
# Fails when that is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --prefix "$folder" --silent --no-audit --no-fund @signalk/nmea0183-signalk@3.20.1
cat > "$folder/look.js" <<'NODE'
const Parser = require("@signalk/nmea0183-signalk");

function read(body) {
  let sum = 0;
  for (const sign of body) sum ^= sign.charCodeAt(0);
  const line = "$" + body + "*" + sum.toString(16).toUpperCase().padStart(2, "0");
  const delta = new Parser().parse(line);
  return delta === null ? null : JSON.stringify(delta.updates[0].values);
}

const empty = read("IIMWV,,R,,N,A");
const calm = read("IIMWV,0.0,R,0.0,N,A");
const course = read("GPVTG,,T,,M,,N,,K,A");
console.log("MWV empty:", empty);
console.log("MWV calm: ", calm);
console.log("VTG empty:", course);
const zeros = '{"path":"environment.wind.speedApparent","value":0}';
process.exit(empty !== null && empty === calm && empty.includes(zeros) ? 0 : 1);
NODE
node "$folder/look.js"
