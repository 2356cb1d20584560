"""Showing an answer to all, and deleting it."""
