"""The command line ``sourcier``, and the console."""
