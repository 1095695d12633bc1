"""Files that pyvo.samp opens as it is imported."""

from PyInstaller.utils.hooks import collect_data_files

datas = collect_data_files("pyvo", includes=["samp/data/*"])
