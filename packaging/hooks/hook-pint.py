"""What PINT opens by name: its tables, and the observatories and models it finds by listing.

PyInstaller's own recipe of this name is for another package, the one for physical units.
"""

from PyInstaller.utils.hooks import collect_data_files, collect_submodules, copy_metadata

datas = collect_data_files("pint", includes=["data/runtime/*"]) + copy_metadata("pint-pulsar")
hiddenimports = [
    *collect_submodules("pint.models"),
    *collect_submodules("pint.observatory"),
]
