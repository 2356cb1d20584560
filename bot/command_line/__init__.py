"""The commands that ``sourcier`` has in a terminal."""
