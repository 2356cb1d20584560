"""Asking: ``/ask``, messages to the bot, answers, and why they are as sure as they are."""
