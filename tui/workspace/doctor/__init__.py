"""What may be wrong around the deck: with the terminal, the services, and what is kept here."""
