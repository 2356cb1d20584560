"""A message to a question: what is asked, of what kind, in which words."""
