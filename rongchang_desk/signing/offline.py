"""Keeps pyHanko's network clients out of this program, which never goes online.

pyHanko imports aiohttp with its first signer, for time stamps and revocation lists fetched over
the network: that costs every process that signs or verifies 150 ms. Stand-ins take the clients'
place; using one is an error. Receipt by the office is the time stamp here, and its own
revocation list the only one.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

_CLIENTS = {
    "pyhanko.sign.timestamps.aiohttp_client": "HTTPTimeStamper",
    "pyhanko_certvalidator.fetchers.aiohttp_fetchers": "AIOHttpFetcherBackend",
}
"""The modules that import aiohttp, and the class that others import from each."""


class NetworkClient:
    """Stands where a client of pyHanko's would."""

    def __init__(self, *_: Any, **__: Any) -> None:
        raise RuntimeError("this program never goes online")


def stay_offline() -> None:
    """Put the stand-ins in place; a real client that was imported before stays."""
    for module, name in _CLIENTS.items():
        if module not in sys.modules:
            stand_in = ModuleType(module)
            setattr(stand_in, name, NetworkClient)
            sys.modules[module] = stand_in
