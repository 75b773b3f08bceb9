"""Figures in the pages' sentences: computed from data, or of something that no model changes.

`tests/test_figures.py` does the same for lessons. Every number that is typed into a text of a page
or of the glossary must be covered by a phrase below: a definition, which is compared with the
constant that it is written from, or what needs no data, with the reason.
"""

import math
import re
from pathlib import Path

import pytest

from explorer import completeness, continuity, roulette, verdicts
from explorer.latent import ACTIVE_VARIANCE
from explorer.zoo import zoo
from tests.page_texts import SCRIPTS, Text, page_texts, python_texts, script_texts

# Not of a name (vae-20d, 2-D), a link or an attribute; fractions and multiples in words as well.
NUMBER = re.compile(
    r"(?<![\w#.=/}])(?<![a-z]-)\d+(?:,\d{3})*(?:\.\d+)?(?!-D|\w)|\b(?:half|thirds?|quarters?"
    r"|fifths?|tenths?|hundredths?|twice|eleven|twelve|thirteen|twenty|dozen|hundreds?|thousands?)\b"
)
# A text that is a formula, and what of formulas stands in sentences.
FORMULA = re.compile(r"[½Σ√∂]|[εz]² |exp\(|s\(l\)|max\(0")
SYMBOLS = re.compile(r"<[^>]*>|N\(0, [I1]\)|\dσ²|P/2|\W1/β|1/√L")


def script(file: str) -> str:
    return (SCRIPTS / file).read_text(encoding="utf-8")


def constant(file: str, name: str) -> str:
    """What a script's constant is set to, as it is written there."""
    (value,) = re.findall(rf"const {name} = ([^;]+);", script(file))
    return value


def percent(share: float) -> str:
    return f"{100 * share:g}"


IN_WORDS = {0.25: "a quarter", 0.5: "half", 5: "fifth", 2 / 3: "two of its points in three"}

# What is defined somewhere in the code, and stands so in the texts.
DEFINITIONS = {
    "the judge's rules": [
        f"with a probability above {verdicts.SURE:g}",
        f"more than {percent(verdicts.SURE)} % ",
        f"off the data: more than {percent(verdicts.OFF_DATA)} % sure",
        f"has more than {IN_WORDS[verdicts.OFF_DATA]} of the probability",
        f"of {verdicts.CLASSES}",
        f"{verdicts.CLASSES} where all ten come equally often",
    ],
    "intervals and neighbours of completeness": [
        f"{percent(completeness.INTERVAL)} % interval",
        f"closer than their {IN_WORDS[completeness.NEIGHBOURS]} nearest real neighbour",
    ],
    "walks": [
        f"the largest of {continuity.STEPS} steps",
        f" {continuity.STEPS} equal steps",
        f"one of the {continuity.STEPS} steps",
        f"An even walk has {percent(1 / continuity.STEPS)} %",
        f"above {percent(continuity.JUMP)} %",
        f"more than {IN_WORDS[continuity.JUMP]} of the way",
    ],
    "active units": [f"variance of these means over the test digits is above {ACTIVE_VARIANCE:g}"],
    "samples and rings that are judged": [
        f"{roulette.ANGLES} pictures ",
        f"{roulette.BATCH} more",
    ],
    "the page is of this many dimensions": [
        f"each of the {zoo('mnist')['vae-20d'].model.latent_dims} mean"
    ],
    "the prior's circles": [
        phrase.format(*circles)
        for circles in re.findall(r"of \[(\d), (\d), (\d)\]", script("parts/marks.js"))
        for phrase in ("the prior’s {}, {}, {}σ", "circles on the maps are {}, {} and {} of the")
    ],
    "the colour scale's end": [
        f"≥ {re.findall('high: ([0-9]+)', constant(file, name))[0]} nats"
        for file, name in (
            ("views/machine/loss_panel.js", "PIXEL_SCALE"),
            ("views/theory/symbols.js", "TERM_SCALE"),
        )
    ],
    "mathematics": [
        f"1 nat = {1 / math.log(2):.2f} bits",
        f"{IN_WORDS[2 / 3]} lie within 1σ",
        "mean 0 and width 1",
    ],
}

