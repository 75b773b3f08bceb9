"""The maths of the page 'Machine' against torch: activations, code, picture and loss."""

import numpy as np
import pytest
import torch
from safetensors.numpy import save
from torch import Tensor

from explorer.checkpoints import load_checkpoint
from explorer.models import VAE
from explorer.objectives import bernoulli_reconstruction, kl_per_dimension, reparameterize
from explorer.originals import load_originals
from explorer.ui.server import checkpoint_root, data_root

DIGIT = 5

PASS = """async ([image, noise]) => {
  const { SafetensorsFile } = await import("/maths/safetensors.js");
  const { Encoder } = await import("/maths/encoder.js");
  const { Mlp } = await import("/maths/mlp.js");
  const machine = await import("/maths/machine_pass.js");
  const file = await SafetensorsFile.open("/model.safetensors");
  const read = async (part) => file.read(file.names(part));
  const encoder = Encoder.fromTensors(await read("encoder."), "");
  const decoder = Mlp.fromTensors(await read("decoder."), "decoder.");
  const x = Float32Array.from(image);
  const encoded = machine.encodePass(encoder, x);
  const code = machine.sampledCode(encoded, noise);
  const back = machine.noiseOf(encoded, code);
  const decoded = machine.decodePass(decoder, code);
  const loss = machine.lossOf(decoded.logits, x, encoded);
  const plain = (value) => ArrayBuffer.isView(value) ? Array.from(value) : value;
  const copy = (object) => Object.fromEntries(Object.entries(object).map(
    ([key, value]) => [key, key === "hidden" ? value.map(plain) : plain(value)]));
  return { encoded: copy(encoded), code, back, decoded: copy(decoded), loss: copy(loss) };
}"""


def hidden_by_hooks(network: torch.nn.ModuleList, run: callable) -> list[np.ndarray]:
    """What each hidden layer puts out after ReLU, heard by hooks while `run` runs."""
    heard: list[Tensor] = []
    hooks = [
        layer.register_forward_hook(lambda module, inputs, out: heard.append(torch.relu(out)))
        for layer in list(network)[:-1]
    ]
    run()
    for hook in hooks:
        hook.remove()
    return [values.detach().numpy().ravel() for values in heard]


@pytest.mark.parametrize("name", ["digits/vae-2d", "digits/vae-20d"])
def test_the_pass_and_its_loss_are_the_library_s(modules, name):
    checkpoint = load_checkpoint(name, checkpoint_root())
    model: VAE = checkpoint.model
    tensors = {key: value.numpy() for key, value in model.state_dict().items()}
    modules.served["model.safetensors"] = save(tensors)
    grey = load_originals("digits", data_root())[DIGIT]
    x = torch.tensor(grey / 255, dtype=torch.float32)[None, None]
    noise = torch.randn(checkpoint.codes.mu.shape[1], generator=torch.Generator().manual_seed(4))
    found = modules.evaluate(PASS, [x.flatten().tolist(), noise.tolist()])

    with torch.no_grad():
        mu, logvar = model.encode(x)
        z = reparameterize(mu, logvar, noise[None])
        logits = model.decoder(z)
        encoder_hidden = hidden_by_hooks(model.encoder, lambda: model.encode(x))
        decoder_hidden = hidden_by_hooks(model.decoder, lambda: model.decoder(z))
    for part, expected in (("encoded", encoder_hidden), ("decoded", decoder_hidden)):
        assert len(found[part]["hidden"]) == len(expected) > 0
        for activations, wanted in zip(found[part]["hidden"], expected, strict=True):
            np.testing.assert_allclose(activations, wanted, atol=1e-5)
    np.testing.assert_allclose(found["encoded"]["sigma"], (logvar / 2).exp()[0], rtol=1e-5)
    np.testing.assert_allclose(found["code"], z[0], atol=1e-5)
    np.testing.assert_allclose(found["back"], noise, atol=1e-4)
    np.testing.assert_allclose(found["decoded"]["means"], torch.sigmoid(logits).ravel(), atol=1e-5)

    loss = found["loss"]
    reconstruction = bernoulli_reconstruction(logits, x).item()
    kl = kl_per_dimension(mu, logvar)[0]
    assert loss["reconstruction"] == pytest.approx(reconstruction, abs=1e-3)
    np.testing.assert_allclose(loss["kl"], kl, atol=1e-4)
    assert loss["loss"] == pytest.approx(reconstruction + kl.sum().item(), abs=1e-3)
    assert loss["loss"] == pytest.approx(sum(loss["terms"]) + sum(loss["kl"]), abs=1e-9)


def test_the_floor_is_the_loss_of_a_decoder_that_is_right_everywhere(modules):
    x = torch.tensor([0.0, 1.0, 0.25, 0.5, 0.9])
    inner = x.double().clamp(1e-12, 1 - 1e-12)
    expected = torch.distributions.Bernoulli(inner).entropy().sum().item()
    found = modules.evaluate(
        """async (image) => {
          const { lossOf } = await import("/maths/machine_pass.js");
          const logits = Float32Array.from(image, (x) => Math.log(x / (1 - x)))
            .map((l) => Math.max(-80, Math.min(80, l)));
          return lossOf(logits, Float32Array.from(image), { mu: [0], logvar: [0] });
        }""",
        x.tolist(),
    )
    assert found["floor"] == pytest.approx(expected, abs=1e-6)
    assert found["reconstruction"] == pytest.approx(expected, abs=1e-5)
    assert found["klSum"] == 0


def test_links_are_the_largest_contributions(modules):
    rng = np.random.default_rng(2)
    weight, values = rng.normal(size=(6, 9)), rng.normal(size=9)  # (outputs, inputs)
    values[3] = 0
    targets, each = [4, 1], 3
    links = modules.evaluate(
        """async ([weight, values, targets, each]) => {
          const { strongestLinks } = await import("/maths/strongest_links.js");
          const [outputs, inputs] = [weight.length, values.length];
          const columns = new Float32Array(outputs * inputs);
          weight.forEach((row, o) => row.forEach((w, i) => (columns[i * outputs + o] = w)));
          return strongestLinks({ columns, inputs, outputs }, values, targets, each);
        }""",
        [weight.tolist(), values.tolist(), targets, each],
    )
    sizes = np.abs(weight * values)
    wanted = [(int(i), o) for o in targets for i in np.argsort(-sizes[o])[:each]]
    assert [(link["from"], link["to"]) for link in links] == wanted
    shares = np.array([sizes[o, i] for i, o in wanted])
    np.testing.assert_allclose([link["share"] for link in links], shares / shares.max(), rtol=1e-6)


def test_the_largest_values_come_in_order(modules):
    values = np.random.default_rng(0).normal(size=50)
    found = modules.evaluate(
        """async (values) => {
          const { largest } = await import("/maths/strongest_links.js");
          return [largest(values, 7), largest(values.slice(0, 3), 7), largest([], 7)];
        }""",
        values.tolist(),
    )
    assert found[0] == np.argsort(-values)[:7].tolist()
    assert found[1] == np.argsort(-values[:3]).tolist()
    assert found[2] == []
