"""The engine that runs the models, loaded so that it reports to nobody."""

from __future__ import annotations

import importlib
import os
from types import ModuleType

__all__ = ["load_engine"]


def load_engine() -> ModuleType:
    """Import onnxruntime with its telemetry switched off, and return the module.

    Left on, the first session writes a device identifier below the user's cache directory and
    looks up a collecting host. The variable is read once, while the native library is loaded; the
    call covers a process in which something else loaded that before. Everything that uses the
    engine gets it from here. Raises ImportError where it is missing or cannot run.
    """
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    engine = importlib.import_module("onnxruntime")
    engine.disable_telemetry_events()
    return engine
