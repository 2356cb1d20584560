"""The languages that the bot speaks, days in them, and the words that features share."""
