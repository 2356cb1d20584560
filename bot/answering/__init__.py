"""From a question to its answer: who may ask how fast, what was meant, and how it is replied to."""
