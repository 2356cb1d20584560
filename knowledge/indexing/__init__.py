"""Articles to rows of the index, in one transaction, and what that changed."""
