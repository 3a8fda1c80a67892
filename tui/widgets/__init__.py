"""What the screens are made of: line-drawn widgets that talk up by messages only."""
