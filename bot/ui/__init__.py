"""What every layout is made of: containers, Markdown, passages, custom ids."""
