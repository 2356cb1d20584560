"""The program: the Discord client, how it runs, and the preview."""
