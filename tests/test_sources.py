"""Whose words a source stands for, told from its own words."""

import pytest

from models import sources


@pytest.mark.parametrize(
    ("source", "whose"),
    [
        ("a statement from the firm", "the firm"),
        ("An earlier statement from the Taiwanese defence ministry", "the Taiwanese defence ministry"),
        ("a statement released by Beijing", "Beijing"),
        ("The website of the Jewish Chronicle", "the Jewish Chronicle"),
        ("A statement read on behalf of the family", "the family"),
        ("a letter from Ms Jones", "Ms Jones"),
        ("a post of minister", "a post of minister"),
        ("the head of state", "the head of state"),
        ("a spokesman for the statement's author", "a spokesman for the statement's author"),
        ("the statement", "the statement"),
    ],
)
def test_a_statement_is_its_issuers(source: str, whose: str) -> None:
    assert source[sources.issuer(source) :] == whose
