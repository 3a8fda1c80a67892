"""Random work of several decks through a line that breaks, held against what the services have."""
