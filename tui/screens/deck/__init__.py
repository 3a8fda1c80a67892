"""What belongs to the whole deck: its commands, connecting, the palette, changes, the sample."""
