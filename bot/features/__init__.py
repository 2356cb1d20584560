"""What the bot does: a package a feature, with its commands, layouts and buttons."""
