"""A process that makes rows, and fails at the first articles that it is sent."""

from unittest.mock import patch

from knowledge.indexing import row_program

if __name__ == "__main__":
    with patch.object(row_program, "rows_of", side_effect=RuntimeError("a fault of the program")):
        row_program.main()
