"""What answers and indexes cost: ``python tests/benchmarks scale [--paragraphs N …]``.

``scale`` measures speed, size, memory and what is found on corpora of several sizes, beside
tantivy, bm25s and SQLite's full text in the same run.
"""

import argparse

from scale import command


def main() -> None:
    """Run the benchmark that is named."""
    parser = argparse.ArgumentParser(prog="python tests/benchmarks")
    named = parser.add_subparsers(required=True)
    scale = named.add_parser("scale", help="speed and size as the index grows, beside others")
    command.add_arguments(scale)
    scale.set_defaults(run=command.run)
    options = parser.parse_args()
    options.run(options)


if __name__ == "__main__":
    main()
