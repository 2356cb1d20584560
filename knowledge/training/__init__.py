"""Everything that fits or generates what the engine reads: ``python -m knowledge.training``.

Nothing at run time imports it, and it is not in the wheel.
"""
