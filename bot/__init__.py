"""The faces of Sourcier: Discord, the preview, the console and the command line."""
