"""Where folders are: by argument, by the environment, shipped."""

from pathlib import Path

import pytest

from explorer import fixes
from explorer.checkpoints import list_checkpoints, load_checkpoint
from explorer.errors import CheckpointMissing
from explorer.judge import load_judge
from explorer.places import HOME, checkpoint_root, runs_root, training_root
from explorer.statistics import load_statistics


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory that holds nothing, and an environment that says nothing."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("EXPLORER_CHECKPOINTS", raising=False)
    return tmp_path


def test_the_shipped_models_are_found_from_any_folder(elsewhere: Path):
    (elsewhere / "checkpoints").mkdir()  # is not taken for them
    assert "digits/vae-2d" in list_checkpoints()
    assert load_checkpoint("digits/vae-2d").path == HOME / "checkpoints" / "digits" / "vae-2d"
    assert load_judge("digits").dataset == "digits"
    assert load_statistics("digits").mean_image.shape == (8, 8)


def test_the_environment_wins_over_the_shipped_and_an_argument_over_both(
    elsewhere: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("EXPLORER_CHECKPOINTS", str(elsewhere))
    assert checkpoint_root() == training_root() == elsewhere
    with pytest.raises(CheckpointMissing, match=str(elsewhere)):
        load_checkpoint("digits/vae-2d")
    assert load_checkpoint("digits/vae-2d", HOME / "checkpoints").name == "digits/vae-2d"


def test_a_training_writes_where_it_is_started(elsewhere: Path):
    assert training_root().absolute() == elsewhere / "checkpoints"


@pytest.mark.parametrize("out", ["quick", "a/quick", "quick/"])
def test_states_lie_beside_the_folder_that_they_are_trained_for(elsewhere: Path, out: str):
    found = runs_root(Path(out))
    assert found == (elsewhere / out).parent / "runs" / "quick"


def test_a_command_works_where_it_is_read(elsewhere: Path, monkeypatch: pytest.MonkeyPatch):
    own, shipped = Path("own"), HOME / "checkpoints"
    begin = f"cd {HOME} && python train.py --dataset digits --models vae-2d"
    assert fixes.train_command("digits", own, ["vae-2d"]) == f"{begin} --out {elsewhere / own}"
    assert fixes.train_command("digits", shipped, ["vae-2d"]) == begin
    monkeypatch.chdir(HOME)
    begin = "python -m explorer measure vae-2d --dataset digits --store"
    assert fixes.measure_command("digits", ["vae-2d"], own) == f"{begin} --root own"
    assert fixes.measure_command("digits", ["vae-2d"], shipped) == begin


def test_an_installed_command_names_itself(elsewhere: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(fixes, "IS_INSTALLED", True)
    command = fixes.train_command("digits", Path("checkpoints"), ["vae-2d"], overwrite=True)
    assert command == "latent-explorer train --dataset digits --models vae-2d --overwrite"
    command = fixes.measure_command("digits", ["vae-2d"], Path("checkpoints"))
    assert command.endswith(" --store --root checkpoints")


@pytest.mark.parametrize(
    ("dataset", "models", "words"),
    [
        ("digits", ["vae-2d", "kl-2d"], "Train them with `"),
        ("digits", ["mine-2d"], "No row of the zoo trains it: put it into own/digits."),
        ("faces", ["vae-2d"], "faces is none that can be trained here (mnist and digits are)"),
    ],
)
def test_no_command_is_given_that_would_be_refused(dataset: str, models: list[str], words: str):
    said = fixes.how_to_get(dataset, models, Path("own"))
    assert words in said
    assert ("`" in said) == fixes.can_train(dataset, models)
    mended = fixes.how_to_mend(Path("own") / dataset / models[0])
    assert ("`" in mended) == fixes.can_train(dataset, models)
