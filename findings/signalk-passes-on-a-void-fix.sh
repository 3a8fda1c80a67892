#!/bin/sh
# @signalk/nmea0183-signalk 3.20.1 (node): of an RMC whose status is V, void, position, course and
# speed are passed on as those of one that is valid, and nothing in the delta tells them apart. Its
# GLL and MWV readers drop what is void.
#
# Seen: the same values, the same time, whether the status is A with mode A or V with mode N.
# Expected: none of the void one, as for GLL; or null, by which a delta says that a value ended.
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

const rmc = (status, mode) =>
  read(`GPRMC,120000.00,${status},5420.0000,N,01010.0000,E,5.0,90.0,291126,,,${mode}`);
const gll = (status, mode) => read(`GPGLL,5420.0000,N,01010.0000,E,120000.00,${status},${mode}`);
console.log("RMC void:", rmc("V", "N"));
console.log("GLL valid:", gll("A", "A"), "void:", gll("V", "N"));
const passed = rmc("V", "N").includes("navigation.position") && rmc("V", "N") === rmc("A", "A");
process.exit(passed && gll("A", "A") !== null && gll("V", "N") === null ? 0 : 1);
NODE
node "$folder/look.js"
