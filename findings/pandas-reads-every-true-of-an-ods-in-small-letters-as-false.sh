#!/bin/sh
# pandas 3.1.1 (with odfpy 1.4.1) reads a cell of an OpenDocument sheet that is a boolean by the
# text that it shows, and by nothing else: `office:boolean-value="true"` is False where the text
# beside it is "true", as a writer may put it there, and True where it is "TRUE".
#
# Seen: a column of true and true, of which the one shown in capital letters alone is True.
# Expected: both; in OpenDocument 1.3 the value of such a cell is that of the attribute.
#
# Fails when that is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet 'pandas==3.1.1' 'odfpy==1.4.1'
cat > "$folder/look.py" <<'PYTHON'
import sys
from pathlib import Path

import pandas
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P

document, table = OpenDocumentSpreadsheet(), Table(name="t")
for text in ("head", "true", "TRUE"):
    row = TableRow()
    kind = {} if text == "head" else {"valuetype": "boolean", "booleanvalue": "true"}
    cell = TableCell(**(kind or {"valuetype": "string"}))
    cell.addElement(P(text=text))
    row.addElement(cell)
    table.addElement(row)
document.spreadsheet.addElement(table)
file = Path(sys.argv[1]) / "a.ods"
document.save(str(file))
found = pandas.read_excel(file, engine="odf")["head"].tolist()
print("true and TRUE, both of the value true, are read as", found)
sys.exit(0 if found == [False, True] else 1)
PYTHON
"$folder/venv/bin/python" "$folder/look.py" "$folder"
