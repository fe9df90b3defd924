"""Rongchang Desk: offline monthly returns for a city's intellectual-property pilot."""

__version__ = "0.1.0"
