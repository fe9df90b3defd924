"""Names compared at once are those that asn1crypto would find equal, and no others."""

from __future__ import annotations

from asn1crypto import x509
from hypothesis import example, given
from hypothesis import strategies as st

from rongchang_desk.signing import quick_names, second_opinion

letters = st.text(st.sampled_from("荣昌区 Aaß\u3000é-'"), min_size=1, max_size=8)
names = st.builds(
    lambda common, unit, printable: x509.Name.build(
        {"common_name": common, "organization_name": unit, "serial_number": "D05"},
        use_printable=printable and (common + unit).isascii() and "'" not in common + unit,
    ),
    letters,
    letters,
    st.booleans(),
)


def again(name: x509.Name) -> x509.Name:
    """The name as another file would hold it."""
    return x509.Name.load(name.dump())


@given(names, names)
@example(
    x509.Name.build({"common_name": "Rongchang  Desk"}),
    x509.Name.build({"common_name": "RONGCHANG desk"}, use_printable=True),
)
def test_both_comparisons_agree_on_any_two_names(one: x509.Name, other: x509.Name) -> None:
    assert quick_names.equal(one, other) == quick_names.slow_equal(one, other)
    assert quick_names.hashable(one) == quick_names.slow_hashable(one)
    assert quick_names.equal(one, again(one))


def test_a_name_is_not_equal_to_what_is_no_name() -> None:
    name = x509.Name.build({"common_name": "区科技局"})
    assert not quick_names.equal(name, None)
    assert not quick_names.equal(name, "区科技局")


def test_pyhanko_uses_it_once_the_second_opinion_is_loaded() -> None:
    assert callable(second_opinion.agrees)
    one = x509.Name.build({"common_name": "区科技局"})
    assert one == again(one)
    assert one != x509.Name.build({"common_name": "区公安局"})
    assert x509.Name.__eq__ is quick_names.equal
