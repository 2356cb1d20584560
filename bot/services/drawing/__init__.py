"""Pictures, drawn one at a time in a process of its own.

Drawing takes a core for half a second. In the bot's own process it would halve the speed of all
else that runs there, since only one of its threads runs Python at a time, and what a font makes
of hostile words could not be ended.
"""
