"""Records as rows of a long table: which there are, in what order, and a few of them at a time.

Sorting, filtering and searching happen in SQL only, over row ids; bodies are read a page at a
time. A row id stays a record's own while the store is open.
"""
# ruff: noqa: S608  only words of our own are composed; what people typed is always a value

from __future__ import annotations

import unicodedata
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, fields
from enum import Enum
from itertools import islice

from rongchang_desk.domain.month import Month
from rongchang_desk.domain.records import KINDS, HostRole, Record, Status, Value
from rongchang_desk.formats import return_json
from rongchang_desk.store.database import Store

AT_A_TIME = 500  # values in one statement


class Test(Enum):
    """What a filter asks of a cell."""

    CONTAINS = "contains"  # any of the texts, without regard to width and case
    EMPTY = "empty"
    FILLED = "filled"
    LESS = "<"
    AT_MOST = "<="
    EQUAL = "="
    AT_LEAST = ">="
    MORE = ">"


@dataclass(frozen=True, slots=True)
class Filter:
    """One condition on one field; `texts` are alternatives. Comparisons take the first, as a
    number when the field `is_number`, else as text (days in ISO form)."""

    field: str
    test: Test
    texts: tuple[str, ...] = ()
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class Order:
    """By which field the rows stand; empty cells always last."""

    field: str
    is_down: bool = False
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """Which records, in what order; without an order, as they were entered.

    `key` is a register's code, empty for the kinds without one; `month` None means all months.
    Each of the `words` must stand in the record or in its pinyin initials.
    """

    kind: str
    key: str = ""
    month: Month | None = None
    words: tuple[str, ...] = ()
    filters: tuple[Filter, ...] = field(default=())
    order: Order | None = None


def first(store: Store, query: Query, most: int) -> array[int]:
    """The row ids of the first rows in the order of entry; quick however many there are.

    Only for a query without words, filters and order.
    """
    return _ids(store, query, f" LIMIT {int(most)}")


def all_of(store: Store, query: Query) -> array[int]:
    """The row ids of all rows of a query, in its order; takes a while for many."""
    _teach(store)
    return _ids(store, query, "")


def read(store: Store, row_ids: Iterable[int]) -> dict[int, Record]:
    """The records at some row ids; one that is gone meanwhile is left out."""
    found: dict[int, Record] = {}
    for some in _portions(row_ids):
        marks = ",".join("?" * len(some))
        for row_id, kind, body in store.rows(
            f"SELECT rowid, kind, body FROM record WHERE rowid IN ({marks}) AND deleted_at IS NULL",
            *some,
        ):
            found[row_id] = return_json.record_loads(kind, body.encode())
    return found


def places(store: Store, record_ids: Iterable[str], query: Query) -> dict[int, bool]:
    """The row ids of records, and whether each belongs to the query's kind, key and month and
    is not in the recycle bin; filters and words are not asked."""
    found: dict[int, bool] = {}
    base, values = _base(query)
    for some in _portions(record_ids):
        marks = ",".join("?" * len(some))
        found |= {
            row_id: bool(is_in)
            for row_id, is_in in store.rows(
                f"SELECT rowid, {base} FROM record WHERE id IN ({marks})", *values, *some
            )
        }
    return found


def counts(store: Store, kind: str, month: Month | None) -> dict[str, int]:
    """How many records of a kind there are in a month, or in all, by their key."""
    base, values = ("month = ?", (str(month),)) if month else ("1", ())
    return dict(
        store.rows(
            f"SELECT key, count(*) FROM record WHERE kind = ? AND {base}"
            " AND deleted_at IS NULL GROUP BY key",
            kind,
            *values,
        )
    )


def without_words(store: Store, most: int) -> list[tuple[int, str, Record]]:
    """Row id, time of saving and value of some records whose words are not worked out."""
    return [
        (row_id, saved_at, return_json.record_loads(kind, body.encode()))
        for row_id, saved_at, kind, body in store.rows(
            "SELECT rowid, saved_at, kind, body FROM record WHERE words IS NULL"
            " AND deleted_at IS NULL LIMIT ?",
            most,
        )
    ]


def set_words(store: Store, found: Iterable[tuple[str, int, str]]) -> None:
    """Store words: the text, the row id and the time of saving it was worked out from."""
    with store.transaction():
        store.connection.executemany(
            "UPDATE record SET words = ? WHERE rowid = ? AND saved_at = ?", found
        )


def folded(text: str) -> str:
    """A text for comparing: full-width and half-width, upper and lower case are the same."""
    return unicodedata.normalize("NFKC", text).casefold()


# SQL