# What no model can contradict, by the reason.
NEEDS_NO_DATA = {
    "what can be asked for, and where counting begins": [
        "a whole number from 0",
        "they go from 0 to",
        "numbered from 0 to",
        "scenes 1 to",
        "dimensions from 1 to",
        "2 to {} points",
        "1 hand",
        "1 number, in nats",
        "0 to {} nat",
    ],
    "a setting, not a result": [
        "reconstruction alone (β = 0)",
        "at β = 1.",
        "At β = 1 the loss is",
        "epochs at β = 1",
        "the same at σ = 1, less its constant",
        "P = 1 where it is summed",
        "base 2:",
        "mean, z = 0",
        "half the squared error",
        "L = 1",
        "from 0 as ",
        "± 1 and ",
        "± 2 sigma",
        "at 1σ and ",
        "2σ. The ELBO",
        "A step of 1 up",
        "a step of 1 ",
        "per 1 % of the way",
    ],
    "what a scale or a share can be": [
        "1 is perfect",
        "from 0 to 1;",
        "0 only where they are equal",
        "from 0 (black) to 1 (white)",
        "between 0 and 1",
        "the bell curve around 0",
        "grey levels of 255",
        "1 where all are the same",
    ],
    "the name of a figure": ["what 95 % of them stay below", "95 %: {}"],
    "a key": ["**0** to **9**", "0 resets", "0 goes back", "0 shows all of it again"],
    "the first or the second of two": ["ump 1", "ump 2", "Weight of 1"],
}
# Labels that are a text of their own, such as those of an axis.
LABELS = {
    *("0 %", "50 %", "100 %", "< 0.1 %", "> 99 %"),
    *("UMAP 1", "UMAP 2", "principal axis 1", "principal axis 2"),
    *("mu 1", "mu 2", "log sigma^2 1", "log sigma^2 2"),
}
PHRASES = [
    phrase
    for reasons in (DEFINITIONS, NEEDS_NO_DATA)
    for phrases in reasons.values()
    for phrase in phrases
]


def plain(words: str) -> str:
    return words.replace("\u00a0", " ")


def typed_figures(text: Text, phrases: list[str] = PHRASES) -> list[str]:
    """The numbers of a text that no phrase covers, each with what stands around it."""
    words = plain(text.words)
    if words in LABELS or FORMULA.search(words):
        return []
    covered = [
        m.span() for phrase in phrases for m in re.finditer(re.escape(phrase), words, re.IGNORECASE)
    ] + [m.span() for m in SYMBOLS.finditer(words)]
    return [
        f"{text.place}: …{words[max(0, m.start() - 30) : m.end() + 30]}…"
        for m in NUMBER.finditer(words)
        if not any(start <= m.start() and m.end() <= end for start, end in covered)
    ]


TEXTS = page_texts()


def test_no_page_s_sentence_holds_a_typed_figure():
    assert [figure for text in TEXTS for figure in typed_figures(text)] == []


@pytest.mark.parametrize("phrase", PHRASES)
def test_every_phrase_still_stands_in_a_text(phrase: str):
    assert any(phrase.lower() in plain(text.words).lower() for text in TEXTS)


def test_every_label_still_stands_on_a_page():
    assert {plain(text.words) for text in TEXTS} >= LABELS


@pytest.mark.parametrize(
    "words",
    [
        "Codes lie 19 times as far apart.",
        "Their purity is 0.817 here.",
        "Of its samples 30 % are recognised.",
        "the last unit dies at β = 32.2",
        "The judge is more than 80 % sure of one digit",
        "The largest of 50 steps makes the difference.",
        "About half of the walks jump.",
    ],
)
def test_a_typed_figure_is_found(words: str):
    assert len(typed_figures(Text("here", words))) == 1


def test_texts_are_found_in_python(tmp_path: Path):
    path = tmp_path / "page.py"
    path.write_text(
        '"""Not 1 docstring."""\n# nor 2 comments\n'
        "STYLE = 'p { margin: 3px; }'\nsay('of ' '4 digits', f'{share:.1f} of {len(x)}, 5 in all')"
    )
    assert [text.words for text in python_texts(path)] == ["of 4 digits", "{} of {}, 5 in all"]


def test_texts_are_found_in_javascript(tmp_path: Path):
    path = tmp_path / "view.js"
    path.write_text(
        "// not '1'\n/* nor `2` */ const a = b / c;\n"
        "return /['\"]3/.test(d) ? 'it\\'s 4' : \"5 of\";\n"
        "const e = `${ f({ g: `${h} in 6`, i: '}' }) } of \\u2212${j}7`;"
    )
    words = [text.words for text in script_texts(path)]
    assert sorted(words) == sorted(["it\\'s 4", "5 of", "{} in 6", "}", "{} of \u2212{}7"])
