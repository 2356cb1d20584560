"""Checking a text against the articles: ``/check`` and the commands of a message's menu."""
