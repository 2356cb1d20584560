"""The languages that the bot speaks: phrases, days, and one file a language."""
