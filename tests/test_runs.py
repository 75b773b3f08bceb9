"""States of unfinished trainings: what is read is what was written, or it is refused."""

import re
from pathlib import Path

import pytest
import torch

from explorer.config import ModelConfig
from explorer.errors import BadSetting
from explorer.runs import has_progress, load_state, save_state, state_path
from explorer.training import FitState, initial_state

CONFIG = ModelConfig(height=2, width=3, latent_dims=2, hidden=(4,))
EPOCH = {
    key: [1.5, 2.5]
    for key in ("train_reconstruction", "train_kl", "test_reconstruction", "test_kl")
}


def make() -> FitState:
    state = initial_state(CONFIG, 0, 2)
    trained = {n: p for n, p in state.parameters.items() if n.startswith("encoder.")}
    for key in ("exp_avg", "exp_avg_sq"):  # as of a loss without a reconstruction
        state.moments[key] = {name: torch.rand_like(p) for name, p in trained.items()}
    state.history.append(EPOCH)
    state.seconds = 0.25
    return state


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = state_path(tmp_path, "digits", "vae-2d", {"seed": 0}, "beta-1")
    assert load_state(path, CONFIG, 2) is None
    assert not has_progress(path.parent)
    save_state(path, make())
    assert has_progress(path.parent)
    return path


def test_what_was_written_is_read(path: Path):
    written, read = make(), load_state(path, CONFIG, 2)
    assert read.history == written.history
    assert read.seconds == written.seconds
    for name, p in written.parameters.items():
        assert torch.equal(read.parameters[name], p)
    assert read.moments.keys() == written.moments.keys()


def test_every_flipped_bit_is_refused(path: Path):
    content = path.read_bytes()
    for position in range(0, len(content), 7):
        path.write_bytes(
            content[:position] + bytes([content[position] ^ 1]) + content[position + 1 :]
        )
        with pytest.raises(BadSetting, match=r"cannot be used: .*--overwrite"):
            load_state(path, CONFIG, 2)
    path.write_bytes(content[:-1])
    with pytest.raises(BadSetting, match="its content is not what was written"):
        load_state(path, CONFIG, 2)


def test_a_state_of_another_architecture_or_family_is_refused(path: Path):
    other = ModelConfig(height=2, width=3, latent_dims=2, hidden=(5,))
    for config, members in ((other, 2), (CONFIG, 1)):
        with pytest.raises(BadSetting, match="its weights are not those of this architecture"):
            load_state(path, config, members)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda s: s.moments.pop("exp_avg"), "lacks Adam's moments"),
        (lambda s: s.moments["exp_avg"].update(x=torch.zeros(2)), "moments are not those"),
        (lambda s: s.history.append({**EPOCH, "test_kl": [1.0]}), "history is not one"),
        (lambda s: s.history.append({**EPOCH, "test_kl": [1.0, float("nan")]}), "history"),
        (lambda s: s.history.append({}), "'train_reconstruction'"),
    ],
)
def test_a_whole_file_with_a_wrong_content_is_refused(path: Path, change, message: str):
    state = make()
    change(state)
    save_state(path, state)
    with pytest.raises(BadSetting, match=re.escape(message)):
        load_state(path, CONFIG, 2)
