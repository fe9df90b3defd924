"""What happens in a district that several pages must cope with."""

from __future__ import annotations

import shutil
from pathlib import Path

from rongchang_desk.domain.records import HostRole
from tests.district import District


def conflict(district: District) -> tuple[Path, Path]:
    """A1 amends its return on two copies of its desk: two second revisions compete."""
    first = district.report("A1")
    desk = district.desk("A1")
    folder, copy = desk.folder, desk.folder.with_name("A1 copy")
    district._open.pop("A1").close()
    shutil.copytree(folder, copy)
    district.record("A1", district.training("A1", 10))
    one = district.export("A1", amend="漏报一场")
    kept = one.rename(one.with_name("one.pdf"))
    district._open.pop("A1").close()
    shutil.rmtree(folder)
    copy.rename(folder)
    district.record("A1", district.training("A1", 99))
    other = district.export("A1", amend="另一种更正")
    district.take(first, kept, other)
    return kept, other


def same_training(district: District) -> None:
    """A1 and C1 each say they hosted the same training, with 30 and 40 workers."""
    files = []
    for code, workers in (("A1", 30), ("C1", 40)):
        training = district.training(code, workers, topic="商标品牌培训班", venue="文化馆")
        assert training.role is HostRole.HOST
        files.append(district.report(code, training))
    district.take(*files)
