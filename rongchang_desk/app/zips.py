"""What can go wrong with a zip that somebody else made or that was damaged on the way."""

from __future__ import annotations

import zipfile
import zlib

BAD_ZIP = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError)
"""What reading a damaged or strange zip may raise (RuntimeError: an encrypted part)."""
