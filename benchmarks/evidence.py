"""log p(x) - ELBO against KL(q || p(z|x)) on test digits: `python benchmarks/evidence.py`.

By the library (explorer/evidence.py) and as the page 'Theory' shows it in a real Chromium, for
mnist/vae-2d and the encoder's q. The three figures of a row are quadratures over different points.
Exit status 1 where they differ by more than the bar.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import torch
from playwright.sync_api import Page

from benchmarks.originals import require_originals
from benchmarks.tabs import Tabs, chromium
from explorer.checkpoints import load_checkpoint
from explorer.evidence import Identity, bernoulli_log_likelihood, identity
from explorer.places import checkpoint_root
from tests.browser.live_app import LiveApp

MODEL = "mnist/vae-2d"
DIGITS = 20
BAR = 0.05  # nats
SEARCH_TIMEOUT_MS = 120_000


def by_library() -> list[Identity]:
    """The identity of each digit, for the encoder's q."""
    model = load_checkpoint(MODEL, checkpoint_root()).model
    images = torch.tensor(require_originals()[:DIGITS]).float() / 255
    found = []
    for image in images[:, None, None]:  # (1, 1, H, W) each
        mu, logvar = (part[0].double() for part in model.encode(image))
        found.append(identity(bernoulli_log_likelihood(model, image), mu, logvar))
    return found


def by_page(page: Page, url: str) -> list[Identity]:
    """The same from the page's figures."""
    found = []
    for digit in range(DIGITS):
        page.goto(f"{url}/theory?digit={digit}")
        page.locator('.theory-evidence[data-settled="true"]').wait_for(timeout=SEARCH_TIMEOUT_MS)
        names = ("evidence", "elbo", "toPosterior")
        cells = [page.get_by_test_id(f"figure-{name}") for name in names]
        found.append(Identity(*(float(cell.get_attribute("data-value")) for cell in cells)))
    return found


def main() -> None:
    """Measure and print."""
    argparse.ArgumentParser(description=__doc__.splitlines()[0]).parse_args()
    with torch.no_grad():
        library = by_library()
    with chromium() as browser, LiveApp() as app:
        app.wait_until_healthy()
        shown = by_page(Tabs(browser).open(), app.url)
    print("| digit | log p(x) | gap | KL | page: log p(x) | gap | KL |")
    print("|---|---|---|---|---|---|---|")
    for digit, both in enumerate(zip(library, shown, strict=True)):
        cells = [f"{x:.3f}" for i in both for x in (i.log_evidence, i.gap, i.kl_to_posterior)]
        print(f"| {digit} | {' | '.join(cells)} |")
    worst = {
        "gap against KL, library": max(abs(i.gap - i.kl_to_posterior) for i in library),
        "gap against KL, page": max(abs(i.gap - i.kl_to_posterior) for i in shown),
        "log p(x), page against library": max(
            abs(a.log_evidence - b.log_evidence) for a, b in zip(library, shown, strict=True)
        ),
    }
    for what, difference in worst.items():
        print(f"{what}, worst of {DIGITS}: {difference:.4f} nats (bar {BAR})")
    sys.exit(max(worst.values()) > BAR)


if __name__ == "__main__":
    main()
