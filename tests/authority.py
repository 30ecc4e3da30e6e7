"""A timestamp authority of our own: certificates made for it, and an HTTP server that signs as RFC 3161 says."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from asn1crypto import algos, cms, core, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

_SHA256 = algos.DigestAlgorithm({"algorithm": "sha256"})


class Authority:
    """Its root, its signing certificate, and what it answers. `spoil` changes the hash that it signs."""

    def __init__(self, name: str = "Made authority") -> None:
        self.clock = datetime(2026, 3, 1, 12, tzinfo=UTC)
        self.spoil = self.refuse = False
        root_key, self._key = (rsa.generate_private_key(65537, 2048) for _ in range(2))
        root = _certificate(f"{name} root", f"{name} root", root_key.public_key(), root_key, True)
        self._certificate = _certificate(name, f"{name} root", self._key.public_key(), root_key, False)
        self.roots = root.public_bytes(Encoding.PEM).decode()
        self._chain = [
            asn1_x509.Certificate.load(made.public_bytes(Encoding.DER)) for made in (self._certificate, root)
        ]

    def answer(self, query: bytes) -> bytes:
        """The answer to a request."""
        if self.refuse:
            return bytes(tsp.TimeStampResp({"status": {"status": "rejection"}}).dump())
        asked = tsp.TimeStampReq.load(query)
        imprint = asked["message_imprint"]
        if self.spoil:
            imprint = tsp.MessageImprint({"hash_algorithm": _SHA256, "hashed_message": bytes(32)})
        info = tsp.TSTInfo(
            {
                "version": "v1", "policy": "1.2.3.4", "message_imprint": imprint, "serial_number": 7,
                "gen_time": self.clock, "nonce": asked["nonce"],
            }
        )  # fmt: skip
        token = cms.ContentInfo({"content_type": "signed_data", "content": self._signed(info.dump())})
        return bytes(tsp.TimeStampResp({"status": {"status": "granted"}, "time_stamp_token": token}).dump())

    def _signed(self, content: bytes) -> Any:
        own = self._chain[0]
        signing = {"certs": [{"cert_hash": hashlib.sha256(own.dump()).digest()}]}
        attributes = cms.CMSAttributes(
            [
                {"type": "content_type", "values": ["tst_info"]},
                {"type": "message_digest", "values": [hashlib.sha256(content).digest()]},
                {"type": "signing_certificate_v2", "values": [tsp.SigningCertificateV2(signing)]},
            ]
        )
        signature = self._key.sign(attributes.dump(), padding.PKCS1v15(), hashes.SHA256())
        signer = {
            "version": "v1",
            "sid": {"issuer_and_serial_number": {"issuer": own.issuer, "serial_number": own.serial_number}},
            "digest_algorithm": _SHA256, "signed_attrs": attributes,
            "signature_algorithm": {"algorithm": "sha256_rsa"}, "signature": signature,
        }  # fmt: skip
        return cms.SignedData(
            {
                "version": "v3", "digest_algorithms": [_SHA256], "certificates": self._chain, "signer_infos": [signer],
                "encap_content_info": {"content_type": "tst_info", "content": core.ParsableOctetString(content)},
            }
        )  # fmt: skip


def _certificate(name: str, issuer: str, key: Any, signer: Any, is_root: bool) -> x509.Certificate:
    def named(words: str) -> x509.Name:
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, words)])

    begins = datetime(2026, 1, 1, tzinfo=UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(named(name))
        .issuer_name(named(issuer))
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(begins + timedelta(days=365))
        .add_extension(x509.BasicConstraints(is_root, None), critical=True)
    )
    if not is_root:
        made = made.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
    return made.sign(signer, hashes.SHA256())


@contextmanager
def serving(authority: Authority) -> Iterator[str]:
    """Its address while it answers."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            data = authority.answer(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/tsa"
    finally:
        server.shutdown()
        server.server_close()
