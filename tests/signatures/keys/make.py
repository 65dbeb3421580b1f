"""Makes the keys and signatures of this folder anew, with OpenSSH and, for what a device would sign, by hand.

    python3 make.py

Needs ssh-keygen 8.2 or newer and the Python package `cryptography`. The secret keys are thrown away.
"""

import base64
import hashlib
import struct
import subprocess
import tempfile
from pathlib import Path

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, utils

HERE = Path(__file__).parent
KEYS = {
    "ed25519": ["ed25519"],
    "rsa": ["rsa", "-b", "2048"],
    "rsa-short": ["rsa", "-b", "1024"],
    "ecdsa-256": ["ecdsa", "-b", "256"],
    "ecdsa-384": ["ecdsa", "-b", "384"],
    "ecdsa-521": ["ecdsa", "-b", "521"],
}


def run(*words):
    subprocess.run(["ssh-keygen", "-q", *map(str, words)], check=True)


def string(data):
    return struct.pack(">I", len(data)) + data


def integer(number):
    data = number.to_bytes((number.bit_length() + 8) // 8, "big")
    return string(data)


def by_device(name, key, application, sign):
    """Writes a public key of a device and what it signs, as PROTOCOL.u2f and PROTOCOL.sshsig of OpenSSH say."""
    public = string(name) + key + string(application)
    digest = hashlib.sha512((HERE / "message").read_bytes()).digest()
    head = string(b"git") + string(b"") + string(b"sha512")
    signed = b"SSHSIG" + head + string(digest)
    said = b"\x01" + struct.pack(">I", 7)
    made = sign(hashlib.sha256(application).digest() + said + hashlib.sha256(signed).digest())
    signature = string(name) + string(made) + said
    whole = b"SSHSIG" + struct.pack(">I", 1) + string(public) + head + string(signature)
    text = base64.b64encode(whole).decode()
    lines = [text[at : at + 70] for at in range(0, len(text), 70)]
    armour = ["-----BEGIN SSH SIGNATURE-----", *lines, "-----END SSH SIGNATURE-----", ""]
    line = f"{name.decode()} {base64.b64encode(public).decode()}\n"
    return line, "\n".join(armour)


def write(name, pair):
    (HERE / f"{name}.pub").write_text(pair[0])
    (HERE / f"{name}.sig").write_text(pair[1])


def devices():
    edwards = ed25519.Ed25519PrivateKey.generate()
    raw = edwards.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    name = b"sk-ssh-ed25519@openssh.com"
    write("sk-ed25519", by_device(name, string(raw), b"ssh:", edwards.sign))
    curve = ec.generate_private_key(ec.SECP256R1())
    point = curve.public_key().public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    )

    def sign(data):
        r, s = utils.decode_dss_signature(curve.sign(data, ec.ECDSA(hashes.SHA256())))
        return integer(r) + integer(s)

    name = b"sk-ecdsa-sha2-nistp256@openssh.com"
    key = string(b"nistp256") + string(point)
    write("sk-ecdsa", by_device(name, key, b"ssh:", sign))


def main():
    message = HERE / "message"
    with tempfile.TemporaryDirectory() as secret:
        for name, kind in KEYS.items():
            key = Path(secret) / name
            run("-t", *kind, "-N", "", "-C", "bob@example.org", "-f", key)
            for purpose, end in [("git", "sig"), ("file", "other-purpose.sig")]:
                if purpose == "git" or name == "ed25519":
                    run("-Y", "sign", "-f", key, "-n", purpose, message)
                    message.with_suffix(".sig").rename(HERE / f"{name}.{end}")
            (HERE / f"{name}.pub").write_text(key.with_suffix(".pub").read_text())
    devices()


if __name__ == "__main__":
    main()
