from ._native import version
