"""The console: the screen and what it is made of."""
