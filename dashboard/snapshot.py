"""The snapshot as a browser gets it: a JSON header, then one column after the other.

4 bytes little-endian length of the header, the header, zeros to a multiple of 4, then lon and
lat (Int32), kind, status, zone, route (Uint8). Columns are deflated once for everybody, headers
per person: raw deflate parts that end on a byte can simply follow each other.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass

from dashboard.device_table import DeviceTable

_GZIP_HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
_LEVEL = 3


def pack_columns(devices: DeviceTable) -> bytes:
    """A copy: the table goes on changing while this is compressed."""
    return b"".join(
        (devices.lon.tobytes(), devices.lat.tobytes(), devices.kind, devices.shown,
         devices.zone, devices.route)
    )  # fmt: skip


def pack_header(header: bytes) -> bytes:
    packed = struct.pack("<I", len(header)) + header
    return packed + bytes(-len(packed) % 4)


@dataclass(frozen=True, slots=True)
class Deflated:
    """Bytes beside their raw deflate form, which may only be the last part of a gzip body."""

    plain: bytes
    packed: bytes

    @classmethod
    def of(cls, plain: bytes) -> Deflated:
        compressor = zlib.compressobj(_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
        return cls(plain, compressor.compress(plain) + compressor.flush())

    def gzip_after(self, head: bytes) -> bytes:
        """A whole gzip body of head + these bytes."""
        compressor = zlib.compressobj(_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
        packed = compressor.compress(head) + compressor.flush(zlib.Z_FULL_FLUSH)
        checksum = zlib.crc32(self.plain, zlib.crc32(head))
        size = (len(head) + len(self.plain)) & 0xFFFFFFFF
        return _GZIP_HEADER + packed + self.packed + struct.pack("<LL", checksum, size)
