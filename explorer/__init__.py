"""The library under the Latent Space Explorer: maths, models and data of variational autoencoders.

Three floors, imports point down only. The entries (`app.py`, `train.py`, `python -m explorer`) read
flags and start things; `explorer.ui` is the only place that knows Streamlit; everything else in
`explorer` is a plain library for scripts and notebooks. Inside it, `checkpoints`, `latent` and
`palette` work without torch, so that the app opens at once; `models`, `objectives`, `metrics` and
`training` need it.
"""
