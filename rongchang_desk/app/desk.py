"""A desk 工作台: one folder with its data, keys, plan and clock.

It belongs to one unit or to the office. A `Desk` is bound to its thread, as its SQLite
connection is; `again()` gives another one on the same folder for a worker thread.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from rongchang_desk.app import holidays
from rongchang_desk.app.clock import Clock, id_maker, system_clock
from rongchang_desk.app.files import make_folder, read_bytes, write_secret, write_whole
from rongchang_desk.domain.month import Month
from rongchang_desk.errors import DeskError, UsageError
from rongchang_desk.store import plans
from rongchang_desk.store.database import Store, create, open_store
from rongchang_desk.store.lock import DeskLock, lock

if TYPE_CHECKING:
    from rongchang_desk.domain.plan import Plan, Unit
    from rongchang_desk.signing.identity import Identity
    from rongchang_desk.signing.trust import Trust


class Role(StrEnum):
    """Whose desk it is."""

    UNIT = "unit"
    OFFICE = "office"


class Desk:
    """An open desk. Close it, or use it in a `with` block."""

    def __init__(
        self,
        folder: Path,
        store: Store,
        *,
        clock: Clock,
        new_id: Callable[[], str] | None = None,
        guard: DeskLock | None = None,
    ) -> None:
        self.folder = folder
        self.store = store
        self.clock = clock
        self.new_id = new_id or id_maker(clock)
        self.role = Role(store.setting("role"))
        self.unit_code = store.setting("unit")
        self._guard = guard
        self._older_plans: dict[str, Plan | None] = {}

    @classmethod
    def open(
        cls,
        folder: Path,
        *,
        clock: Clock = system_clock,
        new_id: Callable[[], str] | None = None,
    ) -> Desk:
        """Open a desk for this process.

        Raises NotADesk, DeskLocked, DeskDamaged, DeskTooNew, CannotWrite.
        """
        folder = folder.absolute()
        if not folder.is_dir():
            raise UsageError(f"找不到文件夹“{folder}”。", "请核对工作台所在的文件夹。")
        guard = None
        if (folder / "desk.sqlite").is_file():
            guard = lock(folder)
        store: Store | None = None
        try:
            store = open_store(folder)
            return cls(folder, store, clock=clock, new_id=new_id, guard=guard)
        except BaseException:
            if store:
                store.close()
            if guard:
                guard.release()
            raise

    @classmethod
    @contextmanager
    def found(
        cls, folder: Path, *, clock: Clock, new_id: Callable[[], str] | None, role: Role, unit: str
    ) -> Iterator[Desk]:
        """Make a new desk; when the block fails, nothing of it remains."""
        folder = folder.absolute()
        fresh = not folder.exists()
        make_folder(folder)
        guard = lock(folder)
        desk: Desk | None = None
        made = False
        try:
            store = create(folder)
            made = True
            store.set_setting("role", role.value)
            store.set_setting("unit", unit)
            desk = cls(folder, store, clock=clock, new_id=new_id, guard=guard)
            yield desk
        except BaseException:
            if desk:
                desk.close()
            else:
                guard.release()
            if made:
                _remove_remains(folder, fresh)
            raise

    def again(self) -> Desk:
        """A second desk on the same folder, for another thread of this process."""
        return Desk(self.folder, open_store(self.folder), clock=self.clock, new_id=self.new_id)

    def close(self) -> None:
        self.store.close()
        if self._guard:
            self._guard.release()
            self._guard = None

    def __enter__(self) -> Desk:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        self.close()

    # -- what it is about ---------------------------------------------------

    @cached_property
    def _plan(self) -> tuple[str, Plan]:
        from rongchang_desk.formats import plan_toml

        digest, body = plans.current(self.store)
        return digest, plan_toml.loads(body)

    @property
    def plan(self) -> Plan:
        """The plan in force."""
        return self._plan[1]

    @property
    def plan_digest(self) -> str:
        """SHA-256 of the plan in force, hex."""
        return self._plan[0]

    def plan_of(self, digest: str) -> Plan | None:
        """The plan a return was made under, in force or older; None when it was never adopted."""
        if digest == self.plan_digest:
            return self.plan
        if digest not in self._older_plans:
            from rongchang_desk.formats import plan_toml

            body = plans.body_of(self.store, digest)
            self._older_plans[digest] = plan_toml.loads(body) if body else None
        return self._older_plans[digest]

    def adopt_plan(self, body: bytes) -> None:
        """Put a plan file in force; raises PlanFileError with all findings when it is wrong."""
        from rongchang_desk.formats import plan_toml

        plan = plan_toml.loads(body)
        with self.store.transaction():
            plans.adopt(self.store, plan_toml.digest(body), plan.version, body, self.now())
            # What a window shows before anything else: it must not wait for the plan to be read.
            self.store.set_setting("plan.first_month", str(plan.first_month))
            self.store.set_setting("plan.last_month", str(plan.last_month))
            self.store.set_setting("plan.due_day", str(plan.due_day))
            self.store.set_setting("plan.office_name", plan.office_name)
            changes = dict.fromkeys(plan.days_off, False) | dict.fromkeys(plan.workdays, True)
            self.store.set_setting("plan.holidays", _written(changes))
            if plan.has_unit(self.unit_code):
                self.store.set_setting("plan.unit_name", plan.unit(self.unit_code).name)
        self.read_plan_again()

    def read_plan_again(self) -> None:
        """Take up the plan that another thread's desk on this folder has put in force."""
        self.__dict__.pop("_plan", None)

    @property
    def unit(self) -> Unit:
        """The unit this desk belongs to; for the office, the unit that seats it."""
        code = self.unit_code if self.role is Role.UNIT else self.plan.office_unit
        return self.plan.unit(code)

    @property
    def title(self) -> str:
        """Who works here, as shown in the window."""
        is_unit = self.role is Role.UNIT
        return self.store.setting("plan.unit_name" if is_unit else "plan.office_name")

    @property
    def months(self) -> tuple[Month, Month]:
        """The first and the last month of the plan in force."""
        first, last = (self.store.setting(f"plan.{at}_month") for at in ("first", "last"))
        return Month.parse(first), Month.parse(last)

    def require(self, role: Role) -> None:
        """Raise UsageError when this is not that kind of desk."""
        if self.role is not role:
            raise UsageError(
                "这是办公室的工作台，不能做单位填报。"
                if role is Role.UNIT
                else "这是单位的工作台，不能做办公室的汇总工作。",
                "请打开对应的工作台文件夹。",
            )

    # -- time ---------------------------------------------------------------

    def now(self) -> datetime:
        return self.clock()

    def today(self) -> date:
        return self.now().date()

    def holiday_overrides(self) -> dict[date, bool]:
        """The desk's own corrections to the holiday calendar (day -> working day)."""
        return self._day_changes("holidays")

    def set_holiday_overrides(self, wanted: Mapping[date, bool]) -> None:
        """Put these corrections of the desk's own in force instead of the ones there are."""
        self.store.set_setting("holidays", _written(wanted))

    def calendar_changes(self) -> dict[date, bool]:
        """What differs here from the published calendar: the plan's days, then the desk's own."""
        return self._day_changes("plan.holidays") | self.holiday_overrides()

    def _day_changes(self, setting: str) -> dict[date, bool]:
        text = self.store.setting(setting)
        if not text or text == "{}":
            return {}
        import msgspec  # not before it is needed: the window asks for the due day as it starts

        return {
            date.fromisoformat(day): works
            for day, works in msgspec.json.decode(text, type=dict[str, bool]).items()
        }

    def due(self, month: Month) -> date:
        """The due date of a month's return."""
        due_day = int(self.store.setting("plan.due_day"))
        return holidays.due(month, due_day, self.calendar_changes())

    def current_month(self) -> Month:
        """The month most people work on now: last month until its due day, then this one."""
        this = Month.of(self.today())
        month = this.previous if self.today() <= self.due(this.previous) else this
        first, last = self.months
        return min(max(month, first), last)

    # -- keys ---------------------------------------------------------------

    @property
    def keys(self) -> Path:
        return self.folder / "keys"

    @property
    def exports(self) -> Path:
        """The folder that signed files go to unless told otherwise."""
        return self.folder / "报出"

    def keep_identity(self, identity: Identity, passphrase: str) -> None:
        """Store the desk's key under a passphrase, and the root beside it."""
        from rongchang_desk.signing.identity import write_identity
        from rongchang_desk.signing.token import TokenKey

        if isinstance(identity.key, TokenKey):
            # A token's key needs its certificate at once; until `token.json` the old file counts.
            self._keep_certificates(identity)
            write_secret(self.token_file, identity.key.dumps())
            (self.keys / "identity.p12").unlink(missing_ok=True)
        else:
            write_secret(self.keys / "identity.p12", write_identity(identity, passphrase))
            self.token_file.unlink(missing_ok=True)
            self._keep_certificates(identity)

    def _keep_certificates(self, identity: Identity) -> None:
        write_whole(self.keys / "root.der", identity.root)
        write_whole(self.keys / "certificate.der", identity.certificate)

    @property
    def request(self) -> Path:
        """The file of a key that waits for the certificate the unit asked for."""
        return self.keys / "request.p12"

    def drop_request(self) -> None:
        """Forget a waiting key: its certificate came, or another key took its place."""
        self.request.unlink(missing_ok=True)
        self.token_request.unlink(missing_ok=True)

    @property
    def token_file(self) -> Path:
        """Says on which token the desk's key is; there is none while the key is in a file."""
        return self.keys / "token.json"

    @property
    def token_request(self) -> Path:
        """Says on which token a key waits for the certificate the unit asked for."""
        return self.keys / "token-request.json"

    def identity(self, passphrase: str) -> Identity:
        """The desk's key; raises WrongPassphrase, CannotRead when its token is not there.

        For a key on a token the passphrase is the token's PIN.
        """
        from rongchang_desk.signing.identity import read_identity, token_identity
        from rongchang_desk.signing.token import loads

        if self.token_file.is_file():
            key = loads(read_bytes(self.token_file)).opened(passphrase)
            return token_identity(key, self.certificate(), self.root())
        return read_identity(read_bytes(self.keys / "identity.p12"), passphrase)

    def certificate(self) -> bytes:
        """The desk's own certificate, DER."""
        return read_bytes(self.keys / "certificate.der")

    def root(self) -> bytes:
        """The office's root certificate, DER."""
        return read_bytes(self.keys / "root.der")

    def trust(self) -> Trust:
        """What signatures are judged against: the pinned root and the newest revocation list."""
        from rongchang_desk.signing.trust import Trust
        from rongchang_desk.store.keys import newest_crl

        return Trust(self.root(), newest_crl(self.store)[1] or None)


