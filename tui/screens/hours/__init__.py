"""Import of hours: the screen and what it is made of."""
