"""Widget documents: found, listed, answered."""
