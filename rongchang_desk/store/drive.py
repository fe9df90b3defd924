"""What kind of drive a folder lies on: SQLite's WAL needs shared memory, so a local disk.

On network drives and USB sticks the store uses the slower, safer rollback journal instead.
"""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path, PurePosixPath

_NOT_LOCAL = frozenset(
    "nfs nfs4 cifs smb3 smbfs ncpfs afs 9p ceph glusterfs lustre davfs2 sshfs "
    "vfat msdos exfat fuse fuseblk".split()
)
_OCTAL = re.compile(r"\\([0-7]{3})")
"""How mountinfo writes blanks and backslashes."""
_WINDOWS_REMOVABLE, _WINDOWS_REMOTE = 2, 4


def is_local_disk(folder: Path) -> bool:
    """Whether a folder lies on a fixed local disk; True where that cannot be found out."""
    if sys.platform == "win32":
        import ctypes

        drive = folder.absolute().anchor
        kind = ctypes.windll.kernel32.GetDriveTypeW(drive)
        return kind not in (_WINDOWS_REMOVABLE, _WINDOWS_REMOTE)
    try:
        mounts = Path("/proc/self/mountinfo").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return True
    kind = file_system(os.fspath(folder.resolve()), mounts)
    return kind not in _NOT_LOCAL and not kind.startswith("fuse.")


def file_system(path: str, mountinfo: str) -> str:
    """The type of file system a path lies on, by the text of /proc/self/mountinfo (proc(5))."""
    best, kind = PurePosixPath("/"), ""
    target = PurePosixPath(path)
    for line in mountinfo.splitlines():
        words, _, rest = line.partition(" - ")
        fields = words.split()
        if len(fields) < 5 or not rest:
            continue
        mount = PurePosixPath(_OCTAL.sub(lambda found: chr(int(found[1], 8)), fields[4]))
        if (target == mount or mount in target.parents) and len(mount.parts) >= len(best.parts):
            best, kind = mount, rest.split()[0]
    return kind
