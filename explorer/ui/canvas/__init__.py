"""The pictures that live in the browser: their JavaScript, their style and a typed wrapper."""
