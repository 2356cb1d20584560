"""An index while it is asked: made ready, and replaced by a better one."""
