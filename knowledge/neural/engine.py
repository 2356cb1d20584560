"""The engine that runs the models, loaded so that it reports to nobody."""

from __future__ import annotations

import importlib
import os
import signal
import threading
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

__all__ = ["load_engine", "open_session"]

_SLOW = "SkipLayerNormFusion"
"""An optimisation that makes 8-bit networks a quarter slower."""


def load_engine() -> ModuleType:
    """Import onnxruntime with its telemetry switched off, and return the module.

    Left on, the first session writes a device identifier below the user's cache directory and
    looks up a collecting host. The variable is read once, while the native library is loaded; the
    call covers a process in which something else loaded that before. Everything that uses the
    engine gets it from here. Raises ImportError where it is missing or cannot run.
    """
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    with _signals_held():
        engine = importlib.import_module("onnxruntime")
    engine.disable_telemetry_events()
    return engine


def open_session(network: Path) -> Any:  # noqa: ANN401 - untyped
    """Return a session of the network in a file, to run from several threads, each on one core.

    More threads a run only wait for each other as soon as anything else is running.
    """
    engine: Any = load_engine()
    options = engine.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    return engine.InferenceSession(
        str(network), options, providers=["CPUExecutionProvider"], disabled_optimizers=[_SLOW]
    )


@contextmanager
def _signals_held() -> Generator[None]:
    """Let signals that Python handles wait for the end of the context.

    An exception that a handler raises while the native library initialises itself would abort the
    process, or be taken for a library that cannot be loaded.
    """
    held: list[int] = []
    handlers: dict[int, Any] = {}
    if threading.current_thread() is threading.main_thread():  # where alone handlers run
        for number in signal.valid_signals():
            handler = signal.getsignal(number)
            if callable(handler):
                handlers[number] = signal.signal(number, lambda caught, _: held.append(caught))
    try:
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
        for number in held:
            signal.raise_signal(number)