def _written(days: Mapping[date, bool]) -> str:
    """Day changes as a setting keeps them; JSON by hand, for msgspec costs the first paint."""
    lines = (f'"{day.isoformat()}":{"true" if works else "false"}' for day, works in days.items())
    return f"{{{','.join(sorted(lines))}}}"


def check_passphrase(passphrase: str) -> None:
    """Refuse a passphrase too short to protect a key; raises UsageError."""
    if len(passphrase) < 8:
        raise UsageError("口令太短，至少 8 个字符。", "建议用三四个词组成一句好记的口令。")


def _remove_remains(folder: Path, fresh: bool) -> None:
    """Take away what a failed founding left; never a file that was there before."""
    import shutil

    if fresh:
        shutil.rmtree(folder, ignore_errors=True)
        return
    shutil.rmtree(folder / "keys", ignore_errors=True)
    for name in ("desk.sqlite", "desk.sqlite-wal", "desk.sqlite-shm", "desk.lock"):
        (folder / name).unlink(missing_ok=True)


def refuse_existing(folder: Path) -> None:
    """Raise DeskError when a folder holds a desk already."""
    if (folder / "desk.sqlite").exists():
        raise DeskError(f"文件夹“{folder}”中已经有一个工作台。", "请换一个空文件夹。")
