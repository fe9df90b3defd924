"""The layouts in which returns are known: this version's first, then those of older versions.

Take-in draws a return's pages again, so a unit whose program lays them out otherwise could not be
told from a forger. Whoever changes how a return looks keeps the former renderer (with a copy of
what it draws by) and names it here; `tests/unit/documents/test_layouts.py` notices any change.
"""

from __future__ import annotations

from collections.abc import Callable

from rongchang_desk.documents import return_pdf

Renderer = Callable[..., bytes]
"""As `return_pdf.render`."""

LAYOUTS: tuple[Renderer, ...] = (return_pdf.render,)
