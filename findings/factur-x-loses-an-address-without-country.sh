#!/bin/sh
# factur-x 7.8: a party without a country loses its whole address, street, town and post code, in CII
# and in UBL, and nothing is said: generate_xml writes the rest, and the CII passes its schema.
#
# Seen: with {"name": "Buyer", "city": "Stralsund"} as the buyer no address and no Stralsund in the XML.
# Expected: an error, or the address without the country, which the rules then tell (BR-11).
#
# Fails when that is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet 'factur-x==7.8'
cat > "$folder/look.py" <<'PYTHON'
import sys
from copy import deepcopy

from facturx import generate_xml, xml_check_xsd

INVOICE = {
    "BT-1": "1", "BT-2": "2026-03-01", "BT-3": "380", "BT-5": "EUR",
    "BT-106": "100.00", "BT-109": "100.00", "BT-110": "19.00", "BT-112": "119.00",
    "BT-115": "119.00",
    "BG-4": {"name": "Seller", "vat_identifier": "DE907483378", "country_code": "DE",
             "city": "Kiel", "addr_l1": "Street 1", "postcode": "24103"},
    "BG-7": {"name": "Buyer", "country_code": "DE", "city": "Stralsund"},
    "BG-23": [{"BT-116": "100.00", "BT-117": "19.00", "BT-118": "S", "BT-119": "19"}],
    "BG-25": [{"BT-126": "1", "BT-129": "1", "BT-130": "C62", "BT-131": "100.00",
               "BT-146": "100", "BT-151": "S", "BT-152": "19", "BT-153": "Work"}],
}
CII = {"flavor": "factur-x", "level": "en16931", "check_xsd": False, "check_schematron": False}
UBL = CII | {"flavor": "ubl-2.1"}


def made(how, **changes):
    return generate_xml(deepcopy(INVOICE | changes), **how).decode()


homeless = {"name": "Buyer", "city": "Stralsund"}
kept = [("Stralsund" in made(how), "Stralsund" in made(how, **{"BG-7": homeless})) for how in (CII, UBL)]
print("town in the XML with a country, without one (CII, UBL):", kept)
day = {"BT-72": "2026-03-01"}
print("passes its schema:", xml_check_xsd(made(CII, **day, **{"BG-7": homeless}).encode()))
sys.exit(0 if kept == [(True, False)] * 2 else 1)
PYTHON
"$folder/venv/bin/python" "$folder/look.py"
