"""Being watched from outside: metrics, and whether the bot is alive and ready."""
