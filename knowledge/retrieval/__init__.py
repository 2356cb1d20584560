"""From a question's words to scored passages."""