def _ids(store: Store, query: Query, limit: str) -> array[int]:
    base, base_values = _base(query)
    wanted, values = [base], list[object](base_values)
    for word in query.words:
        wanted.append("(instr(words, ?) OR (words IS NULL AND instr(folded(body), ?)))")
        values += [word, word]
    for one in query.filters:
        condition, asked = _condition(query.kind, one)
        wanted.append(condition)
        values += asked
    order = "rowid" if query.month else "month, rowid"
    if query.order:
        cell, given = _cell(query.kind, query.order.field)
        if query.order.is_number:
            cell, given = _number(cell, given)
        else:
            cell = f"sort_key({cell})"
        order = f"({cell}) IS NULL, {cell}{' DESC' if query.order.is_down else ''}, rowid"
        values += [*given, *given]
    rows = store.rows(
        f"SELECT rowid FROM record WHERE {' AND '.join(wanted)} ORDER BY {order}{limit}", *values
    )
    return array("q", [row_id for (row_id,) in rows])


def _base(query: Query) -> tuple[str, tuple[str, ...]]:
    """The condition that needs no body."""
    condition = "(kind = ? AND key = ? AND deleted_at IS NULL"
    if query.month is None:
        return f"{condition})", (query.kind, query.key)
    return f"{condition} AND month = ?)", (query.kind, query.key, str(query.month))


_COMPARED = {Test.LESS, Test.AT_MOST, Test.EQUAL, Test.AT_LEAST, Test.MORE}


def _condition(kind: str, asked: Filter) -> tuple[str, list[object]]:
    cell, given = _cell(kind, asked.field)
    match asked.test:
        case Test.EMPTY:
            return f"({cell} IS NULL OR {cell} IN ('', '[]'))", [*given, *given]
        case Test.FILLED:
            return f"{cell} NOT IN ('', '[]')", list(given)
        case Test.CONTAINS:
            any_of = " OR ".join(f"instr(folded({cell}), ?)" for _ in asked.texts)
            return f"({any_of})", [v for text in asked.texts for v in (*given, folded(text))]
    assert asked.test in _COMPARED
    if not asked.is_number:
        return f"({cell} <> '' AND {cell} {asked.test.value} ?)", [*given, *given, asked.texts[0]]
    number, given = _number(cell, given)
    return f"{number} {asked.test.value} CAST(? AS REAL)", [*given, asked.texts[0]]


_LABELS: dict[str, dict[str, str]] = {
    "role": {role.value: role.label for role in HostRole},
    "status": {status.value: status.label for status in Status},
    "campaign": {"1": "是", "0": "否"},
}


def _cell(kind: str, code: str) -> tuple[str, tuple[str, ...]]:
    """SQL for a field's text as it is stored, labels as they are shown, lists in brackets."""
    attributes = {f.name: f.type for f in fields(KINDS[kind])}
    if code in attributes and (kind != "register" or code == "day"):
        if attributes[code] == Value.__name__:
            return _value_of("body", f"$.{code}"), ()
        cell = f"body ->> '$.{code}'"
        if code in _LABELS:
            cases = " ".join(f"WHEN '{k}' THEN '{v}'" for k, v in _LABELS[code].items())
            cell = f"(CASE CAST({cell} AS TEXT) {cases} END)"
        return cell, ()
    holder = {"training": "headcounts", "reading": "values", "register": "fields"}[kind]
    part = "value ->> '$.text'" if kind == "register" else _value_of("value", "$.value")
    return (
        f"(SELECT {part} FROM json_each(body, '$.{holder}') WHERE value ->> '$.code' = ?)",
        (code,),
    )


def _value_of(json: str, path: str) -> str:
    """A value's number, or its state in words."""
    return (
        f"COALESCE({json} ->> '{path}.number', CASE {json} ->> '{path}.state'"
        " WHEN 'not_applicable' THEN '不涉及' END)"
    )


def _number(cell: str, given: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """A cell's number; NULL for an empty cell and 不涉及, which CAST would make 0."""
    return f"(CASE WHEN {cell} GLOB '[0-9.-]*' THEN CAST({cell} AS REAL) END)", (*given, *given)


def _teach(store: Store) -> None:
    store.connection.create_function("folded", 1, _folded_or_none, deterministic=True)
    store.connection.create_function("sort_key", 1, _sort_key, deterministic=True)


def _folded_or_none(text: object) -> str | None:
    return None if text is None else folded(str(text))


def _sort_key(text: object) -> bytes | None:
    """GB 18030 has the usual characters in the order of their pinyin; empty is no text."""
    if text in (None, "", "[]"):
        return None
    return folded(str(text)).encode("gb18030", "replace")


def _portions(values: Iterable[object]) -> Iterator[Sequence[object]]:
    rest = iter(values)
    while some := tuple(islice(rest, AT_A_TIME)):
        yield some
