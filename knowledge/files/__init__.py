"""Files that are ours: who may read them, copies beside them, and what kind a file is."""
