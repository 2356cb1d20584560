"""Everything that fits or generates what the engine reads. Nothing at run time imports it."""
