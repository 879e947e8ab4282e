"""Makes `hashes.bin` from lists of leaked passwords.

    python3 make_hashes.py FILE [FILE ...] > hashes.bin

Every FILE is UTF-8 text with one password per line. A password becomes the *key* under which `mod.rs` looks it up: NFKC,
lower-case, ASCII letters and digits only. The result is the first 8 bytes of the SHA-256 of every key, sorted, without
separators. The same files always give the same result.
"""

import hashlib
import sys
import unicodedata

MIN_KEY_LENGTH = 3  # shorter keys say nothing about a password of 10 characters
HASH_LENGTH = 8


def key(password: str) -> str:
    folded = unicodedata.normalize("NFKC", password).lower()
    return "".join(c for c in folded if c.isascii() and c.isalnum())


def main() -> None:
    keys = set()
    for path in sys.argv[1:]:
        with open(path, encoding="utf-8") as lines:
            keys.update(key(line) for line in lines)
    hashes = {hashlib.sha256(k.encode()).digest()[:HASH_LENGTH] for k in keys if len(k) >= MIN_KEY_LENGTH}
    sys.stdout.buffer.write(b"".join(sorted(hashes)))
    print(f"{len(hashes)} hashes", file=sys.stderr)


main()
