"""Lets pyHanko compare names of certificates at once.

asn1crypto prepares names letter by letter, as RFC 5280, section 7.1 asks, each time that two are
compared or one is looked up: twenty times a file, nearly always the same few. Equal bytes are
equal names without looking further, and what a name was prepared to is remembered. Names of other
bytes are compared by asn1crypto.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from asn1crypto import x509

slow_equal = x509.Name.__eq__
slow_hashable: Any = x509.Name.hashable.fget


def equal(one: Any, other: Any) -> bool:
    """Whether two names are equal: as asn1crypto's comparison."""
    if isinstance(other, x509.Name) and one.dump() == other.dump():
        return True
    return bool(slow_equal(one, other))


@lru_cache(maxsize=512)
def _hashable(der: bytes) -> str:
    return str(slow_hashable(x509.Name.load(der)))


def hashable(name: Any) -> str:
    """What a name is looked up by: as asn1crypto's property."""
    return _hashable(name.dump())


def install() -> None:
    """Make every comparison of names use it, for the whole process."""
    x509.Name.__eq__ = equal
    x509.Name.hashable = property(hashable)
