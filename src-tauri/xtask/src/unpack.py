"""Takes named members out of an archive: unpack.py ARCHIVE (MEMBER DESTINATION)..."""

import shutil
import sys
import tarfile
import zipfile

archive, pairs = sys.argv[1], list(zip(sys.argv[2::2], sys.argv[3::2]))
if zipfile.is_zipfile(archive):
    opened = zipfile.ZipFile(archive)
    read = opened.open
else:
    opened = tarfile.open(archive)
    read = opened.extractfile
with opened:
    for member, destination in pairs:
        try:
            source = read(member)
        except KeyError:
            sys.exit(f"there is no {member} in it")
        with source, open(destination, "wb") as target:
            shutil.copyfileobj(source, target, 1 << 20)
