"""What pyproject.toml cannot say: the app, its models and lessons go into the package `explorer`.

They lie at the repository's root, where `streamlit run app.py` and a reader look for them; an
installed package has them in `explorer/shipped/` (see `explorer.places`).
"""

from setuptools import find_packages, setup
from setuptools.command.build_py import build_py

SHIPPED = "explorer.shipped"


class BuildWithApp(build_py):
    """Of the scripts at the root only app.py is part of the package."""

    def find_package_modules(self, package: str, package_dir: str) -> list[tuple[str, str, str]]:
        """A package's modules: name of the package, name of the module, file."""
        modules = super().find_package_modules(package, package_dir)
        return [found for found in modules if package != SHIPPED or found[1] == "app"]


setup(
    packages=[*find_packages(include=["explorer", "explorer.*"]), SHIPPED],
    package_dir={SHIPPED: "."},
    package_data={
        "explorer": ["**/*.js", "**/*.css", "**/*.svg", "**/*.md", "**/*.json"],
        SHIPPED: [
            ".streamlit/config.toml",
            "checkpoints/**/*.json",
            "checkpoints/**/*.safetensors",
            "lessons/*.md",
        ],
    },
    cmdclass={"build_py": BuildWithApp},
)
