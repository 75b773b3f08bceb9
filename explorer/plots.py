"""Arrays to Plotly figures, for what a click or a choice changes. Knows nothing of Streamlit.

What is measured has a shape or a dash of its own, for colours alone cannot be told apart.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go
from plotly.subplots import make_subplots

HEIGHT_PX = 320
TERMS = {"reconstruction": "Reconstruction", "kl": "KL"}  # of a loss: key in a history -> title
SPLITS = {"train": ("dot", "#D55E00"), "test": ("solid", "#0072B2")}  # key -> dash and colour
METRICS = {  # of a checkpoint: key -> name, symbol and colour (Okabe and Ito's)
    "reconstruction": ("reconstruction", "circle", "#0072B2"),
    "kl": ("KL", "square", "#D55E00"),
    "negative_elbo": ("−ELBO", "diamond", "#009E73"),
    "iwae_nll": ("IWAE NLL", "triangle-up", "#CC79A7"),
}


def training_history(history: Sequence[Mapping[str, float]]) -> go.Figure:
    """Reconstruction and KL against the epoch, in nats, on training and test images.

    history has a mapping an epoch: "train_reconstruction", "test_kl" and so on.
    """
    figure = make_subplots(cols=2, subplot_titles=list(TERMS.values()), horizontal_spacing=0.1)
    epochs = list(range(1, len(history) + 1))
    for column, term in enumerate(TERMS, start=1):
        for split, (dash, colour) in SPLITS.items():
            figure.add_scatter(
                x=epochs,
                y=[epoch[f"{split}_{term}"] for epoch in history],
                name=split,
                line={"dash": dash, "color": colour},
                mode="lines",
                legendgroup=split,
                showlegend=column == 1,
                col=column,
                row=1,
            )
    figure.update_xaxes(title="epoch")
    figure.update_yaxes(title="nats", col=1)
    return _styled(figure)


def metrics_against_beta(
    betas: Sequence[float], metrics: Sequence[Mapping[str, float]]
) -> go.Figure:
    """Test metrics of a family's members in nats, in even steps: beta 0 has no logarithm."""
    figure = go.Figure()
    for key, (name, symbol, colour) in METRICS.items():
        figure.add_scatter(
            x=[f"{beta:g}" for beta in betas],
            y=[member[key] for member in metrics],
            name=name,
            mode="lines+markers",
            marker={"symbol": symbol, "size": 9, "color": colour},
            line={"color": colour},
        )
    figure.update_xaxes(title="β", type="category")
    figure.update_yaxes(title="nats", rangemode="tozero")
    return _styled(figure)


def _styled(figure: go.Figure) -> go.Figure:
    return figure.update_layout(
        height=HEIGHT_PX,
        margin={"l": 10, "r": 10, "t": 40, "b": 10},
        hovermode="x unified",
        legend={"orientation": "h", "y": 1.2, "x": 1, "xanchor": "right"},
        font={"size": 16},
    )
