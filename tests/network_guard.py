"""A guard on sockets: whatever a test does, only this machine is looked up or connected to."""

from __future__ import annotations

import ipaddress
import sys
from typing import Any

__all__ = ["LeftTheMachine", "attempts", "install"]

attempts: list[str] = []
"""What was tried since the list was cleared: an attempt may be caught by what it was made in."""

_ADDRESSES = {"socket.connect": 1, "socket.sendto": 1, "socket.sendmsg": 1}
_NAMES = {"socket.getaddrinfo": 0, "socket.gethostbyname": 0, "socket.gethostbyaddr": 0}


class LeftTheMachine(Exception):
    """Something other than this machine was looked up or connected to."""


def install() -> None:
    """Refuse such attempts in this process for good: Python's audit hooks cannot be removed."""
    sys.addaudithook(_watch)


def _watch(event: str, arguments: tuple[Any, ...]) -> None:
    if event in _ADDRESSES:
        address = arguments[_ADDRESSES[event]]
        host = address[0] if isinstance(address, tuple) else None  # else a Unix socket, or none
    elif event in _NAMES:
        host = arguments[_NAMES[event]]
    else:
        return
    if not _is_here(host):
        attempts.append(f"{event} {host!r}")
        raise LeftTheMachine(attempts[-1])


def _is_here(host: object) -> bool:
    if isinstance(host, bytes):
        host = host.decode()
    if host in (None, "", "localhost"):
        return True
    try:
        address = ipaddress.ip_address(str(host))
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified
