"""Reading: whether a passage answers a question, and where."""
