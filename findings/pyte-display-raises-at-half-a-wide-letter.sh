#!/bin/sh
# pyte 0.8.2 keeps a letter two cells wide as the letter and an empty cell behind it. When something
# narrow is written over its first half, the empty cell stays alone. `Screen.display` then raises
# IndexError (it asks for the first character of an empty text), and the screen cannot be read until
# that cell is written as well. tmux 3.3a shows a blank there.
#
# A program that paints in several writes, or is read between a new size and its next frame, passes
# through this; whoever reads it by pyte fails now and then, for no fault of the program.
#
# Seen: after a wide letter, home, and "a": IndexError of `display`, while `buffer` has "a" and "".
# Expected: "a" and a blank.
#
# Fails when that is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet 'pyte==0.8.2'
cat > "$folder/look.py" <<'PYTHON'
import sys

import pyte

screen = pyte.Screen(4, 1)
stream = pyte.Stream(screen)
stream.feed("\N{KATAKANA LETTER A}")
print("the letter alone:", screen.display)
stream.feed("\x1b[Ha")
cells = [screen.buffer[0][x].data for x in range(3)]
try:
    read = screen.display
except IndexError as error:
    read = error
print("cells:", cells, "display:", repr(read))
sys.exit(0 if cells == ["a", "", " "] and isinstance(read, IndexError) else 1)
PYTHON
"$folder/venv/bin/python" "$folder/look.py"
