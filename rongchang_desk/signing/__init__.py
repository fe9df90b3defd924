"""Keys, certificates and the signed PDF envelope: bytes in, bytes out."""

from rongchang_desk.signing.offline import stay_offline

stay_offline()
