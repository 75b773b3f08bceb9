"""The glossary's file is read strictly, and its words are found where they stand."""

import re
from pathlib import Path

import pytest

from explorer.glossary import read_glossary, term_of, terms_by_word, words_pattern
from explorer.latent import ACTIVE_VARIANCE

GOOD = """# Glossary

## posterior
also: q(z|x), p(z | x)
see: [Theory](theory?section=posterior)

Which codes could have made a picture.

## KL
see: [Beta](beta)

How far apart.
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "glossary.md"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_is_read(tmp_path: Path):
    posterior, kl = read_glossary(write(tmp_path, GOOD))
    assert posterior.words == ("posterior", "q(z|x)", "p(z | x)")
    assert posterior.meaning == "Which codes could have made a picture."
    assert (posterior.see, posterior.page, posterior.state) == (
        "Theory",
        "theory",
        "section=posterior",
    )
    assert (kl.words, kl.state) == (("KL",), "")


@pytest.mark.parametrize(
    ("good", "bad", "told"),
    [
        ("# Glossary\n", "Glossary\n", "glossary.md:1: must be"),
        ("see: [Beta](beta)", "see: beta", "glossary.md:9: needs a line “see:"),
        ("see: [Beta](beta)", "sea: [Beta](beta)", "glossary.md:10: expected “also: …” or “see"),
        ("also: q(z|x), p(z | x)", "also: KL", "glossary.md:9: “KL” already means “posterior”"),
        ("How far apart.", "How far apart.\n\nMore.", "glossary.md:9: needs one paragraph"),
        ("How far apart.", "", "glossary.md:9: needs one paragraph, on one line; has 0"),
    ],
)
def test_a_mistake_is_told_with_its_line(tmp_path: Path, good: str, bad: str, told: str):
    assert good in GOOD
    with pytest.raises(ValueError, match=re.escape(told)):
        read_glossary(write(tmp_path, GOOD.replace(good, bad)))


def test_words_are_found_whole_with_capital_and_plural():
    terms = read_glossary()
    pattern, by_word = re.compile(words_pattern(terms)), terms_by_word(terms)
    text = (
        "Posteriors of N(0, I): 12 nats, −ELBO; at 3σ codes of KL(q‖p) decoded, kls, KLs, coding; "
        "posterior collapse, q(z|x)"
    )
    found = [(match[0], term_of(match[0], by_word).name) for match in pattern.finditer(text)]
    assert found == [
        ("Posteriors", "posterior"),
        ("N(0, I)", "Gaussian"),
        ("nats", "nats"),
        ("−ELBO", "ELBO"),
        ("codes", "code"),
        ("KL", "KL"),
        ("posterior collapse", "posterior collapse"),
        ("q(z|x)", "posterior"),
    ]


def test_every_word_of_the_shipped_glossary_is_found_as_its_term():
    terms = read_glossary()
    pattern, by_word = re.compile(words_pattern(terms)), terms_by_word(terms)
    for term in terms:
        for word in term.words:
            assert pattern.fullmatch(word), word
            assert term_of(word, by_word) is term


def test_the_shipped_meanings_are_two_to_four_sentences_and_say_the_loss_s_sums():
    by_word = terms_by_word(read_glossary())
    for term in by_word.values():
        assert 60 < len(term.meaning) < 420, term.name
    for name in ("beta", "elbo", "loss", "kl", "reconstruction"):
        assert "summed over" in by_word[name].meaning, name
    assert f"above {ACTIVE_VARIANCE:g};" in by_word["active unit"].meaning
